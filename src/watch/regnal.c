#include "watch/regnal.h"

#include <stdlib.h>

#define PARTS_MAX 3u /* words of the name itself */
#define WORDS_MAX (PARTS_MAX + 2u)

enum row_kind { STYLE_ROW, RULER_ROW, ORDINAL_ROW };

static const struct {
	enum row_kind kind;
	const char *number; /* of an ordinal */
	const char *text;
} rows[] = {
#define STYLE(style, forms) {STYLE_ROW, NULL, forms},
#define RULER(names) {RULER_ROW, NULL, names},
#define ORDINAL(number, words) {ORDINAL_ROW, number, words},
#include "watch/regnal.def"
#undef STYLE
#undef RULER
#undef ORDINAL
};
#define ROWS (sizeof rows / sizeof *rows)

struct regnal {
	struct arena arena, scratch;
	struct text_words words[ROWS]; /* codes of languages, and what is said in each behind it */
};

struct regnal *
regnal_open(struct err *err)
{
	struct regnal *r = calloc(1, sizeof *r);
	if (r == NULL) {
		err_oom(err);
		return NULL;
	}
	arena_init(&r->arena, 0);
	arena_init(&r->scratch, 0);
	for (size_t i = 0; i < ROWS; i++) {
		if (text_words(&r->arena, str_from(rows[i].text), &r->words[i], err) < 0) {
			regnal_free(r);
			return NULL;
		}
	}
	return r;
}

void
regnal_free(struct regnal *r)
{
	if (r == NULL)
		return;
	arena_done(&r->arena);
	arena_done(&r->scratch);
	free(r);
}

static struct str
word_of(const struct regnal *r, size_t row, size_t i)
{
	return text_word_fold(&r->words[row], &r->words[row].items[i]);
}

static bool
is_code(const struct regnal *r, size_t row, size_t i)
{
	uint32_t start = r->words[row].items[i].start;
	return start == 0 || rows[row].text[start - 1] == '|';
}

/* The row of this kind that has the word in some language, or ROWS. */
static size_t
row_with(const struct regnal *r, enum row_kind kind, struct str fold)
{
	for (size_t row = 0; row < ROWS; row++) {
		for (size_t i = 0; rows[row].kind == kind && i < r->words[row].count; i++) {
			if (!is_code(r, row, i) && str_eq(word_of(r, row, i), fold))
				return row;
		}
	}
	return ROWS;
}

static size_t
ordinal_row(struct str number)
{
	for (size_t row = 0; row < ROWS; row++) {
		if (rows[row].kind == ORDINAL_ROW && str_is(number, rows[row].number))
			return row;
	}
	return ROWS;
}

bool
regnal_is_number(struct str fold)
{
	for (size_t i = 0; i < fold.len; i++) {
		if (strchr("ivx", fold.s[i]) == NULL)
			return false;
	}
	return fold.len > 0;
}

/* A name while its forms are made in one language. */
struct making {
	const struct regnal *r;
	struct watchlist *list;
	uint32_t name;
	size_t style;              /* a row, or ROWS */
	size_t parts[PARTS_MAX];   /* rows of what it is made of, or ROWS */
	uint32_t own[PARTS_MAX];   /* words of the list */
	uint32_t words[PARTS_MAX]; /* … of the form */
	size_t count;
	uint32_t number; /* LIST_NONE = it has none */
	size_t ordinal;
	struct str lang;
};

static int
intern(struct making *m, size_t row, size_t i, bool capital, uint32_t *ret)
{
	const struct text_word *word = &m->r->words[row].items[i];
	if (list_intern_word(m->list, word_of(m->r, row, i), (enum text_script)word->script, ret) < 0)
		return -1;
	m->list->words[*ret].flags |= capital ? LIST_WORD_LOOSE | LIST_WORD_CAPITAL : 0;
	return 0;
}

