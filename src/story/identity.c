#include "story/identity.h"

#include "base/buf.h"
#include "base/vec.h"
#include "story/content.h"
#include "story/link.h"

#include <stdlib.h>

/* Seeds that keep hashes of different meaning apart; stored, so never to be changed. */
enum { SEED_KEY = 0x100, SEED_CONTENT = 0x200, SEED_LINK = 0x300, SEED_PAGE = 0x400 };

static int
hash_cmp(struct hash128 a, struct hash128 b)
{
	if (a.hi != b.hi)
		return a.hi < b.hi ? -1 : 1;
	return a.lo < b.lo ? -1 : a.lo > b.lo;
}

static struct hash128
mix_hash(struct hash128 h, struct hash128 other)
{
	unsigned char bytes[16];
	hash128_bytes(other, bytes);
	return hash128_mix(h, (struct str){(char *)bytes, sizeof bytes});
}

static bool
hash_content(const struct story_source *s, struct buf *b, struct hash128 *ret)
{
	buf_reset(b);
	/* the mark keeps title and text apart: "a" + "b" is not "ab" + "" */
	if (!story_content_add(b, s->title) || !buf_putc(b, '\n') || !story_content_add(b, s->text))
		return false;
	/* an episode may have no words of its own */
	if (b->len == 1 && !buf_str(b, s->enclosure))
		return false;
	*ret = hash128(buf_view(b), SEED_CONTENT);
	return true;
}

static bool
hash_link(struct str link, bool keep_fragment, uint64_t seed, struct buf *b, struct hash128 *ret)
{
	buf_reset(b);
	if (!story_link_add(b, link, keep_fragment))
		return false;
	*ret = hash128(buf_view(b), seed);
	return true;
}

static uint64_t
mark_of(struct hash128 link)
{
	return link.hi != 0 ? link.hi : 1;
}

uint64_t
story_link_mark(struct str canonical)
{
	return mark_of(hash128(canonical, SEED_LINK));
}

/* b holds the canonical link. */
static bool
hash_page(struct str title, struct buf *b, struct hash128 *ret)
{
	struct str link = buf_view(b);
	ptrdiff_t host = str_find(link, STR_LIT("://"), 0);
	ptrdiff_t path = host >= 0 ? str_find(link, STR_LIT("/"), (size_t)host + 3) : 0;
	*ret = hash128(path < 0 ? STR_LIT("") : (struct str){link.s + path, link.len - (size_t)path}, SEED_PAGE);
	buf_reset(b);
	if (!story_content_add(b, title))
		return false;
	*ret = hash128_mix(*ret, buf_view(b));
	return true;
}

static bool
identify_one(const struct story_source *s, struct buf *b, struct story_identity *id)
{
	bool has_link = str_trim(s->link).len > 0;

	*id = (struct story_identity){.kind = STORY_KEY_CONTENT};
	if (!hash_content(s, b, &id->content) ||
	    (has_link && (!hash_link(s->link, false, SEED_LINK, b, &id->link) || !hash_page(s->title, b, &id->page))))
		return false;
	if (str_trim(s->guid).len > 0) {
		id->kind = STORY_KEY_GUID;
		id->key = hash128(s->guid, SEED_KEY + STORY_KEY_GUID);
	} else if (has_link) {
		id->kind = STORY_KEY_LINK;
		return hash_link(s->link, true, SEED_KEY + STORY_KEY_LINK, b, &id->key);
	} else {
		id->key = mix_hash((struct hash128){SEED_KEY + STORY_KEY_CONTENT, 0}, id->content);
	}
	return true;
}

/* One item's place in an order by some hash. */
struct place {
	struct hash128 hash;
	size_t index;
};

static int
place_cmp(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int c = hash_cmp(x->hash, y->hash);
	return c != 0 ? c : x->index < y->index ? -1 : x->index > y->index;
}

