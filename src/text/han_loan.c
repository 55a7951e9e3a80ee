#include "text/han_loan.h"

#include "base/utf8.h"

#include <pthread.h>
#include <stdlib.h>

struct row {
	const char *sounds, *characters;
};

static const struct row rows[] =
    {
#define HAN(sounds, characters) {sounds, characters},
#define HAN_NAME(sounds, characters)
#include "text/han_loan.def"
#undef HAN_NAME
#undef HAN
},
                        names[] = {
#define HAN(sounds, characters)
#define HAN_NAME(sounds, characters) {sounds, characters},
#include "text/han_loan.def"
#undef HAN_NAME
#undef HAN
};

/* Every character of the rows, in order. */
struct letter {
	uint32_t cp;
	const char *sounds;
};
#define LETTERS_MAX 512u
static struct letter letters[LETTERS_MAX];
static size_t letter_count;
static pthread_once_t built = PTHREAD_ONCE_INIT;

static int
by_code(const void *a, const void *b)
{
	const struct letter *x = a, *y = b;
	return x->cp < y->cp ? -1 : x->cp > y->cp;
}

static void
build(void)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str s = str_from(rows[i].characters);
		for (size_t pos = 0; pos < s.len && letter_count < LETTERS_MAX;)
			letters[letter_count++] = (struct letter){utf8_next(s, &pos), rows[i].sounds};
	}
	qsort(letters, letter_count, sizeof *letters, by_code);
}

static const char *
sounds_of(uint32_t cp)
{
	const struct letter key = {.cp = cp}, *found;
	pthread_once(&built, build);
	found = bsearch(&key, letters, letter_count, sizeof *letters, by_code);
	return found != NULL ? found->sounds : NULL;
}

bool
text_han_loan_letter(uint32_t cp)
{
	return sounds_of(cp) != NULL;
}

/* The longest of the names that stands there, which have their own sounds. */
static const struct row *
find_name(struct str rest)
{
	const struct row *best = NULL;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (str_starts(rest, str_from(names[i].characters)) &&
		    (best == NULL || strlen(names[i].characters) > strlen(best->characters)))
			best = &names[i];
	}
	return best;
}

bool
text_han_loan_sounds(struct str folded, struct text_sounds *out)
{
	for (size_t pos = 0; pos < folded.len;) {
		const size_t before = pos;
		const struct row *name = find_name((struct str){folded.s + pos, folded.len - pos});
		const char *sounds = name != NULL ? name->sounds : sounds_of(utf8_next(folded, &pos));
		if (name != NULL)
			pos += strlen(name->characters);
		for (; sounds != NULL && *sounds && out->len + 1u < TEXT_SOUNDS_MAX; sounds++) {
			out->at[out->len] = (unsigned char)before;
			out->s[out->len++] = *sounds;
		}
		if (sounds == NULL || *sounds)
			return false;
	}
	return out->len > 0;
}

/* Characters that have two readings: er of English and German, de of Russian, shi. */
static const struct {
	const char *character, *from, *to;
} readings[] = {{"默", "m@", "mer"}, {"伯", "b@", "ber"}, {"珀", "p@", "per"}, {"瑟", "s@", "ser"}, {"厄", "@", "er"},
    {"勒", "L@", "Ler"}, {"杰", "dZe", "de"}, {"傑", "dZe", "de"}, {"希", "hi", "Si"}};

/* The other reading of the character whose sounds begin there; NULL when it has one, or an l or n behind it leaves no place for the r. */
static const char *
other_reading(const struct text_sounds *s, struct str folded, size_t i, size_t *len)
{
	struct str rest = {folded.s + s->at[i], folded.len - s->at[i]};
	for (size_t k = 0; k < sizeof readings / sizeof *readings; k++) {
		size_t n = strlen(readings[k].from);
		bool begins = i == 0 || s->at[i - 1] != s->at[i];
		char next = i + n < s->len ? s->s[i + n] : '\0';
		if (!begins || !str_starts(rest, str_from(readings[k].character)) || n > s->len - i ||
		    memcmp(s->s + i, readings[k].from, n) != 0 || next == 'L' || next == 'N')
			continue;
		*len = n;
		return readings[k].to;
	}
	return NULL;
}

bool
text_han_loan_otherwise(struct str folded, struct text_sounds *sounds)
{
	const struct text_sounds from = *sounds;
	sounds->len = 0;
	for (size_t i = 0, n; i < from.len; i += n) {
		char next = i + 1 < from.len ? from.s[i + 1] : '\0';
		bool m = from.s[i] == 'N' && (next == 'b' || next == 'p' || next == 'B');
		const char one[2] = {m ? 'm' : from.s[i], '\0'}, *to = other_reading(&from, folded, i, &n);
		if (to == NULL) {
			to = one;
			n = 1;
		}
		if (sounds->len + strlen(to) >= TEXT_SOUNDS_MAX)
			return false;
		for (; *to; to++) {
			sounds->at[sounds->len] = from.at[i];
			sounds->s[sounds->len++] = *to;
		}
	}
	sounds->at[sounds->len] = (unsigned char)folded.len;
	return sounds->len != from.len || memcmp(sounds->s, from.s, from.len) != 0;
}
