#include "watch/import_entity.h"

#include "base/json_tree.h"
#include "base/utf8.h"

#include <stdlib.h>

#define NAMES_MAX 8192u /* of one entity; the rest is left out */

static const struct {
	unsigned number;
	enum watch_kind kind;
} classes[] = {
#define WIKIDATA_CLASS(number, kind) {number, WATCH_##kind},
#include "watch/import_classes.def"
#undef WIKIDATA_CLASS
};

/* What says so of an entity of another class: legal form, headquarters, employees; number in GeoNames. */
static const struct {
	const char *property;
	enum watch_kind kind;
} properties[] = {{"P1454", WATCH_ORG}, {"P159", WATCH_ORG}, {"P1128", WATCH_ORG}, {"P1566", WATCH_PLACE}};

struct str
import_item_id(struct str address)
{
	struct str id = str_trim(address);
	if (str_ends(id, STR_LIT(">")))
		id.len--;
	size_t at = id.len;
	while (at > 0 && id.s[at - 1] != '/' && id.s[at - 1] != '<')
		at--;
	return at > 0 ? (struct str){id.s + at, id.len - at} : id; /* which may be STR_NONE */
}

bool
import_item_kind(struct str text, enum watch_kind *ret)
{
	int64_t number;
	if (watch_kind_parse(str_trim(text), ret))
		return *ret < WATCH_TOPIC;
	struct str id = import_item_id(text);
	if (id.len < 2 || id.s[0] != 'Q' || !str_int((struct str){id.s + 1, id.len - 1}, 1, INT32_MAX, &number))
		return false;
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
		if (classes[i].number == (unsigned)number) {
			*ret = classes[i].kind;
			return true;
		}
	}
	return false;
}

/* The names of one record, each once; that one stands in several languages is no news of its language. */
struct gathered {
	struct arena *arena;
	const struct watch_importer *to;
	struct name {
		struct str lang, text;
		bool weak;
	} * names;
	size_t count, cap;
};

static bool
wanted_lang(const struct watch_importer *to, struct str lang)
{
	struct str rest = to->langs, one;
	if (str_empty(rest) || str_is(lang, "mul") || str_is(lang, "und"))
		return true;
	while (str_split(&rest, ',', &one)) {
		one = str_trim(one);
		if (str_starts(lang, one) && (lang.len == one.len || lang.s[one.len] == '-'))
			return true;
	}
	return false;
}

static void
gather_as(struct gathered *g, struct str lang, struct str text, bool weak)
{
	text = str_trim(text);
	if (str_empty(text) || !wanted_lang(g->to, lang) || g->count == NAMES_MAX)
		return;
	if (str_empty(lang) || str_is(lang, "mul"))
		lang = STR_LIT("und");
	for (size_t i = 0; i < g->count; i++) {
		if (str_eq(g->names[i].text, text)) {
			if (!str_eq(g->names[i].lang, lang))
				g->names[i].lang = STR_LIT("und");
			return;
		}
	}
	struct name *names = arena_grow(g->arena, g->names, &g->cap, g->count, sizeof *names);
	if (names == NULL)
		return;
	g->names = names;
	names[g->count++] = (struct name){lang, text, weak};
}

static void
gather(struct gathered *g, struct str lang, struct str text)
{
	gather_as(g, lang, text, false);
}

static struct str
text_of(const struct json_value *v)
{
	return json_is(v, JSON_STRING) ? v->text : STR_NONE;
}

/* {"language": "en", "value": "…"} */
static void
gather_term(struct gathered *g, const struct json_value *term)
{
	gather(g, text_of(json_get(term, "language")), text_of(json_get(term, "value")));
}

/* The class that a statement names; STR_NONE when it is withdrawn or says none. */
static struct str
class_of(const struct json_value *statement)
{
	const struct json_value *snak = json_get(statement, "mainsnak");
	if (str_is(text_of(json_get(statement, "rank")), "deprecated"))
		return STR_NONE;
	return text_of(json_get(json_get(json_get(snak, "datavalue"), "value"), "id"));
}

