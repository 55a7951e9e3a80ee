#include "story/diff.h"

struct words {
	const uint32_t *starts; /* count + 1 of them: the last is the end */
	size_t count;
	struct str text;
};

static int
split(struct str text, struct arena *arena, struct words *out, struct err *err)
{
	size_t count = 0, pos = 0, n = 0;
	for (size_t i = 0; i < text.len; i++)
		count += !ascii_space(text.s[i]) && (i == 0 || ascii_space(text.s[i - 1]));
	uint32_t *starts = arena_alloc(arena, (count + 1) * sizeof *starts);
	if (starts == NULL)
		return arena_check(arena, err);
	for (pos = 0; pos < text.len; pos++) {
		if (!ascii_space(text.s[pos]) && (pos == 0 || ascii_space(text.s[pos - 1])))
			starts[n++] = (uint32_t)pos;
	}
	if (count > 0)
		starts[0] = 0; /* spaces before the first word are its own */
	starts[count] = (uint32_t)text.len;
	*out = (struct words){starts, count, text};
	return 0;
}

static struct str
word_at(const struct words *w, size_t i)
{
	return str_trim((struct str){w->text.s + w->starts[i], w->starts[i + 1] - w->starts[i]});
}

static struct str
run_of(const struct words *w, size_t from, size_t to)
{
	return (struct str){w->text.s + w->starts[from], w->starts[to] - w->starts[from]};
}

/* ---- the script ---- */

/* The words between the common ends: a[0..n) and b[0..m). */
struct middle {
	const struct words *old, *new;
	size_t at, n, m; /* at: words of the common beginning */
};

static bool
equal_at(const struct middle *mid, size_t i, size_t k)
{
	return str_eq(word_at(mid->old, mid->at + i), word_at(mid->new, mid->at + k));
}

/* How far one can go on each diagonal with d edits; rows[d] points to d's row, whose middle is diagonal 0. Returns the
 * number of edits, or -1 when there are too many (or no memory: arena->failed). */
static int
find_script(const struct middle *mid, struct arena *arena, int32_t **rows)
{
	int32_t n = (int32_t)mid->n, m = (int32_t)mid->m;
	for (int32_t d = 0; d <= STORY_DIFF_EDITS_MAX && d <= n + m; d++) {
		int32_t *row = arena_alloc(arena, (size_t)(2 * d + 3) * sizeof *row);
		if (row == NULL)
			return -1;
		row += d + 1;
		rows[d] = row;
		row[-d - 1] = row[d + 1] = -1;
		const int32_t *last = d > 0 ? rows[d - 1] : NULL;
		for (int32_t k = -d; k <= d; k += 2) {
			int32_t x = 0;
			if (d > 0)
				x = k == -d || (k != d && last[k - 1] < last[k + 1]) ? last[k + 1] : last[k - 1] + 1;
			int32_t y = x - k;
			while (x < n && y < m && x >= 0 && y >= 0 && equal_at(mid, (size_t)x, (size_t)y))
				x++, y++;
			row[k] = x;
			if (x >= n && y >= m)
				return d;
		}
		for (int32_t k = -d + 1; k < d; k += 2)
			row[k] = -1;
	}
	return -1;
}

/* Marks the words that stay, from the end of the script to its start. */
static void
walk_back(const struct middle *mid, int32_t *const *rows, int edits, bool *kept_old, bool *kept_new)
{
	int32_t x = (int32_t)mid->n, y = (int32_t)mid->m;
	for (int32_t d = edits; d >= 0; d--) {
		int32_t k = x - y, from_x = 0, from_y = 0;
		if (d > 0) {
			const int32_t *last = rows[d - 1];
			bool down = k == -d || (k != d && last[k - 1] < last[k + 1]);
			from_x = down ? last[k + 1] : last[k - 1];
			from_y = from_x - (down ? k + 1 : k - 1);
		}
		while (x > from_x && y > from_y) {
			kept_old[--x] = true;
			kept_new[--y] = true;
		}
		x = from_x;
		y = from_y;
	}
}

/* ---- pieces ---- */

struct pieces {
	struct story_diff_piece *items;
	size_t count, cap;
	struct arena *arena;
};

static void
add(struct pieces *p, enum story_diff_kind kind, const struct words *w, size_t from, size_t to)
{
	if (from == to)
		return;
	struct story_diff_piece *grown = arena_grow(p->arena, p->items, &p->cap, p->count, sizeof *grown);
	if (grown == NULL)
		return;
	p->items = grown;
	p->items[p->count++] = (struct story_diff_piece){kind, run_of(w, from, to)};
}

static void
add_middle(struct pieces *p, const struct middle *mid, const bool *kept_old, const bool *kept_new)
{
	for (size_t x = 0, y = 0; x < mid->n || y < mid->m;) {
		size_t from_x = x, from_y = y;
		while (x < mid->n && !kept_old[x])
			x++;
		while (y < mid->m && !kept_new[y])
			y++;
		add(p, STORY_DIFF_REMOVED, mid->old, mid->at + from_x, mid->at + x);
		add(p, STORY_DIFF_ADDED, mid->new, mid->at + from_y, mid->at + y);
		for (from_x = x; x < mid->n && kept_old[x] && y < mid->m && kept_new[y]; x++)
			y++;
		add(p, STORY_DIFF_SAME, mid->old, mid->at + from_x, mid->at + x);
	}
}

static struct middle
trim(const struct words *a, const struct words *b)
{
	size_t at = 0, end = 0;
	while (at < a->count && at < b->count && str_eq(word_at(a, at), word_at(b, at)))
		at++;
	while (end < a->count - at && end < b->count - at &&
	       str_eq(word_at(a, a->count - 1 - end), word_at(b, b->count - 1 - end)))
		end++;
	return (struct middle){a, b, at, a->count - at - end, b->count - at - end};
}

int
story_diff(
    struct str old, struct str new, struct arena *arena, struct story_diff_piece **ret, size_t *count, struct err *err)
{
	struct words a, b;
	struct pieces p = {.arena = arena};
	int32_t **rows = arena_alloc(arena, (STORY_DIFF_EDITS_MAX + 1) * sizeof *rows);

	if (rows == NULL || split(old, arena, &a, err) < 0 || split(new, arena, &b, err) < 0)
		return rows == NULL ? arena_check(arena, err) : -1;
	struct middle mid = trim(&a, &b);
	bool *kept_old = arena_zalloc(arena, mid.n + 1, sizeof *kept_old);
	bool *kept_new = arena_zalloc(arena, mid.m + 1, sizeof *kept_new);
	if (kept_old == NULL || kept_new == NULL)
		return arena_check(arena, err);
	int edits = mid.n + mid.m <= STORY_DIFF_WORDS_MAX ? find_script(&mid, arena, rows) : -1;
	if (edits >= 0)
		walk_back(&mid, rows, edits, kept_old, kept_new);
	add(&p, STORY_DIFF_SAME, &a, 0, mid.at);
	add_middle(&p, &mid, kept_old, kept_new);
	add(&p, STORY_DIFF_SAME, &a, mid.at + mid.n, a.count);
	*ret = p.items;
	*count = p.count;
	return arena_check(arena, err);
}
