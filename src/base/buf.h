#pragma once
/*
 * A growing byte buffer with a ceiling. Appending past the ceiling, or when memory runs out, appends nothing
 * and sets a sticky mark; a builder may append freely and ask once at the end with buf_check().
 * The bytes are always followed by a NUL that does not count (data is NULL until the first append).
 */
#include "base/err.h"
#include "base/str.h"

struct buf {
	char *data;
	size_t len;
	size_t cap;
	size_t max_bytes;
	bool failed;
	bool over_limit;
};

/* In place, allocates nothing; max_bytes 0 means no ceiling. */
void buf_init(struct buf *b, size_t max_bytes);
void buf_done(struct buf *b);
/* Empties, keeps the memory, clears the marks. */
void buf_reset(struct buf *b);
/* All return true when the bytes went in. */
bool buf_add(struct buf *b, const void *bytes, size_t n);
bool buf_str(struct buf *b, struct str s);
bool buf_puts(struct buf *b, const char *c);
bool buf_putc(struct buf *b, char c);
bool buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Room for n more bytes at data+len, for callers that write themselves and then add to len. NULL on failure. */
char *buf_reserve(struct buf *b, size_t n);
/* A view that the next change of the buffer ends. Empty, not absent, when nothing was added. */
struct str buf_view(const struct buf *b);
int buf_check(const struct buf *b, struct err *err);
