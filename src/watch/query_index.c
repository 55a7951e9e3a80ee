#include "watch/query_atoms.h"
#include "watch/query_code.h"

#include "base/vec.h"

#include <stdlib.h>

struct builder {
	struct query_index *x;
	const struct query_set *set;
	struct query_atoms atoms;
	/* wakes as they come, with their atoms */
	uint32_t *wake_atoms;
	size_t wake_atom_cap;
	struct arena keep;
	struct cover *covers; /* of the entries so far: a topic comes before those that use it */
	bool failed;
};

/* How likely an item holds one of the atoms; only compared. More than COST_ALWAYS: any item may apply. */
#define COST_ALWAYS 1e9
#define USES_THAT_DOUBLE 8    /* the cost of a word */
#define COVER_ATOMS_MAX 4096u /* of a larger set, waking on any item is as good */

struct cover {
	uint32_t *atoms;
	size_t count, cap;
	double cost;
};

/* ---- atoms ---- */

static void
leaf_atoms(struct builder *b, const struct query_node *leaf, struct query_leaf_atoms *to)
{
	struct query_index *x = b->x;
	if ((leaf->op == QUERY_ACTOR || leaf->op == QUERY_TOPIC) && x->entity_atoms[leaf->n] == ATOM_NONE)
		x->entity_atoms[leaf->n] = query_atoms_new(&b->atoms);
	if (leaf->op == QUERY_TERM)
		query_atoms_term(&b->atoms, leaf, to);
	b->failed |= b->atoms.failed;
}

static void
all_leaves(struct builder *b, const struct query_node *node, struct query_leaf_atoms *leaves)
{
	if (query_is_leaf(node))
		leaf_atoms(b, node, &leaves[node->number]);
	for (size_t i = 0; i < node->kid_count && !b->failed; i++)
		all_leaves(b, node->kids[i], leaves);
}

/* ---- which atoms a query cannot do without ---- */

static void
cover_add(struct builder *b, struct arena *scratch, struct cover *c, uint32_t atom)
{
	uint32_t *atoms = arena_grow(scratch, c->atoms, &c->cap, c->count, sizeof *atoms);
	if (atoms == NULL) {
		b->failed = true;
		return;
	}
	c->atoms = atoms;
	c->atoms[c->count++] = atom;
}

/* Longer words are rarer; and what many queries ask for, many items hold: that says more, the more of them do. */
static double
rarity(const struct builder *b, uint32_t atom, struct str text, bool begins)
{
	static const double by_letters[] = {900, 700, 450, 220, 110, 70, 45, 30, 20, 14, 10};
	size_t letters = 0;
	for (size_t i = 0; i < text.len; i++)
		letters += ((unsigned char)text.s[i] & 0xC0) != 0x80;
	/* a character of a script without spaces says more than a letter */
	if (text.len > 0 && (unsigned char)text.s[0] >= 0xE0)
		letters = letters * 3;
	double cost = by_letters[letters < 11 ? letters : 10] * (begins ? 3 : 1);
	return cost * (1 + (double)b->atoms.uses[atom] / USES_THAT_DOUBLE);
}

static double
token_rarity(const struct builder *b, const struct query_token *t, uint32_t atom)
{
	bool begins = t->wild || t->open;
	return rarity(b, atom, begins ? query_atoms_prefix(t) : t->fold, begins);
}

/* A phrase of plain words wakes as one, of others the rarest word. */
static void
cover_term(struct builder *b, struct arena *scratch, const struct query_node *leaf,
    const struct query_leaf_atoms *atoms, struct cover *c)
{
	size_t best = 0;
	c->cost = token_rarity(b, &leaf->tokens[0], atoms->tokens[0]);
	for (size_t i = 1; i < leaf->token_count; i++) {
		double cost = token_rarity(b, &leaf->tokens[i], atoms->tokens[i]);
		best = cost < c->cost ? i : best;
		c->cost = cost < c->cost ? cost : c->cost;
	}
	c->cost *= leaf->token_count == 1 ? 1 : atoms->whole != ATOM_NONE ? 0.1 : 0.3;
	c->cost *= leaf->form == QUERY_STEM ? 3 : 1;
	cover_add(b, scratch, c, atoms->whole != ATOM_NONE ? atoms->whole : atoms->tokens[best]);
}

