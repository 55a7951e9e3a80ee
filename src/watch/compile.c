#include "base/hash.h"
#include "base/pages.h"
#include "base/vec.h"
#include "text/exonyms.h"
#include "text/hanzi.h"
#include "text/pinyin.h"
#include "watch/builder.h"
#include "watch/chinese.h"
#include "watch/common.h"
#include "watch/forms.h"
#include "watch/kin.h"
#include "watch/korean.h"
#include "watch/loose.h"
#include "watch/press.h"
#include "watch/query_build.h"
#include "watch/regnal.h"

#include <stdlib.h>

/* Part of every version: a new way of matching makes every stored match an old one. */
#define MATCHER_VERSION 38u

/* The slot of the entity of this id, or the empty one where it belongs. */
static uint32_t *
id_slot(const struct watchlist *w, struct str id)
{
	for (size_t i = text_fold_hash(id) & (w->id_slot_count - 1);; i = (i + 1) & (w->id_slot_count - 1)) {
		uint32_t *slot = &w->id_slots[i];
		if (*slot == LIST_NONE || str_eq(w->entities[*slot].id, id))
			return slot;
	}
}

static int
copy_entities(struct watchlist *w, const struct watch_builder *b)
{
	w->id_slot_count = 2;
	while (w->id_slot_count < b->entity_count * 2)
		w->id_slot_count *= 2;
	w->id_slots = pages_malloc(w->id_slot_count * sizeof *w->id_slots);
	if (w->id_slots == NULL)
		return -1;
	memset(w->id_slots, 0xFF, w->id_slot_count * sizeof *w->id_slots); /* LIST_NONE */
	w->entities = arena_zalloc(&w->arena, b->entity_count + 1, sizeof *w->entities);
	if (w->entities == NULL)
		return -1;
	for (size_t i = 0; i < b->entity_count; i++) {
		struct watch_entity *e = &w->entities[i];
		e->id = arena_str(&w->arena, b->entities[i].id);
		e->label = e->id;
		e->kind = b->entities[i].kind;
		if (e->id.s == NULL)
			return -1;
		*id_slot(w, e->id) = (uint32_t)i;
	}
	w->entity_count = b->entity_count;
	/* Behind them one for what is excluded everywhere. */
	w->entities[w->entity_count] =
	    (struct watch_entity){.id = STR_LIT(""), .label = STR_LIT(""), .kind = WATCH_ORG};
	return 0;
}

/* What is shown: often a name, which is there already. */
static int
copy_labels(struct watchlist *w, const struct watch_builder *b, struct err *err)
{
	for (size_t i = 0; i < b->name_count; i++) {
		uint32_t e = b->names[i].entity;
		if (e != BUILDER_NO_ENTITY && b->entities[e].label.s == b->names[i].text.s)
			w->entities[e].label = w->names[i].text;
	}
	for (size_t i = 0; i < w->entity_count; i++) {
		struct watch_entity *e = &w->entities[i];
		if (e->label.s == e->id.s && b->entities[i].label.s != b->entities[i].id.s)
			e->label = arena_str(&w->arena, b->entities[i].label);
		if (e->label.s == NULL)
			return err_oom(err);
	}
	return 0;
}

/* One more name without forms. source LIST_NONE = written by the user. */
static int
new_name(struct watchlist *w, struct str text, uint32_t entity, enum watch_role role, uint32_t source, uint32_t langs,
    struct err *err)
{
	uint32_t index = (uint32_t)w->name_count;
	if (vec_reserve((void **)&w->names, &w->name_cap, w->name_count + 1, sizeof *w->names) < 0)
		return err_oom(err);
	struct str copy = arena_str(&w->arena, text);
	if (copy.s == NULL)
		return err_oom(err);
	w->names[index] = (struct list_name){.text = copy,
	    .entity = entity,
	    .given = LIST_NONE,
	    .family = LIST_NONE,
	    .role = (uint8_t)role,
	    .kind = (uint8_t)w->entities[entity].kind,
	    .source = source == LIST_NONE ? index : source,
	    .langs = langs};
	w->name_count++;
	return 0;
}

