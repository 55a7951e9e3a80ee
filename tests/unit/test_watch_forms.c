/*
 * Names in all their forms, from files of invented names and texts in which every mention is marked (tests/unit/names):
 * forms.txt has a few lines for each of many names, report.txt is one watchlist and a long report in many languages. A list and its
 * texts stand in one block:
 *
 *     @ ID KIND LANG NAME       a name of the list; an id may have several
 *     - ID not|context|form TEXT, - ID family RULE, - ID member MEMBER, - * exclude TEXT
 *     LANG a text with {marks} of the first id, or {ID|marks} of another, or {ID+GROUP|marks} of both; \n is a line break, \u{AD} a
 *     character
 *
 * What is found must be exactly what is marked: id, beginning and end. All mistakes of a file are told at once.
 */
#include "base/utf8.h"
#include "watch_fixture.h"

#include <stdio.h>

#define SPANS_MAX 64

struct span {
	struct str id;
	uint32_t start, end;
	bool met;
};

struct tally {
	unsigned names, texts, marks, found, missed, invented;
};

static struct buf told;
static struct str first_id;

static struct str
next_word(struct str *rest)
{
	size_t n = 0;
	while (n < rest->len && rest->s[n] != ' ')
		n++;
	struct str word = {rest->s, n};
	rest->s += n + (n < rest->len);
	rest->len -= n + (n < rest->len);
	return word;
}

static void
add_listed(struct str rest)
{
	struct err err;
	enum watch_kind kind;
	struct str id = next_word(&rest), word = next_word(&rest), lang = next_word(&rest);
	ck_assert_msg(watch_kind_parse(word, &kind), "kind %.*s", STR_ARG(word));
	if (str_empty(first_id))
		first_id = id;
	int r = watch_add(fx.builder, id, kind, lang, rest, (struct watch_origin){STR_NONE, 0}, &err);
	ck_assert_msg(r == 0, "%.*s: %s", STR_ARG(rest), r < 0 ? err.msg : "");
}

static void
add_rule(struct str rest)
{
	static const struct {
		const char *word;
		enum watch_role role;
	} roles[] = {{"not", WATCH_ROLE_NOT}, {"context", WATCH_ROLE_CONTEXT}, {"form", WATCH_ROLE_FORM}};
	const struct watch_origin nowhere = {STR_NONE, 0};
	struct err err = {0};
	struct str id = next_word(&rest), what = next_word(&rest);
	enum watch_family family;
	int r = -1;
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
		if (str_is(what, roles[i].word))
			r = watch_add_role(fx.builder, id, roles[i].role, rest, nowhere, &err);
	}
	if (str_is(what, "exclude"))
		r = watch_exclude(fx.builder, rest, nowhere, &err);
	if (str_is(what, "member"))
		r = watch_add_member(fx.builder, id, rest, nowhere, &err);
	if (str_is(what, "family") && watch_family_parse(rest, &family))
		r = watch_set_family(fx.builder, id, family, &err);
	ck_assert_msg(r == 0, "%.*s %.*s: %s", STR_ARG(what), STR_ARG(rest), err.msg);
}

static size_t
put_escape(struct buf *out, struct str s, size_t at)
{
	char utf8[4];
	unsigned cp = 0;
	size_t i = at + 3;
	if (s.s[at + 1] == 'n') {
		buf_putc(out, '\n');
		return at + 2;
	}
	for (; i < s.len && s.s[i] != '}'; i++)
		cp = cp * 16 + (unsigned)(strchr("0123456789ABCDEF", s.s[i]) - "0123456789ABCDEF");
	buf_add(out, utf8, utf8_put(cp, utf8));
	return i + 1;
}

/* The text without its marks, and where they are. */
static size_t
read_marks(struct str s, struct buf *out, struct span *spans)
{
	size_t count = 0, open_marks = 0;
	bool open = false;
	for (size_t i = 0; i < s.len;) {
		if (s.s[i] == '\\') {
			i = put_escape(out, s, i);
		} else if (s.s[i] == '{') {
			struct str rest = {s.s + i + 1, s.len - i - 1};
			ptrdiff_t bar = str_find(rest, STR_LIT("|"), 0), end = str_find(rest, STR_LIT("}"), 0);
			bool named = bar >= 0 && bar < end;
			ck_assert(count + 1 < SPANS_MAX && !open);
			open = true;
			struct str id = named ? (struct str){rest.s, (size_t)bar} : first_id, group = id;
			ptrdiff_t plus = str_find(id, STR_LIT("+"), 0);
			if (plus >= 0) {
				group = (struct str){id.s + plus + 1, id.len - (size_t)plus - 1};
				id.len = (size_t)plus;
				spans[count++] = (struct span){.id = group, .start = (uint32_t)buf_view(out).len};
			}
			open_marks = plus >= 0 ? 2 : 1;
			spans[count++] = (struct span){.id = id, .start = (uint32_t)buf_view(out).len};
			i += 1 + (named ? (size_t)bar + 1 : 0);
		} else if (s.s[i] == '}') {
			ck_assert(open);
			open = false;
			for (size_t k = 1; k <= open_marks; k++)
				spans[count - k].end = (uint32_t)buf_view(out).len;
			i++;
		} else {
			buf_putc(out, s.s[i++]);
		}
	}
	ck_assert(!open);
	return count;
}

