#include "watch/query_doc.h"

#include "base/utf8.h"
#include "text/fold.h"
#include "text/language.h"

#include <stdlib.h>

/* ---- the item ---- */

/* Codes of three letters, and old ones, are mostly another way to write those of two, as queries have them. */
static struct str
usual_lang(struct arena *arena, struct str lang)
{
	char tag[TEXT_LANGUAGE_BYTES];
	bool two = lang.len < 3 || lang.s[2] == '-' || lang.s[2] == '_';
	if (two && !text_language_withdrawn(lang))
		return lang;
	return text_language_usual(lang, tag) ? arena_cstr(arena, tag) : lang;
}

int
query_doc_init(struct query_doc *d, const struct watch_input *in, const struct watch_tokens *tokens,
    const struct watch_result *names, struct arena *arena, struct err *err)
{
	*d = (struct query_doc){.arena = arena, .in = in, .names = names, .lang = usual_lang(arena, in->lang)};
	d->language = text_stem_language(d->lang);
	for (int i = 0; i < WATCH_FIELD_COUNT; i++) {
		d->fields[i].text = tokens->texts[i];
		d->fields[i].words = tokens->fields[i];
	}
	d->content_repeats_summary = str_eq(in->fields[WATCH_FIELD_SUMMARY], in->fields[WATCH_FIELD_CONTENT]);
	if (!str_empty(in->source) && text_words(arena, in->source, &d->source, err) < 0)
		return -1;
	return arena_check(arena, err);
}

void
query_doc_done(struct query_doc *d)
{
	text_stemmer_free(d->stemmer);
	d->stemmer = NULL;
}

struct text_stemmer *
query_doc_stemmer(struct query_doc *d)
{
	if (d->stemmer == NULL)
		d->stemmer = text_stemmer_new(d->language);
	return d->stemmer;
}

static bool
stem_into(struct query_doc *d, struct str word, struct str *ret)
{
	char stem[TEXT_STEM_BYTES_MAX];
	size_t len = 0;
	if (query_doc_stemmer(d) == NULL || !text_stem(d->stemmer, word, stem, &len))
		return false;
	*ret = arena_str(d->arena, (struct str){stem, len});
	return ret->s != NULL;
}

static struct str
written(const struct query_field *f, size_t word)
{
	const struct text_word *w = &f->words.items[word];
	return (struct str){f->text.s + w->start, w->end - w->start};
}

bool
query_word_is_folded(const struct query_field *f, size_t word)
{
	return str_ieq(written(f, word), text_word_fold(&f->words, &f->words.items[word]));
}

const struct str *
query_doc_stems(struct query_doc *d, enum watch_field field, size_t word)
{
	struct query_field *f = &d->fields[field];
	if (f->stems == NULL && (f->stems = arena_zalloc(d->arena, f->words.count, sizeof *f->stems)) == NULL)
		return NULL;
	struct str *pair = f->stems[word];
	if (pair[1].s != NULL)
		return pair;
	d->stemmed++;
	if (!stem_into(d, written(f, word), &pair[0]))
		return NULL;
	struct str folded = pair[0];
	if (!query_word_is_folded(f, word) && !stem_into(d, text_word_fold(&f->words, &f->words.items[word]), &folded))
		return NULL;
	pair[1] = folded;
	return pair;
}

bool
query_doc_looks(const struct query_doc *d, const struct query_node *leaf, enum watch_field field)
{
	if (!query_looks_at(leaf, field) || d->fields[field].words.count == 0)
		return false;
	return field != WATCH_FIELD_CONTENT || leaf->fields != 0 || !d->content_repeats_summary;
}

size_t
query_doc_words(const struct query_doc *d, const struct query_node *leaf, enum watch_field field)
{
	size_t count = d->fields[field].words.count;
	return leaf->first > 0 && leaf->first < count ? leaf->first : count;
}