static bool
kind_of(const struct json_value *claims, enum watch_kind *ret)
{
	bool found = false;
	for (const struct json_value *s = json_elements(json_get(claims, "P31")); s != NULL; s = s->next) {
		enum watch_kind kind;
		struct str id = class_of(s);
		if (!str_empty(id) && import_item_kind(id, &kind) && (!found || kind == WATCH_PERSON)) {
			*ret = kind;
			found = true;
		}
	}
	for (size_t i = 0; i < sizeof properties / sizeof *properties && !found; i++) {
		if (json_elements(json_get(claims, properties[i].property)) != NULL) {
			*ret = properties[i].kind;
			found = true;
		}
	}
	return found;
}

/* Labels, the English one first because the first name is what is shown; then aliases. */
static void
gather_entity(struct gathered *g, const struct json_value *entity)
{
	const struct json_value *labels = json_get(entity, "labels"), *aliases = json_get(entity, "aliases");
	gather_term(g, json_get(labels, "mul"));
	gather_term(g, json_get(labels, "en"));
	for (const struct json_value *v = json_is(labels, JSON_OBJECT) ? labels->first : NULL; v != NULL; v = v->next)
		gather_term(g, v);
	for (const struct json_value *l = json_is(aliases, JSON_OBJECT) ? aliases->first : NULL; l != NULL;
	     l = l->next) {
		for (const struct json_value *v = json_elements(l); v != NULL; v = v->next)
			gather_term(g, v);
	}
}

static void
tell_all(const struct gathered *g, struct str id, enum watch_kind kind, unsigned line, unsigned *bad)
{
	for (size_t i = 0; i < g->count; i++) {
		struct watch_imported n = {.id = id,
		    .lang = g->names[i].lang,
		    .name = g->names[i].text,
		    .kind = kind,
		    .weak = g->names[i].weak,
		    .line = line};
		struct err err;
		if (g->to->tell(g->to->ctx, &n, &err) == 0)
			continue;
		++*bad;
		if (g->to->complain != NULL)
			g->to->complain(g->to->ctx, &err);
	}
}

static int
read_entity(struct gathered *g, const struct json_value *entity, unsigned line, unsigned *bad, struct err *err)
{
	struct str id = text_of(json_get(entity, "id")), type = text_of(json_get(entity, "type"));
	const struct json_value *claims = json_get(entity, "claims");
	enum watch_kind kind = g->to->kind;
	if (!(str_empty(type) || str_is(type, "item")) || json_get(entity, "missing") != NULL)
		return 0; /* properties and lexemes are no actors */
	if (str_empty(id))
		return err_set(err, ERR_CONFIG, "the entity has no id");
	if (claims == NULL && !g->to->kind_given)
		return err_set(err, ERR_CONFIG, "%.*s comes without claims, which say of what kind it is", STR_ARG(id));
	if (!kind_of(claims, &kind) && !g->to->kind_given)
		return 0;
	gather_entity(g, entity);
	tell_all(g, id, kind, line, bad);
	return 0;
}

/* A cell of a result: "…", or {"type": "literal", "xml:lang": "en", "value": "…"}. */
static struct str
cell(const struct json_value *v, struct str *lang, bool *address)
{
	struct str text = text_of(json_is(v, JSON_OBJECT) ? json_get(v, "value") : v);
	struct str type = text_of(json_get(v, "type"));
	*lang = text_of(json_get(v, "xml:lang"));
	*address = json_is(v, JSON_OBJECT)
	               ? !(str_is(type, "literal") || str_is(type, "typed-literal"))
	               : str_starts(text, STR_LIT("http://")) || str_starts(text, STR_LIT("https://"));
	return text;
}

static int
read_row(struct gathered *g, const struct json_value *row, unsigned line, unsigned *bad, struct err *err)
{
	const struct json_value *item = json_get(row, "item"), *said = json_get(row, "kind");
	enum watch_kind kind = g->to->kind;
	struct str lang;
	bool address;
	if (item == NULL)
		item = row->first;
	struct str id = item != NULL ? import_item_id(cell(item, &lang, &address)) : STR_NONE;
	if (str_empty(id))
		return err_set(err, ERR_CONFIG, "the row names no item");
	if (said != NULL && !import_item_kind(cell(said, &lang, &address), &kind))
		return err_set(
		    err, ERR_CONFIG, "kind says none of person, org, place and group, nor a class that is one");
	for (const struct json_value *v = row->first; v != NULL; v = v->next) {
		struct str text = cell(v, &lang, &address);
		if (v != item && v != said && !address &&
		    !str_eq(text, id)) /* no label: the item's number stands there */
			gather(g, lang, text);
	}
	tell_all(g, id, kind, line, bad);
	return 0;
}

