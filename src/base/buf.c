#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void
buf_init(struct buf *b, size_t max_bytes)
{
	*b = (struct buf){.max_bytes = max_bytes ? max_bytes : SIZE_MAX / 2};
}

void
buf_done(struct buf *b)
{
	free(b->data);
	b->data = NULL;
	b->len = b->cap = 0;
}

void
buf_reset(struct buf *b)
{
	b->len = 0;
	b->failed = b->over_limit = false;
	if (b->data != NULL)
		b->data[0] = '\0';
}

char *
buf_reserve(struct buf *b, size_t n)
{
	if (n > b->max_bytes || b->len > b->max_bytes - n) {
		b->failed = b->over_limit = true;
		return NULL;
	}
	if (b->cap - b->len > n)
		return b->data + b->len;
	size_t cap = b->cap ? b->cap : n < 64 ? 64 : n + 1; /* who knows at once how much it will be gets no more */
	while (cap - b->len <= n)
		cap *= 2;
	if (cap > b->max_bytes)
		cap = b->max_bytes + 1;
	char *p = realloc(b->data, cap);
	if (p == NULL) {
		b->failed = true;
		return NULL;
	}
	b->data = p;
	b->cap = cap;
	return p + b->len;
}

bool
buf_add(struct buf *b, const void *bytes, size_t n)
{
	/* The way of nearly all calls; cap is at most max_bytes + 1. */
	if (b->cap - b->len > n) {
		if (n > 0)
			memcpy(b->data + b->len, bytes, n);
		b->len += n;
		b->data[b->len] = '\0';
		return true;
	}
	char *p = buf_reserve(b, n);
	if (p == NULL)
		return false;
	if (n > 0)
		memcpy(p, bytes, n);
	b->len += n;
	b->data[b->len] = '\0';
	return true;
}

bool
buf_str(struct buf *b, struct str s)
{
	return buf_add(b, s.s, s.len);
}

bool
buf_puts(struct buf *b, const char *c)
{
	return buf_add(b, c, strlen(c));
}

bool
buf_putc(struct buf *b, char c)
{
	if (b->cap - b->len > 1) {
		b->data[b->len++] = c;
		b->data[b->len] = '\0';
		return true;
	}
	return buf_add(b, &c, 1);
}

bool
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0) {
		b->failed = true;
		return false;
	}
	char *p = buf_reserve(b, (size_t)n);
	if (p == NULL)
		return false;
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
	return true;
}

struct str
buf_view(const struct buf *b)
{
	return (struct str){b->data ? b->data : "", b->len};
}

int
buf_check(const struct buf *b, struct err *err)
{
	if (!b->failed)
		return 0;
	if (b->over_limit)
		return err_set(err, ERR_LIMIT, "buffer limit of %zu bytes reached", b->max_bytes);
	return err_oom(err);
}
