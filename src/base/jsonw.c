#include "base/jsonw.h"

#include "base/clock.h"
#include "base/utf8.h"

#include <math.h>

void
jsonw_init(struct jsonw *w, struct buf *out, int indent)
{
	*w = (struct jsonw){.out = out, .indent = indent};
}

static void
newline(struct jsonw *w)
{
	if (w->indent == 0)
		return;
	buf_putc(w->out, '\n');
	for (int i = 0; i < w->depth * w->indent; i++)
		buf_putc(w->out, ' ');
}

/* What has to stand before the next value or key. */
static void
separate(struct jsonw *w)
{
	if (w->after_key) {
		w->after_key = false;
		return;
	}
	if (w->depth == 0)
		return;
	if (w->has_items[w->depth - 1])
		buf_putc(w->out, ',');
	w->has_items[w->depth - 1] = true;
	newline(w);
}

static void
begin(struct jsonw *w, char open, char close)
{
	separate(w);
	if (w->depth == JSONW_DEPTH_MAX) {
		w->out->failed = w->out->over_limit = true;
		return;
	}
	buf_putc(w->out, open);
	w->has_items[w->depth] = false;
	w->close[w->depth++] = close;
}

void
jsonw_object(struct jsonw *w)
{
	begin(w, '{', '}');
}

void
jsonw_array(struct jsonw *w)
{
	begin(w, '[', ']');
}

void
jsonw_end(struct jsonw *w)
{
	if (w->depth == 0)
		return;
	w->depth--;
	if (w->has_items[w->depth])
		newline(w);
	buf_putc(w->out, w->close[w->depth]);
}

/* Bytes that need more than a copy: controls, the two that JSON needs, and the first of U+2028 and U+2029. */
static const unsigned char odd[256] = {
    [0x00 ... 0x1f] = 1,
    ['"'] = 1,
    ['\\'] = 1,
    [0x7f] = 1,
    [0xe2] = 1,
};

static void
escape(struct buf *out, uint32_t cp)
{
	static const char shorts[] = "\b\f\n\r\t\"\\", letters[] = "bfnrt\"\\", hex[] = "0123456789abcdef";
	const char *p = cp && cp < 0x7F ? strchr(shorts, (int)cp) : NULL;
	if (p != NULL) {
		char two[2] = {'\\', letters[p - shorts]};
		buf_add(out, two, sizeof two);
	} else {
		char six[6] = {'\\', 'u', hex[cp >> 12 & 15], hex[cp >> 8 & 15], hex[cp >> 4 & 15], hex[cp & 15]};
		buf_add(out, six, sizeof six);
	}
}

/* Text that is valid UTF-8. */
static void
quoted_valid(struct buf *out, struct str s)
{
	size_t start = 0;
	for (size_t pos = 0; pos < s.len;) {
		if (!odd[(unsigned char)s.s[pos]]) {
			pos++;
			continue;
		}
		size_t next = pos;
		uint32_t cp = utf8_next(s, &next);
		if (cp < 0x80 || cp == 0x2028 || cp == 0x2029) {
			buf_add(out, s.s + start, pos - start);
			escape(out, cp);
			start = next;
		}
		pos = next;
	}
	buf_add(out, s.s + start, s.len - start);
}

static void
quoted(struct buf *out, struct str s)
{
	buf_putc(out, '"');
	while (s.len > 0) {
		size_t good = utf8_valid_prefix(s), bad = good;
		quoted_valid(out, (struct str){s.s, good});
		if (good < s.len) {
			utf8_next(s, &bad);
			buf_puts(out, "\xEF\xBF\xBD");
		}
		s = (struct str){s.s + bad, s.len - bad};
	}
	buf_putc(out, '"');
}

void
jsonw_key(struct jsonw *w, const char *key)
{
	separate(w);
	quoted(w->out, str_from(key));
	buf_puts(w->out, w->indent ? ": " : ":");
	w->after_key = true;
}

void
jsonw_str(struct jsonw *w, struct str s)
{
	if (s.s == NULL) {
		jsonw_null(w);
		return;
	}
	separate(w);
	quoted(w->out, s);
}

void
jsonw_cstr(struct jsonw *w, const char *s)
{
	jsonw_str(w, str_from(s));
}

void
jsonw_int(struct jsonw *w, int64_t v)
{
	separate(w);
	buf_printf(w->out, "%lld", (long long)v);
}

void
jsonw_double(struct jsonw *w, double v, int decimals)
{
	if (!isfinite(v)) {
		jsonw_null(w);
		return;
	}
	separate(w);
	buf_printf(w->out, "%.*f", decimals, v);
}

void
jsonw_bool(struct jsonw *w, bool v)
{
	separate(w);
	buf_puts(w->out, v ? "true" : "false");
}

void
jsonw_null(struct jsonw *w)
{
	separate(w);
	buf_puts(w->out, "null");
}

void
jsonw_time(struct jsonw *w, int64_t at)
{
	char text[TIME_FORMAT_MAX];
	time_format(at, true, text);
	jsonw_str(w, text[0] ? str_from(text) : STR_NONE);
}

void
jsonw_raw(struct jsonw *w, struct str json)
{
	separate(w);
	buf_str(w->out, json);
}

void
jsonw_kstr(struct jsonw *w, const char *key, struct str s)
{
	jsonw_key(w, key);
	jsonw_str(w, s);
}

void
jsonw_kstr_opt(struct jsonw *w, const char *key, struct str s)
{
	if (s.s != NULL)
		jsonw_kstr(w, key, s);
}

void
jsonw_kcstr(struct jsonw *w, const char *key, const char *s)
{
	jsonw_kstr(w, key, str_from(s));
}

void
jsonw_kint(struct jsonw *w, const char *key, int64_t v)
{
	jsonw_key(w, key);
	jsonw_int(w, v);
}

void
jsonw_kbool(struct jsonw *w, const char *key, bool v)
{
	jsonw_key(w, key);
	jsonw_bool(w, v);
}

void
jsonw_ktime(struct jsonw *w, const char *key, int64_t at)
{
	jsonw_key(w, key);
	jsonw_time(w, at);
}

void
jsonw_ktime_opt(struct jsonw *w, const char *key, int64_t at)
{
	if (at != TIME_NONE)
		jsonw_ktime(w, key, at);
}
