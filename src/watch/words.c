#include "watch/watch.h"

static const char *const kinds[] = {
    [WATCH_PERSON] = "person", [WATCH_ORG] = "org", [WATCH_PLACE] = "place", [WATCH_GROUP] = "group", [WATCH_TOPIC] = "topic",
};

static const char *const fields[WATCH_FIELD_COUNT] = {
#define WATCH_FIELD(name, word) [WATCH_FIELD_##name] = word,
#include "watch/fields.def"
#undef WATCH_FIELD
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* The index of a word, or -1. */
static int
find(const char *const *words, size_t count, struct str word)
{
	for (size_t i = 0; i < count; i++) {
		if (str_is(word, words[i]))
			return (int)i;
	}
	return -1;
}

const char *
watch_kind_word(enum watch_kind kind)
{
	return kinds[kind];
}

bool
watch_kind_parse(struct str word, enum watch_kind *ret)
{
	int i = find(kinds, COUNT(kinds), word);
	if (i >= 0)
		*ret = (enum watch_kind)i;
	return i >= 0;
}

const char *
watch_field_word(enum watch_field field)
{
	return fields[field];
}

bool
watch_field_parse(struct str word, enum watch_field *ret)
{
	int i = find(fields, COUNT(fields), word);
	if (i >= 0)
		*ret = (enum watch_field)i;
	return i >= 0;
}