/*
 * What an entity of FollowTheMoney is called, the best first. A weak alias (a nickname, a word of a name) counts beside another name of
 * the person; what is none of a person's names is too much of a guess.
 */
static const struct {
	const char *property;
	bool weak;
} name_properties[] = {
    {"name", false}, {"alias", false}, {"previousName", false}, {"abbreviation", false}, {"weakAlias", true}};

static int
read_ftm(struct gathered *g, const struct json_value *entity, unsigned line, unsigned *bad, struct err *err)
{
	struct str id = text_of(json_get(entity, "id"));
	const struct json_value *said = json_get(entity, "properties");
	enum watch_kind kind;
	if (!import_schema_kind(text_of(json_get(entity, "schema")), &kind))
		return 0; /* ships, sanctions, addresses: no actors */
	if (str_empty(id))
		return err_set(err, ERR_CONFIG, "the entity has no id");
	gather(g, STR_NONE, text_of(json_get(entity, "caption")));
	for (size_t i = 0; i < sizeof name_properties / sizeof *name_properties; i++) {
		const struct json_value *v = json_elements(json_get(said, name_properties[i].property));
		for (; v != NULL; v = v->next) {
			struct str text = str_trim(text_of(v));
			bool word = i > 0 && g->count > 0 && import_is_one_word(text);
			bool weak = kind == WATCH_PERSON && (name_properties[i].weak || word);
			if (kind == WATCH_PERSON || !name_properties[i].weak)
				gather_as(g, STR_NONE, text, weak);
		}
	}
	tell_all(g, id, kind, line, bad);
	return 0;
}

static int
read_record(struct gathered *g, const struct json_value *v, unsigned line, unsigned *bad, struct err *err)
{
	bool wikidata = json_is(json_get(v, "labels"), JSON_OBJECT) || json_is(json_get(v, "claims"), JSON_OBJECT) ||
	                json_get(v, "pageid") != NULL;
	if (wikidata)
		return read_entity(g, v, line, bad, err);
	bool ftm = json_is(json_get(v, "schema"), JSON_STRING) && json_is(json_get(v, "properties"), JSON_OBJECT);
	return ftm ? read_ftm(g, v, line, bad, err) : read_row(g, v, line, bad, err);
}

int
import_entity(struct str record, unsigned line, const struct watch_importer *to, struct arena *arena, unsigned *bad,
    struct err *err)
{
	struct json_reader r = {.text = record, .depth_max = IMPORT_ENTITY_DEPTH_MAX, .arena = arena};
	struct gathered g = {.arena = arena, .to = to};
	unsigned refused = 0;

	arena_reset(arena);
	if (!utf8_valid(record))
		return err_set(err, ERR_CONFIG, "%.*s:%u: invalid UTF-8", STR_ARG(to->file), line);
	const struct json_value *v = json_read_all(&r);
	if (v == NULL && !arena->failed)
		return err_set(err, ERR_CONFIG, "%.*s:%u: %s", STR_ARG(to->file), line + json_line(&r) - 1,
		    r.reason != NULL ? r.reason : "no JSON");
	struct err why;
	int rc = v == NULL ? 0 : read_record(&g, v, line, &refused, &why);
	if (arena->over_limit)
		return err_set(err, ERR_CONFIG, "%.*s:%u: reading the record takes more than %zu MiB",
		    STR_ARG(to->file), line, IMPORT_ENTITY_MEMORY_MAX >> 20);
	if (arena->failed)
		return err_oom(err);
	if (rc < 0)
		return err_set(err, ERR_CONFIG, "%.*s:%u: %s", STR_ARG(to->file), line, why.msg);
	*bad += refused;
	return 0;
}
