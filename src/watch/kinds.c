#include "watch/rule.h"
#include "watch/watch.h"

static const char *const kind_words[] = {[WATCH_PERSON] = "person",
    [WATCH_ORG] = "org",
    [WATCH_PLACE] = "place",
    [WATCH_GROUP] = "group",
    [WATCH_TOPIC] = "topic",
    [WATCH_ALERT] = "watch"};

static const char *const field_words[] = {
#define WATCH_FIELD(name, word) word,
#include "watch/fields.def"
#undef WATCH_FIELD
};

static const char *const family_words[] = {[WATCH_FAMILY_CAPITALISED] = "capitalised",
    [WATCH_FAMILY_ALONE] = "alone",
    [WATCH_FAMILY_AFTER_FULL] = "after-full",
    [WATCH_FAMILY_CONTEXT] = "context",
    [WATCH_FAMILY_NEVER] = "never"};

bool
watch_family_parse(struct str word, enum watch_family *ret)
{
	for (size_t i = 0; i < WATCH_FAMILY_COUNT; i++) {
		if (str_is(word, family_words[i])) {
			*ret = (enum watch_family)i;
			return true;
		}
	}
	return false;
}

const char *
watch_family_word(enum watch_family family)
{
	return family_words[family];
}

const char *
watch_kind_word(enum watch_kind kind)
{
	return kind_words[kind];
}

bool
watch_kind_parse(struct str word, enum watch_kind *ret)
{
	for (size_t i = 0; i < sizeof kind_words / sizeof *kind_words; i++) {
		if (str_is(word, kind_words[i])) {
			*ret = (enum watch_kind)i;
			return true;
		}
	}
	return false;
}

const char *
watch_field_word(enum watch_field field)
{
	return field_words[field];
}

bool
watch_field_parse(struct str word, enum watch_field *ret)
{
	for (size_t i = 0; i < WATCH_FIELD_COUNT; i++) {
		if (str_is(word, field_words[i])) {
			*ret = (enum watch_field)i;
			return true;
		}
	}
	return false;
}

static const char *const rule_words[] = {
#define WATCH_RULE(name, word) word,
#include "watch/rules.def"
#undef WATCH_RULE
};

const char *
watch_rule_word(enum watch_rule rule)
{
	return rule_words[rule];
}

const char *
watch_rule_find(struct str word)
{
	for (size_t i = 0; i < WATCH_RULE_COUNT; i++) {
		if (str_is(word, rule_words[i]))
			return rule_words[i];
	}
	return NULL;
}
