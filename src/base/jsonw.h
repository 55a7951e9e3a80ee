#pragma once
/*
 * A streaming JSON writer (RFC 8259) into a buf. Output is always valid UTF-8 and valid JSON: ill-formed bytes
 * become U+FFFD; C0 controls, DEL, U+2028 and U+2029 are escaped. Commas and nesting are kept by the writer;
 * depth is at most JSONW_DEPTH_MAX. Reading JSON is the work of jansson, and of feed where it must be fast.
 *
 *   jsonw_init(&w, &buf, 0);
 *   jsonw_object(&w);
 *   jsonw_key(&w, "id"); jsonw_str(&w, id);
 *   jsonw_end(&w);
 */
#include "base/buf.h"

#define JSONW_DEPTH_MAX 32

struct jsonw {
	struct buf *out;
	int indent; /* spaces per level; 0 = one line */
	int depth;
	bool after_key;
	bool has_items[JSONW_DEPTH_MAX];
	char close[JSONW_DEPTH_MAX];
};

void jsonw_init(struct jsonw *w, struct buf *out, int indent);
void jsonw_object(struct jsonw *w);
void jsonw_array(struct jsonw *w);
void jsonw_end(struct jsonw *w); /* closes the innermost object or array */
void jsonw_key(struct jsonw *w, const char *key);
void jsonw_str(struct jsonw *w, struct str s); /* STR_NONE writes null */
void jsonw_cstr(struct jsonw *w, const char *s);
void jsonw_int(struct jsonw *w, int64_t v);
void jsonw_double(struct jsonw *w, double v, int decimals); /* NaN and infinities write null */
void jsonw_bool(struct jsonw *w, bool v);
void jsonw_null(struct jsonw *w);
void jsonw_time(struct jsonw *w, int64_t at);     /* RFC 3339, or null for TIME_NONE */
void jsonw_raw(struct jsonw *w, struct str json); /* a value that is JSON already, trusted */
/* key and value together; the ..._opt forms write nothing at all when the value is absent. */
void jsonw_kstr(struct jsonw *w, const char *key, struct str s);
void jsonw_kstr_opt(struct jsonw *w, const char *key, struct str s);
void jsonw_kcstr(struct jsonw *w, const char *key, const char *s);
void jsonw_kint(struct jsonw *w, const char *key, int64_t v);
void jsonw_kbool(struct jsonw *w, const char *key, bool v);
void jsonw_ktime(struct jsonw *w, const char *key, int64_t at);
void jsonw_ktime_opt(struct jsonw *w, const char *key, int64_t at);