const struct watch_hit *
query_doc_hit(const struct query_doc *d, size_t entity)
{
	size_t low = 0, high = d->names ? d->names->hit_count : 0;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (d->names->hits[mid].entity < entity)
			low = mid + 1;
		else
			high = mid;
	}
	return d->names && low < d->names->hit_count && d->names->hits[low].entity == entity ? &d->names->hits[low]
	                                                                                     : NULL;
}

bool
query_doc_span(const struct query_doc *d, enum watch_field field, uint32_t start, uint32_t end, struct query_span *ret)
{
	const struct text_words *w = &d->fields[field].words;
	size_t low = 0, high = w->count;
	while (low < high) { /* the first word that ends behind start */
		size_t mid = low + (high - low) / 2;
		if (w->items[mid].end <= start)
			low = mid + 1;
		else
			high = mid;
	}
	size_t last = low;
	if (low >= w->count || w->items[low].start >= end)
		return false;
	while (last + 1 < w->count && w->items[last + 1].start < end)
		last++;
	*ret = (struct query_span){
	    .field = field, .first = (uint32_t)low, .last = (uint32_t)last, .start = start, .end = end};
	return true;
}

/* ---- lang: feed: source: ---- */

bool
watch_feed_is(struct str want, struct str key, struct str tags)
{
	struct str tag;
	if (query_glob(want, key))
		return true;
	while (str_split(&tags, ' ', &tag)) {
		if (query_glob(want, tag))
			return true;
	}
	return false;
}

struct str
query_doc_host(const struct query_doc *d)
{
	struct str link = d->in->fields[WATCH_FIELD_LINK];
	ptrdiff_t scheme = str_find(link, STR_LIT("://"), 0);
	size_t start = scheme < 0 ? link.len : (size_t)scheme + 3, end = start;
	for (; end < link.len && strchr("/?#", link.s[end]) == NULL; end++) {
		if (link.s[end] == '@')
			start = end + 1;
	}
	struct str host = {link.s + start, end - start}, name;
	return str_split(&host, ':', &name) ? name : STR_NONE;
}

/* A host, or a domain that it lies in. */
static bool
host_is(struct str host, struct str want)
{
	size_t less = host.len - want.len;
	return host.len >= want.len && str_ieq((struct str){host.s + less, want.len}, want) &&
	       (less == 0 || want.s[0] == '.' || host.s[less - 1] == '.');
}

static bool
source_is(const struct query_doc *d, const struct query_node *leaf)
{
	if (memchr(leaf->text.s, '.', leaf->text.len) != NULL && host_is(query_doc_host(d), leaf->text))
		return true;
	const struct query_field f = {.text = d->in->source, .words = d->source};
	for (size_t i = 0; i + leaf->token_count <= f.words.count; i++) {
		size_t k = 0;
		while (k < leaf->token_count && query_word_is(&f, i + k, &leaf->tokens[k], QUERY_FOLD))
			k++;
		if (k == leaf->token_count)
			return true;
	}
	return false;
}

bool
query_doc_is_about(const struct query_doc *d, const struct query_node *leaf)
{
	switch (leaf->about) {
	case QUERY_LANG:
		return text_language_is(d->lang, leaf->text);
	case QUERY_FEED:
		return watch_feed_is(leaf->text, d->in->feed, d->in->tags);
	default:
		return source_is(d, leaf);
	}
}

/* ---- words ---- */

bool
query_glob(struct str pattern, struct str s)
{
	size_t p = 0, i = 0, star = SIZE_MAX, mark = 0;
	while (i < s.len) {
		if (p < pattern.len && pattern.s[p] == '*') {
			star = p++;
			mark = i;
		} else if (p < pattern.len && pattern.s[p] == '?') {
			p++;
			utf8_next(s, &i);
		} else if (p < pattern.len && pattern.s[p] == s.s[i]) {
			p++;
			i++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			utf8_next(s, &mark);
			i = mark;
		} else {
			return false;
		}
	}
	while (p < pattern.len && pattern.s[p] == '*')
		p++;
	return p == pattern.len;
}