/* One more name, with all its forms. */
static int
add_name(struct watchlist *w, struct str text, uint32_t entity, enum watch_role role, uint32_t source, uint32_t langs,
    struct arena *scratch, struct err *err)
{
	if (new_name(w, text, entity, role, source, langs, err) < 0)
		return -1;
	return forms_add(w, (uint32_t)w->name_count - 1, w->entities[entity].kind, scratch, err);
}

/* The language that a place's name is said to be of, as in list_name, and the script that it is in. */
static int
langs_of(
    struct str lang, struct str name, struct arena *scratch, uint32_t *ret, enum text_script *script, struct err *err)
{
	struct text_words words;
	*ret = 0;
	*script = TEXT_COMMON;
	if (str_empty(lang) || str_is(lang, "und"))
		return 0;
	if (text_words(scratch, name, &words, err) < 0)
		return -1;
	if (words.count == 0)
		return 0;
	*script = (enum text_script)words.items[0].script;
	uint32_t langs = text_inflect_languages(lang, *script);
	*ret = text_inflect_one(langs) ? langs : LIST_LANG_OTHER;
	return 0;
}

static int
add_names(struct watchlist *w, const struct watch_builder *b, struct err *err)
{
	struct arena scratch;
	int r = 0;

	w->scripts = arena_zalloc(&w->arena, w->entity_count + 1, sizeof *w->scripts);
	w->langs = arena_zalloc(&w->arena, w->entity_count + 1, sizeof *w->langs);
	w->families = arena_zalloc(&w->arena, w->entity_count + 1, sizeof *w->families);
	w->oldest_outputs = pages_malloc((w->entity_count + 1) * sizeof *w->oldest_outputs);
	if (w->scripts == NULL || w->langs == NULL || w->families == NULL || w->oldest_outputs == NULL)
		return err_oom(err);
	memset(w->oldest_outputs, 0xFF, (w->entity_count + 1) * sizeof *w->oldest_outputs); /* LIST_NONE */
	if (b->entity_count > 0)
		memcpy(w->families, b->families, b->entity_count);
	arena_init(&scratch, 0);
	for (size_t i = 0; i < b->name_count && r == 0; i++) {
		const struct builder_name *name = &b->names[i];
		uint32_t entity = name->entity == BUILDER_NO_ENTITY ? (uint32_t)w->entity_count : name->entity;
		bool place = w->entities[entity].kind == WATCH_PLACE, hungarian = str_is(name->lang, "hu");
		enum text_script script = TEXT_COMMON;
		uint32_t langs = 0;
		if (place || hungarian)
			r = langs_of(name->lang, name->text, &scratch, &langs, &script, err);
		if (r == 0)
			r = add_name(w, name->text, entity, name->role, LIST_NONE, langs, &scratch, err);
		w->langs[entity] |= script != TEXT_ARABIC ? langs : 0;
	}
	arena_done(&scratch);
	return r;
}

struct exonym_sink {
	struct watchlist *list;
	enum watch_kind kind;
	uint32_t source;
	struct arena scratch;
	struct err *err;
};

/* Names that came from the data for this entity stand at the end of the list, one place's after another's. */
static struct list_name *
known(const struct watchlist *w, uint32_t entity, struct str name)
{
	for (size_t i = w->name_count; i > 0 && w->names[i - 1].entity == entity; i--) {
		if (str_eq(w->names[i - 1].text, name))
			return &w->names[i - 1];
	}
	return NULL;
}