/* A path of what stands before the name, the name, and what stands behind it; LIST_NONE = nothing. */
static int
add_path(struct making *m, uint32_t before, uint32_t before_too, uint32_t behind)
{
	uint32_t words[WORDS_MAX + 1];
	uint16_t gaps[WORDS_MAX + 1] = {0};
	size_t n = 0;
	words[n] = before;
	n += before != LIST_NONE;
	words[n] = before_too;
	n += before_too != LIST_NONE;
	for (size_t i = 0; i < m->count; i++)
		words[n++] = m->words[i];
	words[n] = behind;
	n += behind != LIST_NONE;
	for (size_t i = 1; i < n; i++) /* II. Erzsébet */
		gaps[i] = words[i - 1] == m->number && m->number != LIST_NONE ? TEXT_GAP_DOT | TEXT_GAP_SPACE
		                                                              : TEXT_GAP_SPACE;
	return list_add_path(m->list, words, gaps, n, m->name, LIST_FORM_FULL);
}

/* The name alone, of who has one: it counts beside a whole one. */
static int
add_alone(struct making *m)
{
	const uint16_t gap = 0;
	m->list->names[m->name].ruler = true;
	return m->count > 1 ? 0 : list_add_path(m->list, m->words, &gap, 1, m->name, LIST_FORM_BARE);
}

/* The name with a style, and with its number too. In Hungarian the style comes last, in Turkish the number before the name. */
static int
add_styled(struct making *m, uint32_t style)
{
	bool hungarian = str_is(m->lang, "hu"), turkish = str_is(m->lang, "tr");
	if (hungarian)
		return add_path(m, LIST_NONE, LIST_NONE, style) < 0 ? -1 : add_path(m, m->number, LIST_NONE, style);
	if (add_path(m, style, LIST_NONE, LIST_NONE) < 0)
		return -1;
	return turkish ? add_path(m, style, m->number, LIST_NONE) : add_path(m, style, LIST_NONE, m->number);
}

/* The first place behind `from` of what is said in a language in a row, or the row's count. */
static size_t
next_of(const struct making *m, size_t row, struct str lang, size_t from)
{
	bool own = false;
	for (size_t i = 0; i < m->r->words[row].count; i++) {
		if (is_code(m->r, row, i))
			own = str_eq(word_of(m->r, row, i), lang);
		else if (own && i >= from)
			return i;
	}
	return m->r->words[row].count;
}

/* The same in the language of the forms, whose press has a name as in English when the row says nothing else. */
static size_t
next_in(const struct making *m, size_t row, size_t from)
{
	bool none = rows[row].kind == RULER_ROW && next_of(m, row, m->lang, 0) == m->r->words[row].count;
	return next_of(m, row, none ? STR_LIT("en") : m->lang, from);
}

static int
add_forms(struct making *m)
{
	bool hungarian = str_is(m->lang, "hu"), turkish = str_is(m->lang, "tr");
	uint32_t word;
	for (size_t row = m->style, i = 0; row < ROWS && (i = next_in(m, row, i)) < m->r->words[row].count; i++) {
		if (intern(m, row, i, false, &word) < 0 || add_styled(m, word) < 0)
			return -1;
	}
	if (add_alone(m) < 0)
		return -1;
	if (m->number == LIST_NONE)
		return 0;
	if ((hungarian || turkish ? add_path(m, m->number, LIST_NONE, LIST_NONE)
	                          : add_path(m, LIST_NONE, LIST_NONE, m->number)) < 0)
		return -1;
	for (size_t row = m->ordinal, i = 0; row < ROWS && (i = next_in(m, row, i)) < m->r->words[row].count; i++) {
		if (intern(m, row, i, true, &word) < 0 || add_path(m, LIST_NONE, LIST_NONE, word) < 0)
			return -1;
	}
	return 0;
}

/* All ways to say the name from this part on: as the language has it, and as it is listed. */
static int
choose(struct making *m, size_t part)
{
	if (part == m->count)
		return add_forms(m);
	size_t row = m->parts[part];
	for (size_t i = 0; row < ROWS && (i = next_in(m, row, i)) < m->r->words[row].count; i++) {
		if (intern(m, row, i, true, &m->words[part]) < 0 || choose(m, part + 1) < 0)
			return -1;
	}
	m->words[part] = m->own[part];
	return choose(m, part + 1);
}

