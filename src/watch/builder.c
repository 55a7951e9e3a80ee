#include "watch/builder.h"

#include "base/hash.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "text/words.h"
#include "watch/common.h"
#include "watch/query_set.h"

#include <stdio.h>
#include <stdlib.h>

struct watch_builder *
watch_builder_new(void)
{
	struct watch_builder *b = calloc(1, sizeof *b);
	if (b == NULL)
		return NULL;
	arena_init(&b->arena, 0);
	map_init(&b->ids);
	return b;
}

void
watch_builder_free(struct watch_builder *b)
{
	if (b == NULL)
		return;
	free(b->entities);
	free(b->names);
	free(b->families);
	free(b->members);
	free(b->queries);
	map_done(&b->ids);
	arena_done(&b->arena);
	free(b);
}

static int __attribute__((format(printf, 3, 4))) refuse(struct err *err, struct watch_origin at, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	err_setv(err, ERR_CONFIG, fmt, ap);
	va_end(ap);
	if (at.file.s != NULL)
		err_prefix(err, "%.*s:%u", STR_ARG(at.file), at.line);
	return -1;
}

#define COMMON_WORDS_MAX 3u

/* One word that stands in nearly every text is no name, unless it is an acronym: WHO. */
static int
check_common(const struct text_words *words, struct watch_origin at, struct err *err)
{
	if (words->count != 1 || ((words->items[0].flags & TEXT_WORD_UPPER) && words->items[0].fold_len > 1))
		return 0;
	struct str fold = text_word_fold(words, &words->items[0]);
	const char *language = common_word_of(fold, (words->items[0].flags & TEXT_WORD_CAPITAL) != 0);
	if (language == NULL)
		return 0;
	return refuse(err,
	    at, "“%.*s” is one of the commonest words of %s and would be found in nearly every item; write more of the name",
	    STR_ARG(fold), language);
}

/* Nor are several of them in a row, unless one has a capital: of the, but The Who. */
static int
check_all_common(const struct text_words *words, struct str name, struct watch_origin at, struct err *err)
{
	const char *language = NULL;
	if (words->count < 2 || words->count > COMMON_WORDS_MAX)
		return 0;
	for (size_t i = 0; i < words->count; i++) {
		bool capital = (words->items[i].flags & (TEXT_WORD_CAPITAL | TEXT_WORD_MIXED)) != 0;
		language = capital ? NULL : common_word_of(text_word_fold(words, &words->items[i]), false);
		if (language == NULL)
			return 0;
	}
	return refuse(err, at,
	    "“%.*s” is made of the commonest words of %s alone and would be found in nearly every item; write more of "
	    "the name",
	    STR_ARG(str_trim(name)), language);
}

static int
check_name(struct str name, struct watch_origin at, struct err *err)
{
	struct arena scratch;
	struct text_words words;

	if (str_empty(str_trim(name)))
		return refuse(err, at, "the name is empty");
	if (name.len > WATCH_NAME_BYTES_MAX)
		return refuse(
		    err, at, "the name is %zu bytes long, at most %u are allowed", name.len, WATCH_NAME_BYTES_MAX);
	if (!utf8_valid(name))
		return refuse(err, at, "the name is not valid UTF-8");
	arena_init(&scratch, 0);
	int r = text_words(&scratch, name, &words, err);
	if (r == 0 && words.count == 0)
		r = refuse(err, at, "the name “%.*s” holds neither letter nor digit", STR_ARG(name));
	if (r == 0 && words.count > WATCH_NAME_WORDS_MAX)
		r = refuse(err, at, "the name has %zu words, at most %u are allowed", words.count, WATCH_NAME_WORDS_MAX);
	if (r == 0)
		r = check_common(&words, at, err);
	if (r == 0)
		r = check_all_common(&words, name, at, err);
	arena_done(&scratch);
	return r;
}