static bool
add_exonym(void *ctx, struct str lang, struct str name)
{
	struct exonym_sink *sink = ctx;
	struct watchlist *w = sink->list;
	struct list_name *source = &w->names[sink->source];
	struct list_name *same = str_eq(name, source->text) ? source : known(w, source->entity, name);
	enum text_script script;
	uint32_t langs;
	if (langs_of(lang, name, &sink->scratch, &langs, &script, sink->err) < 0)
		return false;
	if (same != NULL) {
		same->langs |= same->langs != 0 ? langs : 0;
		/* another name with the same letters but for marks may stand for it */
		return forms_add(w, (uint32_t)(same - w->names), sink->kind, &sink->scratch, sink->err) == 0;
	}
	return add_name(w, name, source->entity, WATCH_ROLE_NAME, sink->source, langs, &sink->scratch, sink->err) == 0;
}

/* What the places or organisations of the list are called elsewhere. The data is only read when there are some. */
static int
add_exonyms(struct watchlist *w, const struct watch_builder *b, enum watch_kind kind, struct err *err)
{
	enum text_exonyms_of of = kind == WATCH_PLACE ? TEXT_EXONYMS_PLACES : TEXT_EXONYMS_ORGS;
	struct exonym_sink sink = {.list = w, .kind = kind, .err = err};
	struct text_exonyms *x = NULL;
	size_t count = w->name_count;
	bool good = true;

	arena_init(&sink.scratch, 0);
	for (uint32_t i = 0; i < count && good; i++) {
		if (w->names[i].kind != kind || w->names[i].role != WATCH_ROLE_NAME || w->names[i].source != i)
			continue;
		if (x == NULL && (x = text_exonyms_open(of, err)) == NULL)
			good = false;
		sink.source = i;
		if (good)
			err_oom(err); /* what it says when the callback does not */
		good = good && text_exonyms_find(x, w->names[i].text, b->names[i].lang, add_exonym, &sink);
	}
	text_exonyms_free(x);
	arena_done(&sink.scratch);
	return good ? 0 : -1;
}

/* A Chinese name that is not said to be of another language, in Latin letters, written together and apart. */
static bool
add_pinyin(struct watchlist *w, uint32_t source, struct pinyin *p, struct arena *scratch, struct err *err)
{
	bool good = true;
	for (int apart = 0; apart < 2 && good; apart++) {
		struct buf latin;
		buf_init(&latin, WATCH_NAME_BYTES_MAX);
		struct str name = w->names[source].text;
		if (pinyin_name(p, name, apart != 0, &latin) && !known(w, w->names[source].entity, buf_view(&latin)))
			good = add_name(w, buf_view(&latin), w->names[source].entity, WATCH_ROLE_NAME, source, 0,
			           scratch, err) == 0;
		good = good && buf_check(&latin, err) == 0;
		buf_done(&latin);
	}
	return good;
}

/* The systems of the press, for a name in Latin or Cyrillic letters that can be a Chinese one. */
static bool
add_systems(
    struct watchlist *w, uint32_t source, uint32_t name, unsigned spellings, struct arena *scratch, struct err *err)
{
	struct text_words words;
	struct chinese_name chinese;
	struct buf spelt;
	arena_reset(scratch);
	if (text_words(scratch, w->names[name].text, &words, err) < 0)
		return false;
	buf_init(&spelt, WATCH_NAME_BYTES_MAX);
	bool is = chinese_name_read(&words, &chinese, &spelt), good = buf_check(&spelt, err) == 0;
	for (unsigned i = 0; is && good && i < spellings && chinese_name_spell(&chinese, i, &spelt); i++) {
		struct str text = buf_view(&spelt);
		good = buf_check(&spelt, err) == 0;
		if (good && !known(w, w->names[source].entity, text))
			good =
			    add_name(w, text, w->names[source].entity, WATCH_ROLE_NAME, source, 0, scratch, err) == 0;
	}
	buf_done(&spelt);
	return good;
}

static bool
may_be_chinese(struct str lang)
{
	return str_is(lang, "und") || str_starts(lang, STR_LIT("zh")) || str_starts(lang, STR_LIT("cmn"));
}