static size_t
run_end(const struct place *places, size_t count, size_t start)
{
	size_t end = start + 1;
	while (end < count && hash_cmp(places[end].hash, places[start].hash) == 0)
		end++;
	return end;
}

static void
sort_by_key(const struct story_identity *out, size_t count, struct place *places)
{
	for (size_t i = 0; i < count; i++)
		places[i] = (struct place){out[i].key, i};
	qsort(places, count, sizeof *places, place_cmp);
}

/* What is mixed into keys that stand at different items of one document, one after the other until they differ. */
enum part { PART_LINK, PART_TITLE, PART_CONTENT, PART_COUNT };

static bool
same_item(const struct story_source *items, const struct story_identity *out, size_t a, size_t b)
{
	return str_eq(items[a].link, items[b].link) && str_eq(items[a].title, items[b].title) &&
	       hash_cmp(out[a].content, out[b].content) == 0;
}

static void
mix_part(const struct story_source *s, struct story_identity *id, enum part part)
{
	if (part == PART_LINK && id->kind != STORY_KEY_GUID)
		return;
	if (part == PART_LINK)
		id->key = mix_hash(id->key, id->link);
	else if (part == PART_TITLE)
		id->key = hash128_mix(id->key, s->title);
	else
		id->key = mix_hash(id->key, id->content);
	id->kind = str_trim(s->guid).len > 0 ? STORY_KEY_GUID_LINK : STORY_KEY_CONTENT;
}

/* Whether there are still different items with one key. */
static bool
part_repeats(
    const struct story_source *items, size_t count, struct story_identity *out, struct place *places, enum part part)
{
	bool any = false;
	sort_by_key(out, count, places);
	for (size_t start = 0, end; start < count; start = end) {
		bool differ = false;
		end = run_end(places, count, start);
		for (size_t i = start + 1; i < end; i++)
			differ |= !same_item(items, out, places[start].index, places[i].index);
		any |= differ;
		for (size_t i = start; differ && i < end; i++) {
			struct story_identity *id = &out[places[i].index];
			const struct story_source *s = &items[places[i].index];
			/* content is all that such an item has, counters and times left out: they would make it new at every poll */
			if (str_trim(s->guid).len > 0 || str_trim(s->link).len > 0)
				mix_part(s, id, part);
		}
	}
	return any;
}

/* An alias where the link belongs to this item alone (or to copies of it). */
static void
set_aliases(size_t count, struct story_identity *out, struct place *places)
{
	for (size_t i = 0; i < count; i++)
		places[i] = (struct place){out[i].link, i};
	qsort(places, count, sizeof *places, place_cmp);
	for (size_t start = 0, end; start < count; start = end) {
		bool own = !hash128_is_none(places[start].hash);
		end = run_end(places, count, start);
		for (size_t i = start + 1; i < end; i++)
			own &= hash_cmp(out[places[start].index].key, out[places[i].index].key) == 0;
		for (size_t i = start; own && i < end; i++) {
			struct story_identity *id = &out[places[i].index];
			id->alias = (struct hash128){.hi = mark_of(id->link), .lo = id->content.hi};
		}
		for (size_t i = start; !own && i < end; i++)
			out[places[i].index].page = (struct hash128){0};
	}
}

int
story_identify(const struct story_source *items, size_t count, struct story_identity *out)
{
	struct place *places = NULL;
	size_t cap = 0;
	struct buf b;
	bool ok = vec_reserve((void **)&places, &cap, count, sizeof *places) == 0;

	buf_init(&b, 0);
	for (size_t i = 0; ok && i < count; i++)
		ok = identify_one(&items[i], &b, &out[i]);
	if (ok && count > 0) {
		enum part part = PART_LINK;
		while (part < PART_COUNT && part_repeats(items, count, out, places, part))
			part++;
		set_aliases(count, out, places);
	}
	buf_done(&b);
	free(places);
	return ok ? 0 : -1;
}