static void
cover(struct builder *b, struct arena *scratch, uint32_t entry, const struct query_node *node, struct cover *c);

static void
cover_always(struct cover *c)
{
	*c = (struct cover){.cost = 2 * COST_ALWAYS};
}

static void
cover_join(struct builder *b, struct arena *scratch, struct cover *to, const struct cover *from)
{
	for (size_t i = 0; i < from->count && !b->failed; i++)
		cover_add(b, scratch, to, from->atoms[i]);
	to->cost += from->cost;
}

/* All of these must hold: the rarest decides. */
static void
cover_all(struct builder *b, struct arena *scratch, uint32_t entry, const struct query_node *node, struct cover *c)
{
	size_t parts = 0;
	cover_always(c);
	for (size_t i = 0; i < node->kid_count && !b->failed; i++) {
		struct cover kid = {0};
		if (node->kids[i]->op == QUERY_NOT)
			continue;
		cover(b, scratch, entry, node->kids[i], &kid);
		parts += kid.cost < COST_ALWAYS;
		if (kid.cost < c->cost)
			*c = kid;
	}
	if (parts > 1) /* the others make it rarer still */
		c->cost *= 0.3;
}

/* One of these must hold. */
static void
cover_any(struct builder *b, struct arena *scratch, uint32_t entry, const struct query_node *node, struct cover *c)
{
	*c = (struct cover){0};
	for (size_t i = 0; i < node->kid_count && !b->failed; i++) {
		struct cover kid = {0};
		cover(b, scratch, entry, node->kids[i], &kid);
		cover_join(b, scratch, c, &kid);
	}
}

struct sum_part {
	struct cover cover;
	int64_t weight;
};

static int
by_cost(const void *a, const void *b)
{
	const struct sum_part *x = a, *y = b;
	return x->cover.cost < y->cover.cost ? 1 : x->cover.cost > y->cover.cost ? -1 : 0;
}

/* The commonest parts may be left out as long as they cannot reach the threshold among themselves. */
static void
cover_sum(struct builder *b, struct arena *scratch, uint32_t entry, const struct query_node *node, struct cover *c)
{
	struct sum_part *parts = arena_zalloc(scratch, node->kid_count, sizeof *parts);
	size_t count = 0;
	int64_t left_out = 0;
	*c = (struct cover){0};
	if (parts == NULL) {
		b->failed = true;
		return;
	}
	for (size_t i = 0; i < node->kid_count && !b->failed; i++) {
		if (node->kids[i]->weight <= 0)
			continue;
		parts[count].weight = node->kids[i]->weight;
		cover(b, scratch, entry, node->kids[i], &parts[count++].cover);
	}
	qsort(parts, count, sizeof *parts, by_cost);
	for (size_t i = 0; i < count && !b->failed; i++) {
		if (left_out + parts[i].weight < (int64_t)node->n)
			left_out += parts[i].weight;
		else
			cover_join(b, scratch, c, &parts[i].cover);
	}
}

/* The topic's own phrases, or what its query cannot do without. */
static void
cover_topic(struct builder *b, struct arena *scratch, const struct query_node *leaf, struct cover *c)
{
	uint32_t below = b->set->entry_of[leaf->n];
	cover_add(b, scratch, c, b->x->entity_atoms[leaf->n]);
	c->cost = 2;
	if (below != 0)
		cover_join(b, scratch, c, &b->covers[below - 1]);
}