/* A name in Chinese characters, and in no other language that is written in them. */
static bool
is_chinese(const struct watchlist *w, const struct watch_builder *b, uint32_t name)
{
	return w->names[name].role == WATCH_ROLE_NAME && (w->scripts[w->names[name].entity] & 1u << TEXT_HAN) != 0 &&
	       may_be_chinese(b->names[name].lang);
}

/* A name that is written with the family name first, or may be so in Cyrillic letters. */
static bool
may_be_systems(const struct watchlist *w, const struct list_name *name)
{
	bool cyrillic = name->given != LIST_NONE && w->words[name->given].script == TEXT_CYRILLIC;
	return name->family_first || cyrillic || &w->names[name->source] != name;
}

static bool
is_person(const struct list_name *name)
{
	return name->kind == WATCH_PERSON && name->role == WATCH_ROLE_NAME;
}

/* What the persons of the list whose names are Chinese are called in other letters. The data is only read when there is some need. */
static int
add_chinese(struct watchlist *w, const struct watch_builder *b, struct err *err)
{
	struct pinyin *p = NULL;
	struct arena scratch;
	size_t count = w->name_count < b->name_count ? w->name_count : b->name_count, persons = 0;
	bool good = true;

	for (uint32_t i = 0; i < count; i++)
		persons += is_person(&w->names[i]) && (is_chinese(w, b, i) || may_be_systems(w, &w->names[i]));
	unsigned spellings = chinese_spellings(persons);
	arena_init(&scratch, 0);
	for (uint32_t i = 0; i < count && good; i++) {
		uint32_t made = (uint32_t)w->name_count, from = i;
		if (!is_person(&w->names[i]))
			continue;
		if (is_chinese(w, b, i)) {
			if (p == NULL && (p = pinyin_open(err)) == NULL)
				good = false;
			good = good && add_pinyin(w, i, p, &scratch, err);
			from = made;
		}
		if (good && from < w->name_count && may_be_systems(w, &w->names[from]))
			good = add_systems(w, i, from, spellings, &scratch, err);
	}
	pinyin_free(p);
	arena_done(&scratch);
	return good ? 0 : -1;
}

static bool
add_hanzi(struct watchlist *w, uint32_t source, struct hanzi *h, struct arena *scratch, struct err *err)
{
	bool good = true;
	for (int traditional = 0; traditional < 2 && good; traditional++) {
		struct buf other;
		buf_init(&other, WATCH_NAME_BYTES_MAX);
		struct str name = w->names[source].text;
		if (hanzi_name(h, name, traditional != 0, &other) &&
		    !known(w, w->names[source].entity, buf_view(&other)))
			good = add_name(w, buf_view(&other), w->names[source].entity, WATCH_ROLE_NAME, source, 0,
			           scratch, err) == 0;
		good = good && buf_check(&other, err) == 0;
		buf_done(&other);
	}
	return good;
}

/* What has Chinese characters, in those of the other kind: an actor is listed in one of them, and found in both. */
static int
add_other_hanzi(struct watchlist *w, const struct watch_builder *b, struct err *err)
{
	struct hanzi *h = NULL;
	struct arena scratch;
	size_t count = w->name_count;
	bool good = true;

	arena_init(&scratch, 0);
	for (uint32_t i = 0; i < count && i < b->name_count && good; i++) {
		if (!watch_kind_is_actor((enum watch_kind)w->names[i].kind) || !is_chinese(w, b, i))
			continue;
		if (h == NULL && (h = hanzi_open(err)) == NULL)
			good = false;
		good = good && add_hanzi(w, i, h, &scratch, err);
	}
	hanzi_free(h);
	arena_done(&scratch);
	return good ? 0 : -1;
}