/* Whether capitals stand at the same letters; the letters themselves are known to agree. */
static bool
same_case(struct str a, struct str b)
{
	struct text_fold x, y;
	size_t i = 0, k = 0;
	for (;;) {
		bool more_x = false, more_y = false;
		while (!more_x && i < a.len) {
			uint32_t cp = utf8_next(a, &i);
			if (cp != UTF8_INVALID)
				text_fold_cp(cp, &x);
			more_x = cp != UTF8_INVALID && x.kind == TEXT_LETTER;
		}
		while (!more_y && k < b.len) {
			uint32_t cp = utf8_next(b, &k);
			if (cp != UTF8_INVALID)
				text_fold_cp(cp, &y);
			more_y = cp != UTF8_INVALID && y.kind == TEXT_LETTER;
		}
		if (!more_x || !more_y)
			return more_x == more_y;
		if (x.upper != y.upper)
			return false;
	}
}

bool
query_word_is(const struct query_field *f, size_t word, const struct query_token *token, enum query_form form)
{
	const struct text_word *w = &f->words.items[word];
	struct str fold = text_word_fold(&f->words, w), written = {f->text.s + w->start, w->end - w->start};
	if (token->wild)
		return query_glob(token->fold, fold);
	if (token->open)
		return str_starts(fold, token->fold);
	if (!str_eq(fold, token->fold))
		return false;
	switch (form) {
	case QUERY_CASE:
		return same_case(written, token->written);
	case QUERY_EXACT:
		return str_eq(written, token->written);
	default:
		return true;
	}
}

/* ---- places ---- */

bool
query_spans_add(struct arena *arena, struct query_spans *s, const struct query_span *span)
{
	struct query_span *items = arena_grow(arena, s->items, &s->cap, s->count, sizeof *items);
	if (items == NULL)
		return false;
	s->items = items;
	s->items[s->count++] = *span;
	return true;
}

bool
query_spans_append(struct arena *arena, struct query_spans *s, const struct query_spans *more)
{
	for (size_t i = 0; i < more->count; i++) {
		if (!query_spans_add(arena, s, &more->items[i]))
			return false;
	}
	return true;
}

static int
by_place(const void *a, const void *b)
{
	const struct query_span *x = a, *y = b;
	if (x->field != y->field)
		return x->field < y->field ? -1 : 1;
	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	if (x->last != y->last)
		return x->last < y->last ? -1 : 1;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x->end < y->end ? -1 : x->end > y->end;
}

void
query_spans_settle(struct query_spans *s)
{
	size_t kept = 0;
	bool sorted = true;
	for (size_t i = 1; i < s->count && sorted; i++)
		sorted = by_place(&s->items[i - 1], &s->items[i]) < 0;
	if (!sorted)
		qsort(s->items, s->count, sizeof *s->items, by_place);
	for (size_t i = 0; i < s->count; i++) {
		const struct query_span *last = kept > 0 ? &s->items[kept - 1] : NULL;
		const struct query_span *x = &s->items[i];
		if (last == NULL || last->field != x->field || last->first != x->first || last->last != x->last)
			s->items[kept++] = *x;
	}
	s->count = kept < QUERY_SPANS_MAX ? kept : QUERY_SPANS_MAX;
}

void
query_spans_keep(struct query_spans *s, const struct query_spans *within)
{
	size_t kept = 0;
	for (size_t i = 0; i < s->count; i++) {
		if (within == NULL || query_spans_hold(within, &s->items[i]))
			s->items[kept++] = s->items[i];
	}
	s->count = kept;
}

bool
query_spans_hold(const struct query_spans *s, const struct query_span *inner)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct query_span *x = &s->items[i];
		if (x->field == inner->field && x->first <= inner->first && inner->last <= x->last)
			return true;
	}
	return false;
}

size_t
query_spans_apart(const struct query_spans *s)
{
	size_t n = 0;
	const struct query_span *last = NULL;
	for (size_t i = 0; i < s->count; i++) {
		const struct query_span *x = &s->items[i];
		if (last == NULL || x->field != last->field || x->first > last->last) {
			n++;
			last = x;
		}
	}
	return n;
}