static int
check_entry(struct watch_builder *b, struct str id, enum watch_kind kind, struct str lang, struct watch_origin at,
    struct err *err)
{
	uintptr_t known = (uintptr_t)map_get(&b->ids, id);

	if (str_empty(id))
		return refuse(err, at, "the id is empty");
	if (id.len > WATCH_ID_BYTES_MAX)
		return refuse(err, at, "the id is %zu bytes long, at most %u are allowed", id.len, WATCH_ID_BYTES_MAX);
	if (!utf8_valid(id))
		return refuse(err, at, "the id is not valid UTF-8");
	if (lang.len > WATCH_LANG_BYTES_MAX)
		return refuse(err, at, "“%.*s” is no language code", STR_ARG(lang));
	if (known != 0 && b->entities[known - 1].kind != kind)
		return refuse(err, at, "“%.*s” is of kind %s here and of kind %s before", STR_ARG(id),
		    watch_kind_word(kind), watch_kind_word(b->entities[known - 1].kind));
	if (b->name_count >= WATCH_NAMES_MAX)
		return refuse(err, at, "more than %u names", WATCH_NAMES_MAX);
	return 0;
}

/* The index of the id, new or known; -1 when memory ran out. */
static ptrdiff_t
intern_entity(struct watch_builder *b, struct str id, enum watch_kind kind)
{
	uintptr_t known = (uintptr_t)map_get(&b->ids, id);
	if (known != 0)
		return (ptrdiff_t)known - 1;
	if (vec_reserve((void **)&b->entities, &b->entity_cap, b->entity_count + 1, sizeof *b->entities) < 0 ||
	    vec_reserve((void **)&b->families, &b->family_cap, b->entity_count + 1, sizeof *b->families) < 0)
		return -1;
	struct str copy = arena_str(&b->arena, id);
	if (copy.s == NULL || map_put(&b->ids, copy, (void *)(b->entity_count + 1)) < 0)
		return -1;
	b->families[b->entity_count] = WATCH_FAMILY_CAPITALISED;
	b->entities[b->entity_count] = (struct watch_entity){.id = copy, .label = copy, .kind = kind};
	return (ptrdiff_t)b->entity_count++;
}

int
watch_add(struct watch_builder *b, struct str id, enum watch_kind kind, struct str lang, struct str name,
    struct watch_origin origin, struct err *err)
{
	if (check_entry(b, id, kind, lang, origin, err) < 0 || check_name(name, origin, err) < 0)
		return -1;
	if (vec_reserve((void **)&b->names, &b->name_cap, b->name_count + 1, sizeof *b->names) < 0)
		return err_oom(err);
	struct str text = arena_str(&b->arena, str_trim(name));
	struct str tag = str_empty(lang) ? STR_LIT("und") : arena_str(&b->arena, lang);
	if (text.s == NULL || tag.s == NULL)
		return err_oom(err);
	ptrdiff_t entity = intern_entity(b, id, kind);
	if (entity < 0)
		return err_oom(err);
	if (origin.file.s != NULL && !str_eq(origin.file, b->file))
		b->file = arena_str(&b->arena, origin.file);
	b->names[b->name_count++] = (struct builder_name){.text = text,
	    .lang = tag,
	    .file = origin.file.s != NULL ? b->file : STR_NONE,
	    .line = origin.line,
	    .entity = (uint32_t)entity};
	return 0;
}

static void
tell_twin(const struct watch_builder *b, const struct builder_name *x, const struct builder_name *first,
    void (*tell)(void *ctx, struct watch_origin at, const struct err *what), void *ctx)
{
	struct err err;
	char place[128] = "";
	if (first->file.s != NULL)
		snprintf(place, sizeof place, " (%.*s:%u)", STR_ARG(first->file), first->line);
	err_set(&err, ERR_CONFIG, "“%.*s” is a name of “%.*s”%s and of “%.*s”: where it stands, both are mentioned",
	    STR_ARG(x->text), STR_ARG(b->entities[first->entity].id), place, STR_ARG(b->entities[x->entity].id));
	tell(ctx, (struct watch_origin){x->file, x->line}, &err);
}

