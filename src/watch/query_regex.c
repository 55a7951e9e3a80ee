#include "watch/query_regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

struct query_regex *
query_regex_new(struct str pattern, bool ignore_case, size_t *at, struct err *err)
{
	uint32_t options = PCRE2_AUTO_CALLOUT | PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF |
	                   PCRE2_NEVER_BACKSLASH_C | PCRE2_MULTILINE;
	struct query_regex *r = calloc(1, sizeof *r);
	PCRE2_SIZE offset = 0;
	int code = 0;

	*at = 0;
	if (r == NULL) {
		err_oom(err);
		return NULL;
	}
	r->code = pcre2_compile(
	    (PCRE2_SPTR)pattern.s, pattern.len, options | (ignore_case ? PCRE2_CASELESS : 0), &code, &offset, NULL);
	if (r->code == NULL) {
		PCRE2_UCHAR said[120];
		if (pcre2_get_error_message(code, said, sizeof said) < 0)
			said[0] = '\0';
		*at = offset < pattern.len ? offset : pattern.len;
		err_set(err, code == PCRE2_ERROR_NOMEMORY ? ERR_NO_MEMORY : ERR_SYNTAX, "%s", (char *)said);
		free(r);
		return NULL;
	}
	return r;
}

void
query_regex_free(struct query_regex *r)
{
	while (r != NULL) {
		struct query_regex *next = r->next;
		pcre2_code_free(r->code);
		free(r);
		r = next;
	}
}

/* PCRE2 counts its steps anew at each place where it begins; these are all of a text, and how far each of them went. */
struct steps {
	size_t left;
	size_t last; /* where it was */
};

static int
count_step(pcre2_callout_block *at, void *ctx)
{
	struct steps *s = ctx;
	size_t went = at->current_position > s->last ? at->current_position - s->last : s->last - at->current_position;
	s->last = at->current_position;
	if (s->left <= went)
		return PCRE2_ERROR_CALLOUT;
	s->left -= went + 1;
	return 0;
}

static pcre2_match_context *
limits(struct steps *steps)
{
	pcre2_match_context *c = pcre2_match_context_create(NULL);
	if (c == NULL)
		return NULL;
	pcre2_set_callout(c, count_step, steps);
	pcre2_set_match_limit(c, QUERY_REGEX_STEPS_MAX);
	pcre2_set_depth_limit(c, QUERY_REGEX_DEPTH_MAX);
	pcre2_set_heap_limit(c, QUERY_REGEX_HEAP_KIB_MAX);
	return c;
}

/* Where to look on after an empty match: behind the next character. */
static size_t
step_over(struct str text, size_t pos)
{
	pos++;
	while (pos < text.len && ((unsigned char)text.s[pos] & 0xC0) == 0x80)
		pos++;
	return pos;
}

static enum watch_limit
limit_of(int rc)
{
	switch (rc) {
	case PCRE2_ERROR_CALLOUT:
	case PCRE2_ERROR_MATCHLIMIT:
		return WATCH_LIMIT_STEPS;
	case PCRE2_ERROR_DEPTHLIMIT:
		return WATCH_LIMIT_DEPTH;
	case PCRE2_ERROR_HEAPLIMIT:
		return WATCH_LIMIT_MEMORY;
	default:
		return WATCH_LIMIT_NONE;
	}
}

bool
query_regex_find(const struct query_regex *r, struct str text, bool (*each)(void *ctx, size_t start, size_t end),
    void *ctx, uint64_t *pool, enum watch_limit *limit)
{
	size_t most = QUERY_REGEX_STEPS_MAX + text.len * QUERY_REGEX_STEPS_A_BYTE;
	bool pooled = pool != NULL && *pool < most;
	if (pooled)
		most = (size_t)*pool;
	*limit = pooled && most == 0 ? WATCH_LIMIT_DOCUMENT : WATCH_LIMIT_NONE;
	if (*limit != WATCH_LIMIT_NONE)
		return true;
	struct steps steps = {.left = most};
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	pcre2_match_context *context = data ? limits(&steps) : NULL;
	bool good = context != NULL, more = good;
	size_t pos = 0;

	for (unsigned n = 0; more && pos <= text.len && n < QUERY_REGEX_FINDS_MAX; n++) {
		int rc = pcre2_match(r->code, (PCRE2_SPTR)text.s, text.len, pos, 0, data, context);
		good = rc != PCRE2_ERROR_NOMEMORY;
		*limit = limit_of(rc);
		if (rc < 0)
			break;
		const PCRE2_SIZE *at = pcre2_get_ovector_pointer(data);
		size_t start = at[0], end = at[1];
		if (end > start && start >= pos)
			more = each(ctx, start, end);
		pos = end > pos ? end : step_over(text, pos);
	}
	if (pooled && *limit == WATCH_LIMIT_STEPS) {
		*limit = WATCH_LIMIT_DOCUMENT;
		steps.left = 0; /* the others are not tried for the rest */
	}
	if (pool != NULL)
		*pool -= most - steps.left;
	pcre2_match_context_free(context);
	pcre2_match_data_free(data);
	return good;
}