/* A person's name in this script, and said to be in no language but Korean where that is Hangul's. */
static bool
may_be_korean(const struct watchlist *w, const struct watch_builder *b, uint32_t name, enum text_script script)
{
	const struct list_name *n = &w->names[name];
	struct str lang = b->names[name].lang;
	return n->kind == WATCH_PERSON && n->role == WATCH_ROLE_NAME && (w->scripts[n->entity] & 1u << script) != 0 &&
	       (script != TEXT_HANGUL || str_is(lang, "und") || str_starts(lang, STR_LIT("ko")));
}

/* Korean names: in Latin letters what is written in Hangul; the other way round where the actor has no name in Hangul. */
static int
add_korean(struct watchlist *w, const struct watch_builder *b, struct err *err)
{
	size_t count = w->name_count < b->name_count ? w->name_count : b->name_count, hangul = 0;
	struct arena scratch;
	bool good = true;

	arena_init(&scratch, 0);
	for (uint32_t i = 0; i < count; i++)
		hangul += may_be_korean(w, b, i, TEXT_HANGUL);
	for (uint32_t i = 0; i < count && good; i++) {
		struct korean_name korean;
		uint32_t made = (uint32_t)w->name_count, entity = w->names[i].entity;
		bool own = (w->scripts[entity] & 1u << TEXT_HANGUL) != 0;
		arena_reset(&scratch);
		if (!may_be_korean(w, b, i, own ? TEXT_HANGUL : TEXT_LATIN) ||
		    !korean_read(w->names[i].text, &korean, &scratch) || korean.is_hangul != own)
			continue;
		good = new_name(w, w->names[i].text, entity, WATCH_ROLE_NAME, i, 0, err) == 0 &&
		       korean_add(w, &korean, made, korean_spellings(hangul)) == 0 &&
		       korean_add_families(w, &korean, i) == 0 &&
		       korean_add_letters(w, &korean, HANGUL_KONTSEVICH, i) == 0 &&
		       korean_add_letters(w, &korean, HANGUL_CZECH, i) == 0;
	}
	good = good && arena_check(&scratch, err) == 0;
	arena_done(&scratch);
	return good ? 0 : err_oom(err);
}

/* The family names of East Slavs as the press of other languages spells them. */
static int
add_press(struct watchlist *w, struct err *err)
{
	size_t count = w->name_count, people = 0;
	for (uint32_t i = 0; i < count && people <= PRESS_INFLECTED_MAX; i++)
		people += press_is_east_slavic(w, i);
	for (uint32_t i = 0; i < count; i++) {
		if (press_add(w, i, people <= PRESS_INFLECTED_MAX) < 0)
			return err_oom(err);
	}
	return 0;
}

/* What popes and monarchs are called elsewhere. The table is only read when there may be some. */
static int
add_regnal(struct watchlist *w, struct err *err)
{
	size_t count = w->name_count, people = 0;
	struct regnal *r = NULL;
	int is = 0;
	for (uint32_t i = 0; i < count && is >= 0 && people <= REGNAL_MAX; i++) {
		if (r == NULL && regnal_may_be(w, i) && (r = regnal_open(err)) == NULL)
			return -1;
		is = r != NULL ? regnal_is(r, w, i, err) : 0;
		people += is > 0;
	}
	for (uint32_t i = 0; i < count && is >= 0 && people > 0 && people <= REGNAL_MAX; i++)
		is = regnal_add(r, w, i, err);
	regnal_free(r);
	return is < 0 ? -1 : 0;
}

static int
by_member(const void *a, const void *b)
{
	const struct list_member *x = a, *y = b;
	if (x->member != y->member)
		return x->member < y->member ? -1 : 1;
	return x->group < y->group ? -1 : x->group > y->group;
}