/* As a name is looked for: case, marks and how much white space is between words do not count. */
static bool
fold_name(struct buf *out, struct str name)
{
	buf_reset(out);
	if (!text_fold_str(out, name))
		return false;
	size_t to = 0;
	for (size_t i = 0; i < out->len; i++) {
		if (!ascii_space(out->data[i]))
			out->data[to++] = out->data[i];
		else if (to > 0 && out->data[to - 1] != ' ')
			out->data[to++] = ' ';
	}
	out->len = to > 0 && out->data[to - 1] == ' ' ? to - 1 : to;
	return true;
}

/* The first name that folds to the same, or NULL when this is it. */
static const struct builder_name *
first_of(const struct watch_builder *b, uint32_t *slots, size_t mask, const uint64_t *hashes, size_t i)
{
	size_t at = hashes[i] & mask;
	while (slots[at] != 0 && hashes[slots[at] - 1] != hashes[i])
		at = (at + 1) & mask;
	if (slots[at] != 0)
		return &b->names[slots[at] - 1];
	slots[at] = (uint32_t)i + 1;
	return NULL;
}

size_t
watch_twins(const struct watch_builder *b, size_t most,
    void (*tell)(void *ctx, struct watch_origin at, const struct err *what), void *ctx)
{
	size_t size = 16, twins = 0;
	struct buf fold;
	while (size < b->name_count * 2)
		size *= 2;
	uint32_t *slots = calloc(size, sizeof *slots);
	uint64_t *hashes = calloc(b->name_count + 1, sizeof *hashes);
	buf_init(&fold, 0);
	for (size_t i = 0; i < b->name_count && slots != NULL && hashes != NULL; i++) {
		const struct builder_name *x = &b->names[i], *first;
		if (x->role != WATCH_ROLE_NAME || !watch_kind_is_actor(b->entities[x->entity].kind))
			continue;
		if (!fold_name(&fold, x->text))
			break;
		hashes[i] = hash64(buf_view(&fold), 0);
		first = first_of(b, slots, size - 1, hashes, i);
		if (first != NULL && first->entity != x->entity && ++twins <= most)
			tell_twin(b, x, first, tell, ctx);
	}
	buf_done(&fold);
	free(slots);
	free(hashes);
	return twins;
}

static int
add_text(struct watch_builder *b, uint32_t entity, enum watch_role role, struct str text, struct watch_origin origin,
    struct err *err)
{
	if (check_name(text, origin, err) < 0)
		return -1;
	if (b->name_count >= WATCH_NAMES_MAX)
		return refuse(err, origin, "more than %u names", WATCH_NAMES_MAX);
	struct str copy = arena_str(&b->arena, str_trim(text));
	if (copy.s == NULL || vec_reserve((void **)&b->names, &b->name_cap, b->name_count + 1, sizeof *b->names) < 0)
		return err_oom(err);
	b->names[b->name_count++] =
	    (struct builder_name){.text = copy, .lang = STR_LIT("und"), .entity = entity, .role = role};
	return 0;
}

static int
unknown(struct err *err, struct str id)
{
	return err_set(err, ERR_NOT_FOUND, "there is no actor or topic “%.*s”", STR_ARG(id));
}

int
watch_add_role(struct watch_builder *b, struct str id, enum watch_role role, struct str text,
    struct watch_origin origin, struct err *err)
{
	uintptr_t known = (uintptr_t)map_get(&b->ids, id);
	if (known == 0)
		return unknown(err, id);
	if (role == WATCH_ROLE_WEAK && b->entities[known - 1].kind != WATCH_PERSON)
		return refuse(err, origin, "“%.*s” is no person: only a person's name can be weak", STR_ARG(id));
	return add_text(b, (uint32_t)known - 1, role, text, origin, err);
}