static void
tell(struct str lang, struct str text, const char *what, struct str id, uint32_t start, uint32_t end)
{
	char line[256];
	snprintf(line, sizeof line, "%s %.*s: %.*s\n  ", what, STR_ARG(id), (int)(end - start), text.s + start);
	buf_puts(&told, line);
	buf_str(&told, lang);
	buf_putc(&told, ' ');
	buf_str(&told, text);
	buf_putc(&told, '\n');
}

static bool
meets(struct span *spans, size_t count, struct str id, const struct watch_mention *m)
{
	for (size_t i = 0; i < count; i++) {
		struct span *s = &spans[i];
		if (!s->met && str_eq(s->id, id) && s->start == m->start && s->end == m->end)
			return s->met = true;
	}
	return false;
}

static void
check_text(struct str lang, struct str marked, struct tally *t)
{
	struct span spans[SPANS_MAX];
	struct buf text;
	struct err err;
	buf_init(&text, 0);
	size_t count = read_marks(marked, &text, spans);
	struct watch_input in = {.lang = lang};
	in.fields[WATCH_FIELD_SUMMARY] = buf_view(&text);
	ck_assert_int_eq(watch_match(fx.list, &in, &fx.arena, &fx.result, &err), 0);
	for (size_t i = 0; i < fx.result.hit_count; i++) {
		const struct watch_hit *hit = &fx.result.hits[i];
		struct str id = watchlist_entity(fx.list, hit->entity)->id;
		for (size_t k = 0; k < hit->mention_count; k++) {
			const struct watch_mention *m = &hit->mentions[k];
			if (meets(spans, count, id, m))
				t->found++;
			else if (++t->invented)
				tell(lang, buf_view(&text), "invented", id, m->start, m->end);
		}
	}
	for (size_t i = 0; i < count; i++) {
		if (!spans[i].met && ++t->missed)
			tell(lang, buf_view(&text), "missed", spans[i].id, spans[i].start, spans[i].end);
	}
	t->marks += (unsigned)count;
	t->texts++;
	buf_done(&text);
	arena_reset(&fx.arena);
}

static void
begin_block(void)
{
	struct err err;
	if (fx.builder == NULL)
		return;
	fx.list = watch_compile(fx.builder, &err);
	ck_assert_ptr_nonnull(fx.list);
	watch_builder_free(fx.builder);
	fx.builder = NULL;
}

static void
end_block(void)
{
	watch_builder_free(fx.builder);
	watchlist_free(fx.list);
	fx.list = NULL;
	fx.builder = watch_builder_new();
	first_id = STR_NONE;
}

static void
take_line(struct str line, struct tally *t)
{
	if (line.len == 0) {
		end_block();
		return;
	}
	struct str rest = line, word = next_word(&rest);
	if (str_is(word, "#"))
		return;
	if (str_is(word, "@")) {
		t->names++;
		add_listed(rest);
	} else if (str_is(word, "-")) {
		add_rule(rest);
	} else {
		begin_block();
		check_text(word, rest, t);
	}
}

static struct tally
check_file(const char *name)
{
	struct tally t = {0};
	char path[4096], *line = NULL;
	const char *top = getenv("top_srcdir");
	size_t cap = 0;
	ssize_t n;
	struct arena lines;

	snprintf(path, sizeof path, "%s/tests/unit/names/%s", top != NULL ? top : ".", name);
	FILE *f = fopen(path, "r");
	ck_assert_msg(f != NULL, "%s", path);
	arena_init(&lines, 0);
	buf_init(&told, 0);
	while ((n = getline(&line, &cap, f)) >= 0)
		take_line(arena_str(&lines, (struct str){line, (size_t)n - (n > 0 && line[n - 1] == '\n')}), &t);
	free(line);
	fclose(f);
	end_block();
	ck_assert_msg(t.missed + t.invented == 0,
	    "%u names, %u texts, %u marks: %u found, %u missed, %u invented\n%.*s", t.names, t.texts, t.marks, t.found,
	    t.missed, t.invented, STR_ARG(buf_view(&told)));
	arena_done(&lines);
	buf_done(&told);
	return t;
}

START_TEST(test_each_form_of_each_name_is_found)
{
	struct tally t = check_file("forms.txt");
	ck_assert_uint_ge(t.names, 200); /* that the file was read */
	ck_assert_uint_ge(t.found, 700);
}
END_TEST

START_TEST(test_every_mention_of_a_report_is_found_and_none_invented)
{
	struct tally t = check_file("report.txt");
	ck_assert_uint_ge(t.names, 50);
	ck_assert_uint_ge(t.texts, 40);
	ck_assert_uint_ge(t.found, 150);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, fixture_setup, fixture_teardown);
	tcase_add_test(tc, test_each_form_of_each_name_is_found);
	tcase_add_test(tc, test_every_mention_of_a_report_is_found_and_none_invented);
}

int
main(void)
{
	return tap_run("watch/forms", suite);
}