/* The groups of a member that stand in the sorted pairs from..to; new ones are put behind `count`. */
static size_t
climb(struct list_member *all, size_t pairs, uint32_t start, size_t count, size_t max)
{
	size_t from = count;
	uint32_t at = start;
	for (size_t next = from;;) {
		struct list_member key = {.member = at};
		size_t i = 0, end = pairs;
		while (i < end) {
			size_t mid = (i + end) / 2;
			if (by_member(&all[mid], &key) < 0)
				i = mid + 1;
			else
				end = mid;
		}
		for (; i < pairs && all[i].member == at && count < max; i++) {
			bool known = all[i].group == start;
			for (size_t k = from; k < count && !known; k++)
				known = all[k].group == all[i].group;
			if (!known)
				all[count++] = (struct list_member){.member = start, .group = all[i].group};
		}
		if (next >= count)
			return count;
		at = all[next++].group;
	}
}

#define GROUPS_PER_MEMBER 32u /* that are looked for, on average */

static int
add_members(struct watchlist *w, const struct watch_builder *b, struct err *err)
{
	size_t pairs = b->member_count, count = pairs, max = pairs * (1 + GROUPS_PER_MEMBER);
	struct list_member *all = arena_alloc(&w->arena, (max + 1) * sizeof *all);
	if (all == NULL)
		return err_oom(err);
	for (size_t i = 0; i < pairs; i++)
		all[i] = (struct list_member){.member = b->members[i].member, .group = b->members[i].group};
	if (pairs > 0)
		qsort(all, pairs, sizeof *all, by_member);
	for (size_t i = 0; i < pairs; i++) {
		if (i == 0 || all[i].member != all[i - 1].member)
			count = climb(all, pairs, all[i].member, count, max);
	}
	w->members = all + pairs;
	w->member_count = count - pairs;
	return 0;
}

#define FAMILIES_MAX 8u     /* of one actor that are compared */
#define SOUNDS_PER_DOUBT 3u /* two spellings of a family name may have one doubtful letter in so many */

static bool
same_family(const struct watchlist *w, uint32_t a, uint32_t b)
{
	const struct list_word *x = &w->words[a], *y = &w->words[b];
	unsigned most = (x->sounds_len < y->sounds_len ? x->sounds_len : y->sounds_len) / SOUNDS_PER_DOUBT;
	if (x->sounds_len == 0 || y->sounds_len == 0)
		return a == b;
	return a == b || text_sound_distance(list_word_sounds(w, x), list_word_sounds(w, y),
	                     x->vowels_free || y->vowels_free, false, most) <= most;
}

/* One word for all the spellings of a family name: what an item says about one of them it says about all. */
static int
join_families(struct watchlist *w, struct err *err)
{
	uint32_t *head = pages_malloc((w->entity_count + 1) * sizeof *head),
	         *next = pages_malloc((w->name_count + 1) * sizeof *next);
	if (head == NULL || next == NULL) {
		free(head);
		free(next);
		return err_oom(err);
	}
	memset(head, 0xFF, (w->entity_count + 1) * sizeof *head);
	for (uint32_t i = 0; i < w->name_count; i++) {
		struct list_name *name = &w->names[i];
		uint32_t k = head[name->entity];
		if (name->family == LIST_NONE)
			continue;
		for (unsigned n = 0; k != LIST_NONE && n < FAMILIES_MAX; n++, k = next[k]) {
			if (same_family(w, w->names[k].family, name->family))
				break;
		}
		if (k != LIST_NONE) {
			name->family = w->names[k].family;
			continue;
		}
		next[i] = head[name->entity];
		head[name->entity] = i;
	}
	free(head);
	free(next);
	return 0;
}

static int
add_kin(struct watchlist *w, struct err *err)
{
	return kin_add(w) < 0 ? err_oom(err) : 0;
}

static int
index_words(struct watchlist *w, struct err *err)
{
	for (uint32_t i = 0; i < w->word_count; i++) {
		w->words[i].place = common_place(list_word_fold(w, &w->words[i]));
		if ((w->words[i].flags & LIST_WORD_LOOSE) && loose_add_word(w, i) < 0)
			return err_oom(err);
	}
	return loose_finish(w) < 0 || list_finish(w) < 0 ? err_oom(err) : 0;
}