int
watch_exclude(struct watch_builder *b, struct str text, struct watch_origin origin, struct err *err)
{
	return add_text(b, BUILDER_NO_ENTITY, WATCH_ROLE_EXCLUDE, text, origin, err);
}

int
watch_set_family(struct watch_builder *b, struct str id, enum watch_family family, struct err *err)
{
	uintptr_t known = (uintptr_t)map_get(&b->ids, id);
	if (known == 0)
		return unknown(err, id);
	b->families[known - 1] = (uint8_t)family;
	return 0;
}

int
watch_declare(struct watch_builder *b, struct str id, enum watch_kind kind, struct watch_origin origin, struct err *err)
{
	if (check_entry(b, id, kind, STR_NONE, origin, err) < 0)
		return -1;
	return intern_entity(b, id, kind) < 0 ? err_oom(err) : 0;
}

int
watch_add_member(
    struct watch_builder *b, struct str group, struct str member, struct watch_origin origin, struct err *err)
{
	uintptr_t known = (uintptr_t)map_get(&b->ids, member);
	if (known == 0)
		return unknown(err, member);
	if (check_entry(b, group, WATCH_GROUP, STR_NONE, origin, err) < 0)
		return -1;
	if (str_eq(group, member))
		return refuse(err, origin, "“%.*s” cannot be a member of itself", STR_ARG(group));
	if (b->member_count >= WATCH_MEMBERS_MAX)
		return refuse(err, origin, "more than %u members of groups", WATCH_MEMBERS_MAX);
	ptrdiff_t entity = intern_entity(b, group, WATCH_GROUP);
	if (entity < 0 || vec_reserve((void **)&b->members, &b->member_cap, b->member_count + 1, sizeof *b->members) < 0)
		return err_oom(err);
	b->members[b->member_count++] =
	    (struct builder_member){.member = (uint32_t)known - 1, .group = (uint32_t)entity};
	return 0;
}

int
watch_add_query(struct watch_builder *b, struct str id, enum watch_kind kind, struct str query,
    struct watch_origin origin, struct err *err)
{
	struct arena scratch;
	struct query parsed;
	struct query_mistake mistake;
	if (check_entry(b, id, kind, STR_NONE, origin, err) < 0)
		return -1;
	arena_init(&scratch, 0);
	int rc = query_parse(query, &scratch, &parsed, &mistake);
	if (rc < 0)
		query_mistake_err(&mistake, query, origin, err);
	else
		query_done(&parsed);
	arena_done(&scratch);
	if (rc < 0)
		return -1;
	if (vec_reserve((void **)&b->queries, &b->query_cap, b->query_count + 1, sizeof *b->queries) < 0)
		return err_oom(err);
	ptrdiff_t entity = intern_entity(b, id, kind);
	struct builder_query q = {.text = arena_str(&b->arena, query),
	    .origin = {.file = arena_str(&b->arena, origin.file), .line = origin.line}};
	if (entity < 0 || q.text.s == NULL)
		return err_oom(err);
	q.entity = (uint32_t)entity;
	b->queries[b->query_count++] = q;
	return 0;
}

void
builder_label_listed(struct watch_builder *b, size_t from)
{
	for (size_t i = from; i < b->name_count; i++) {
		const struct builder_name *n = &b->names[i];
		if (n->entity != BUILDER_NO_ENTITY && n->role == WATCH_ROLE_NAME &&
		    b->entities[n->entity].label.s == b->entities[n->entity].id.s)
			b->entities[n->entity].label = n->text;
	}
}

int
watch_set_label(struct watch_builder *b, struct str id, struct str label, struct err *err)
{
	uintptr_t known = (uintptr_t)map_get(&b->ids, id);
	if (known == 0)
		return unknown(err, id);
	struct str copy = arena_str(&b->arena, label);
	if (copy.s == NULL)
		return err_oom(err);
	b->entities[known - 1].label = copy;
	return 0;
}
