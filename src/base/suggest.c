#include "base/suggest.h"

#include <stdio.h>

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Both at most SUGGESTION_WORD_MAX long. */
static size_t
distance(struct str a, struct str b)
{
	size_t rows[3][SUGGESTION_WORD_MAX + 1];
	size_t *before = rows[0], *above = rows[1], *now = rows[2];

	for (size_t j = 0; j <= b.len; j++)
		above[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		now[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t changed = above[j - 1] + (ascii_lower(a.s[i - 1]) != ascii_lower(b.s[j - 1]));
			now[j] = least(changed, least(above[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a.s[i - 1] == b.s[j - 2] && a.s[i - 2] == b.s[j - 1])
				now[j] = least(now[j], before[j - 2] + 1);
		}
		size_t *spare = before;
		before = above;
		above = now;
		now = spare;
	}
	return above[b.len];
}

void
suggestion_init(struct suggestion *s, struct str word)
{
	/* One slip in three letters is still a likeness. */
	*s = (struct suggestion){.word = word, .best = STR_NONE, .best_distance = least(word.len / 3 + 1, 3) + 1};
}

void
suggestion_offer(struct suggestion *s, struct str candidate)
{
	if (s->word.len > SUGGESTION_WORD_MAX || candidate.len > SUGGESTION_WORD_MAX)
		return;
	size_t longer = candidate.len > s->word.len ? candidate.len : s->word.len;
	if (longer - least(candidate.len, s->word.len) >= s->best_distance)
		return;
	size_t d = distance(s->word, candidate);
	if (d < s->best_distance && d < longer) {
		s->best = candidate;
		s->best_distance = d;
	}
}

const char *
suggestion_text(const struct suggestion *s, char out[SUGGESTION_MAX])
{
	out[0] = '\0';
	if (s->best.s != NULL)
		snprintf(out, SUGGESTION_MAX, "; did you mean “%.*s”?", STR_ARG(s->best));
	return out;
}