static void
cover(struct builder *b, struct arena *scratch, uint32_t entry, const struct query_node *node, struct cover *c)
{
	const struct query_leaf_atoms *atoms = &b->x->leaves[b->x->leaf_start[entry]];
	switch (node->op) {
	case QUERY_TERM:
		cover_term(b, scratch, node, &atoms[node->number], c);
		break;
	case QUERY_ACTOR:
		cover_add(b, scratch, c, b->x->entity_atoms[node->n]);
		c->cost = 2;
		break;
	case QUERY_TOPIC:
		cover_topic(b, scratch, node, c);
		break;
	case QUERY_REGEX:
	case QUERY_ABOUT:
	case QUERY_NOT:
		cover_always(c);
		break;
	case QUERY_OR:
		cover_any(b, scratch, entry, node, c);
		break;
	case QUERY_SUM:
		cover_sum(b, scratch, entry, node, c);
		break;
	default: /* AND, the pairs, and those with one kid */
		cover_all(b, scratch, entry, node, c);
	}
	if (c->count > COVER_ATOMS_MAX)
		cover_always(c);
}

/* ---- what must be there besides ---- */

#define NEED_GROUPS_MAX 8u
#define NEED_ATOMS_MAX 64u /* of one group */

struct needs {
	struct cover groups[NEED_GROUPS_MAX]; /* by cost */
	size_t count;
};

static void
need(struct needs *n, const struct cover *group)
{
	size_t at = n->count;
	if (group->cost >= COST_ALWAYS || group->count == 0 || group->count > NEED_ATOMS_MAX)
		return;
	if (n->count == NEED_GROUPS_MAX && group->cost >= n->groups[NEED_GROUPS_MAX - 1].cost)
		return;
	if (n->count < NEED_GROUPS_MAX)
		n->count++;
	else
		at--;
	for (; at > 0 && n->groups[at - 1].cost > group->cost; at--)
		n->groups[at] = n->groups[at - 1];
	n->groups[at] = *group;
}

/* A phrase of plain words as one, of others each word. */
static void
need_words(struct builder *b, struct arena *scratch, const struct query_node *leaf,
    const struct query_leaf_atoms *atoms, struct needs *n)
{
	struct cover group = {0};
	if (atoms->whole != ATOM_NONE) {
		cover_term(b, scratch, leaf, atoms, &group);
		need(n, &group);
		return;
	}
	for (size_t i = 0; i < leaf->token_count && !b->failed; i++) {
		group = (struct cover){.cost = token_rarity(b, &leaf->tokens[i], atoms->tokens[i])};
		cover_add(b, scratch, &group, atoms->tokens[i]);
		need(n, &group);
	}
}

static void
needs_of(struct builder *b, struct arena *scratch, uint32_t entry, const struct query_node *node, struct needs *n)
{
	struct cover group = {0};
	switch (node->op) {
	case QUERY_NOT:
	case QUERY_REGEX:
	case QUERY_ABOUT:
		return;
	case QUERY_TERM:
		need_words(b, scratch, node, &b->x->leaves[b->x->leaf_start[entry] + node->number], n);
		return;
	case QUERY_ACTOR:
	case QUERY_TOPIC:
	case QUERY_OR:
	case QUERY_SUM:
		cover(b, scratch, entry, node, &group);
		need(n, &group);
		return;
	default: /* AND, the pairs, and those with one kid */
		for (size_t i = 0; i < node->kid_count && !b->failed; i++)
			needs_of(b, scratch, entry, node->kids[i], n);
	}
}

static void
put_need(struct builder *b, uint32_t value)
{
	struct query_index *x = b->x;
	if (vec_reserve((void **)&x->code, &x->code_cap, x->code_count + 1, sizeof *x->code) < 0)
		b->failed = true;
	else
		x->code[x->code_count++] = value;
}

/* Returns where they begin. */
static uint32_t
enter_needs(struct builder *b, const struct needs *n)
{
	uint32_t start = (uint32_t)b->x->code_count;
	for (size_t i = 0; i < n->count && !b->failed; i++) {
		put_need(b, (uint32_t)n->groups[i].count);
		for (size_t k = 0; k < n->groups[i].count && !b->failed; k++)
			put_need(b, n->groups[i].atoms[k]);
	}
	put_need(b, 0);
	return start;
}