static uint64_t
version_of(const struct watch_builder *b)
{
	struct hash128 h = hash128(STR_LIT("watchlist"), MATCHER_VERSION);
	for (size_t i = 0; i < b->entity_count; i++) {
		h = hash128_mix(h, b->entities[i].id);
		h = hash128_mix(h, b->entities[i].label);
		h = hash128_mix(h, str_from(watch_kind_word(b->entities[i].kind)));
	}
	for (size_t i = 0; i < b->name_count; i++) {
		bool own = b->names[i].entity != BUILDER_NO_ENTITY;
		h = hash128_mix(h, own ? b->entities[b->names[i].entity].id : STR_LIT(""));
		h = hash128_mix(h, (struct str){(const char *)&(char){(char)b->names[i].role}, 1});
		h = hash128_mix(h, b->names[i].lang);
		h = hash128_mix(h, b->names[i].text);
	}
	if (b->entity_count > 0)
		h = hash128_mix(h, (struct str){(const char *)b->families, b->entity_count});
	for (size_t i = 0; i < b->member_count; i++) {
		h = hash128_mix(h, b->entities[b->members[i].member].id);
		h = hash128_mix(h, b->entities[b->members[i].group].id);
	}
	for (size_t i = 0; i < b->query_count; i++) {
		h = hash128_mix(h, b->entities[b->queries[i].entity].id);
		h = hash128_mix(h, b->queries[i].text);
	}
	return (h.lo ^ h.hi) & INT64_MAX; /* fits a signed column */
}

struct watchlist *
watch_compile(struct watch_builder *b, struct err *err)
{
	struct watchlist *w = text_fold_ready() ? calloc(1, sizeof *w) : NULL;
	if (w == NULL) {
		err_oom(err);
		return NULL;
	}
	arena_init(&w->arena, 0);
	if (copy_entities(w, b) < 0) {
		err_oom(err);
		watchlist_free(w);
		return NULL;
	}
	if (query_set_of(b, NULL, NULL, &w->queries, err) < 0 || add_names(w, b, err) < 0 ||
	    copy_labels(w, b, err) < 0 || add_exonyms(w, b, WATCH_PLACE, err) < 0 ||
	    add_exonyms(w, b, WATCH_ORG, err) < 0 || add_chinese(w, b, err) < 0 || add_other_hanzi(w, b, err) < 0 ||
	    add_korean(w, b, err) < 0 || add_press(w, err) < 0 || add_regnal(w, err) < 0 ||
	    add_members(w, b, err) < 0 || join_families(w, err) < 0 || add_kin(w, err) < 0 || index_words(w, err) < 0) {
		watchlist_free(w);
		return NULL;
	}
	w->version = version_of(b);
	return w;
}

void
watchlist_free(struct watchlist *w)
{
	if (w == NULL)
		return;
	free(w->names);
	free(w->words);
	free(w->word_slots);
	free(w->bytes);
	free(w->first_filter);
	free(w->edges);
	free(w->edge_filter);
	free(w->nodes);
	free(w->outputs);
	free(w->oldest_outputs);
	free(w->groups);
	free(w->given);
	free(w->bare);
	free(w->kin);
	free(w->loose);
	free(w->loose_buckets);
	free(w->loose_filter);
	query_set_free(w->queries);
	free(w->id_slots);
	arena_done(&w->arena);
	free(w);
}

size_t
watchlist_count(const struct watchlist *w)
{
	return w->entity_count;
}

const struct watch_entity *
watchlist_entity(const struct watchlist *w, size_t index)
{
	return index < w->entity_count ? &w->entities[index] : NULL;
}

ptrdiff_t
watchlist_find(const struct watchlist *w, struct str id)
{
	uint32_t found = *id_slot(w, id);
	return found == LIST_NONE ? -1 : (ptrdiff_t)found;
}

uint64_t
watchlist_version(const struct watchlist *w)
{
	return w->version;
}