/* In each language that the row names. */
static int
add_languages(struct making *m, size_t row)
{
	for (size_t i = 0; i < m->r->words[row].count; i++) {
		bool first = is_code(m->r, row, i);
		for (size_t k = 0; first && k < i; k++)
			first = !is_code(m->r, row, k) || !str_eq(word_of(m->r, row, k), word_of(m->r, row, i));
		m->lang = word_of(m->r, row, i);
		if (first && choose(m, 0) < 0)
			return -1;
	}
	return 0;
}

static int
add_all(struct making *m)
{
	size_t row = m->style < ROWS ? m->style : m->parts[0];
	if (row < ROWS)
		return add_languages(m, row);
	m->lang = STR_LIT("en");
	return choose(m, 0);
}

#define NUMBER_MAX 8u

/* The number as it is written in Cyrillic letters that look alike: ІІІ, ХVІ. */
static int
intern_cyrillic(struct watchlist *w, struct str number, uint32_t *ret)
{
	char text[2 * NUMBER_MAX];
	size_t n = 0;
	for (size_t i = 0; i < number.len && i < NUMBER_MAX; i++) {
		struct str letter = number.s[i] == 'i'   ? STR_LIT("і")
		                    : number.s[i] == 'x' ? STR_LIT("х")
		                                         : STR_LIT("v");
		memcpy(text + n, letter.s, letter.len);
		n += letter.len;
	}
	return list_intern_word(w, (struct str){text, n}, TEXT_CYRILLIC, ret);
}

static int
add_name(struct making *m, const struct text_words *words)
{
	struct str last = text_word_fold(words, &words->items[words->count - 1]), fold;
	size_t from = m->style < ROWS, to = words->count - regnal_is_number(last);
	if (to <= from || to - from > PARTS_MAX)
		return 0;
	m->count = to - from;
	m->ordinal = to < words->count ? ordinal_row(last) : ROWS;
	m->number = to < words->count ? list_find_word(m->list, last, text_fold_hash(last)) : LIST_NONE;
	for (size_t i = 0; i < m->count; i++) {
		fold = text_word_fold(words, &words->items[from + i]);
		m->own[i] = list_find_word(m->list, fold, text_fold_hash(fold));
		m->parts[i] = row_with(m->r, RULER_ROW, fold);
		if (m->own[i] == LIST_NONE)
			return 0;
	}
	if (add_all(m) < 0)
		return -1;
	if (m->number == LIST_NONE)
		return 0;
	m->ordinal = ROWS;
	return intern_cyrillic(m->list, last, &m->number) < 0 ? -1 : add_all(m);
}

bool
regnal_may_be(const struct watchlist *w, uint32_t index)
{
	const struct list_name *name = &w->names[index];
	bool western = name->text.len > 0 && (unsigned char)name->text.s[0] < 0xE0; /* no style is in other scripts */
	return name->kind == WATCH_PERSON && name->role == WATCH_ROLE_NAME && name->source == index && western &&
	       name->given == LIST_NONE && name->family == LIST_NONE &&
	       memchr(name->text.s, ' ', name->text.len) != NULL;
}

/* The words of the name, and the row of its style; returns 1 when it has one or a number, else 0. */
static int
read_name(struct regnal *r, const struct watchlist *w, uint32_t name, struct text_words *words, size_t *style,
    struct err *err)
{
	if (!regnal_may_be(w, name))
		return 0;
	arena_reset(&r->scratch);
	if (text_words(&r->scratch, w->names[name].text, words, err) < 0)
		return -1;
	if (words->count < 2)
		return 0;
	*style = row_with(r, STYLE_ROW, text_word_fold(words, &words->items[0]));
	return *style < ROWS || regnal_is_number(text_word_fold(words, &words->items[words->count - 1]));
}

int
regnal_is(struct regnal *r, const struct watchlist *w, uint32_t name, struct err *err)
{
	struct text_words words;
	size_t style;
	return read_name(r, w, name, &words, &style, err);
}

int
regnal_add(struct regnal *r, struct watchlist *w, uint32_t name, struct err *err)
{
	struct text_words words;
	struct making m = {.r = r, .list = w, .name = name};
	int is = read_name(r, w, name, &words, &m.style, err);
	if (is <= 0)
		return is;
	return add_name(&m, &words) < 0 ? err_oom(err) : 0;
}