/* The rarest small groups that the waking atom says nothing about. */
static struct query_wake
guarded(uint32_t entry, uint32_t needs, uint32_t atom, const struct needs *n)
{
	struct query_wake wake = {.entry = entry & (QUERY_ENTRIES_MAX - 1), .needs = needs};
	uint32_t count = 0, groups = 0, ends[QUERY_GUARD_GROUPS] = {0};
	for (size_t i = 0; i < n->count && groups < QUERY_GUARD_GROUPS; i++) {
		const struct cover *group = &n->groups[i];
		bool own = group->count > QUERY_GUARDS - count;
		for (size_t k = 0; k < group->count && !own; k++)
			own = group->atoms[k] == atom;
		for (size_t k = 0; k < group->count && !own; k++)
			wake.guards[count++] = (uint16_t)query_here_bit(group->atoms[k]);
		if (!own)
			ends[groups++] = count;
	}
	for (uint32_t i = groups; i < QUERY_GUARD_GROUPS && groups > 0; i++)
		ends[i] = QUERY_GUARDS;
	if (groups > 0)
		ends[groups - 1] = QUERY_GUARDS;
	for (; groups > 0 && count < QUERY_GUARDS; count++)
		wake.guards[count] = wake.guards[count - 1];
	wake.first = ends[0] & 15;
	wake.second = ends[1] & 15;
	return wake;
}

static int
by_atom(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return x < y ? -1 : x > y;
}

static void
add_wake(struct builder *b, uint32_t atom, struct query_wake wake)
{
	struct query_index *x = b->x;
	if (vec_reserve((void **)&x->wakes, &x->wake_cap, x->wake_count + 1, sizeof *x->wakes) < 0 ||
	    vec_reserve((void **)&b->wake_atoms, &b->wake_atom_cap, x->wake_count + 1, sizeof *b->wake_atoms) < 0) {
		b->failed = true;
		return;
	}
	b->wake_atoms[x->wake_count] = atom;
	x->wakes[x->wake_count++] = wake;
}

/* Each atom once. */
static void
merge(struct cover *c)
{
	size_t kept = 0;
	if (c->count > 1)
		qsort(c->atoms, c->count, sizeof *c->atoms, by_atom);
	for (size_t i = 0; i < c->count; i++) {
		if (kept == 0 || c->atoms[kept - 1] != c->atoms[i])
			c->atoms[kept++] = c->atoms[i];
	}
	c->count = kept;
}

static bool
keep_cover(struct builder *b, uint32_t entry, const struct cover *c)
{
	struct cover *kept = &b->covers[entry];
	*kept = (struct cover){
	    .count = c->count, .cost = c->cost, .atoms = arena_alloc(&b->keep, (c->count + 1) * sizeof *c->atoms)};
	if (kept->atoms != NULL && c->count > 0)
		memcpy(kept->atoms, c->atoms, c->count * sizeof *c->atoms);
	return kept->atoms != NULL;
}

static void
enter(struct builder *b, uint32_t entry, struct arena *scratch)
{
	struct query_index *x = b->x;
	struct cover c = {0};
	arena_reset(scratch);
	cover(b, scratch, entry, b->set->entries[entry].query.root, &c);
	merge(&c);
	b->failed = b->failed || !keep_cover(b, entry, &c);
	if (b->failed)
		return;
	struct needs n = {.count = 0};
	needs_of(b, scratch, entry, b->set->entries[entry].query.root, &n);
	const struct query *q = &b->set->entries[entry].query;
	const struct query_leaf_atoms *leaves = &x->leaves[x->leaf_start[entry]];
	uint32_t start = query_code_knows_all(leaves, q->root) ? QUERY_NEEDS_UNASKED : enter_needs(b, &n);
	x->where[entry] = (struct query_where){q->text.s, (uint32_t)q->text.len, (uint32_t)x->code_count};
	b->failed = b->failed || !query_code_add(x, leaves, q->root);
	for (size_t i = 0; i < c.count && c.cost < COST_ALWAYS; i++)
		add_wake(b, c.atoms[i], guarded(entry, start, c.atoms[i], &n));
	if (c.cost < COST_ALWAYS)
		return;
	if (vec_reserve((void **)&x->always, &x->always_cap, x->always_count + 1, sizeof *x->always) < 0)
		b->failed = true;
	else
		x->always[x->always_count++] = (struct query_entered){entry, start};
}

/* Puts the wakes of each atom side by side. */
static bool
arrange(struct builder *b)
{
	struct query_index *x = b->x;
	struct query_wake *sorted = malloc((x->wake_count + 1) * sizeof *sorted);
	uint32_t *start = calloc((size_t)x->atom_count + 2, sizeof *start);
	if (sorted == NULL || start == NULL) {
		free(sorted);
		free(start);
		return false;
	}
	for (size_t i = 0; i < x->wake_count; i++)
		start[b->wake_atoms[i] + 2]++;
	for (size_t i = 2; i < (size_t)x->atom_count + 2; i++)
		start[i] += start[i - 1];
	for (size_t i = 0; i < x->wake_count; i++)
		sorted[start[b->wake_atoms[i] + 1]++] = x->wakes[i];
	free(x->wakes);
	x->wakes = sorted;
	x->wake_start = start;
	return true;
}

static bool
make_leaves(struct builder *b)
{
	struct query_index *x = b->x;
	size_t total = 0;
	for (size_t i = 0; i < b->set->count; i++)
		total += b->set->entries[i].query.leaf_count;
	x->leaf_start = calloc(b->set->count + 1, sizeof *x->leaf_start);
	x->leaves = calloc(total + 1, sizeof *x->leaves);
	x->where = calloc(b->set->count + 1, sizeof *x->where);
	x->entity_atoms = malloc((x->entity_count + 1) * sizeof *x->entity_atoms);
	if (x->leaf_start == NULL || x->leaves == NULL || x->where == NULL || x->entity_atoms == NULL)
		return false;
	memset(x->entity_atoms, 0xFF, (x->entity_count + 1) * sizeof *x->entity_atoms);
	total = 0;
	for (size_t i = 0; i < b->set->count && !b->failed; i++) {
		x->leaf_start[i] = (uint32_t)total;
		all_leaves(b, b->set->entries[i].query.root, &x->leaves[total]);
		total += b->set->entries[i].query.leaf_count;
	}
	return !b->failed;
}

struct query_index *
query_index_new(const struct query_set *set)
{
	struct builder b = {.set = set, .x = calloc(1, sizeof *b.x)};
	struct arena scratch;
	if (b.x == NULL)
		return NULL;
	arena_init(&b.x->arena, 0);
	arena_init(&scratch, 0);
	arena_init(&b.keep, 0);
	query_atoms_init(&b.atoms, b.x);
	for (int i = 0; i < TEXT_STEM_LANGUAGES; i++)
		map_init(&b.x->stems[i]);
	b.x->entity_count = set->entity_count;
	b.covers = calloc(set->count + 1, sizeof *b.covers);
	bool good = b.covers != NULL && set->count < QUERY_ENTRIES_MAX && make_leaves(&b);
	for (uint32_t i = 0; i < set->count && good && !b.failed; i++)
		enter(&b, i, &scratch);
	query_atoms_kin(&b.atoms);
	good = good && !b.failed && !b.atoms.failed && arrange(&b) && query_index_pack(b.x, &b.atoms, set->count);
	query_atoms_done(&b.atoms);
	free(b.covers);
	arena_done(&b.keep);
	free(b.wake_atoms);
	arena_done(&scratch);
	if (!good) {
		query_index_free(b.x);
		return NULL;
	}
	return b.x;
}

void
query_index_free(struct query_index *x)
{
	if (x == NULL)
		return;
	for (int i = 0; i < TEXT_STEM_LANGUAGES; i++)
		map_done(&x->stems[i]);
	query_index_unpack(x);
	free(x->leaf_start);
	free(x->leaves);
	free(x->nodes);
	free(x->always);
	arena_done(&x->arena);
	free(x);
}
