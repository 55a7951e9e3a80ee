#pragma once
/*
 * wire: values ↔ CBOR (RFC 8949, libcbor), driven by tables. A table says where each field of a struct lies and of what kind
 * it is; encoder and decoder both follow it. A struct is an array of its fields in the table's order. Both ends are the
 * same program, so there are no names and no versions on the wire; what arrives is nevertheless trusted in nothing.
 *
 * Strings carry their final NUL, and blocks of plain elements lie at even places, so that the decoder hands out views into
 * the message (which is to lie at an even place itself, else blocks are copied). It refuses whatever the table does
 * not expect: other types, counts above their ceilings, strings that are not valid UTF-8 or hold a NUL, numbers
 * out of range, too little, too much. What it allocates is bounded by a constant times the size of the message.
 */
#include "base/arena.h"
#include "base/buf.h"

enum wire_kind {
	WIRE_STR,    /* struct str; STR_NONE is told from "" */
	WIRE_WORD,   /* const char *: a static word that `word` finds again */
	WIRE_BOOL,   /* bool */
	WIRE_SIGNED, /* an integer of `size` bytes */
	WIRE_UNSIGNED,
	WIRE_BYTES,  /* `size` bytes as they are */
	WIRE_OCTETS, /* struct str of any bytes, without a NUL behind them */
	WIRE_STRUCT, /* in place */
	WIRE_ARRAY,  /* a pointer to structs, with a size_t that counts them */
	WIRE_BLOCK, /* a pointer to plain elements of `size` bytes, with an integer of `count_size` bytes that counts them */
	WIRE_BESIDE, /* the same, its count being one that an earlier row has told */
};

struct wire_field {
	const char *name; /* for messages */
	enum wire_kind kind;
	uint32_t offset, size;
	uint32_t count_offset; /* WIRE_ARRAY, WIRE_BESIDE, WIRE_BLOCK */
	uint32_t count_size;   /* WIRE_BLOCK */
	uint64_t max; /* WIRE_ARRAY, WIRE_BLOCK: elements; WIRE_STR: bytes; WIRE_UNSIGNED: value; 0 = what fits */
	const struct wire_type *type;
	const char *(*word)(struct str word); /* NULL for a word that does not exist */
};

struct wire_type {
	const char *name;
	size_t size;
	const struct wire_field *fields;
	size_t field_count;
};

/* Rows. A number's kind follows from its C type. */
#define WIRE_SIZE_OF(s, f) sizeof(((struct s *)0)->f)
#define WIRE_ROW(s, f, k, ...) \
	{ \
		.name = #f, .kind = k, .offset = offsetof(struct s, f), .size = WIRE_SIZE_OF(s, f), __VA_ARGS__ \
	}
#define WIRE_S(s, f) WIRE_ROW(s, f, WIRE_STR, .max = 0)
#define WIRE_SIGN(x) \
	_Generic((x), signed char \
	         : WIRE_SIGNED, short \
	         : WIRE_SIGNED, int \
	         : WIRE_SIGNED, long \
	         : WIRE_SIGNED, long long \
	         : WIRE_SIGNED, default \
	         : WIRE_UNSIGNED)
#define WIRE_N(s, f) WIRE_ROW(s, f, WIRE_SIGN(((struct s *)0)->f), .max = 0)
#define WIRE_ENUM(s, f, count) WIRE_ROW(s, f, WIRE_UNSIGNED, .max = (count)-1)
#define WIRE_B(s, f) WIRE_ROW(s, f, WIRE_BOOL, .max = 0)
#define WIRE_O(s, f) WIRE_ROW(s, f, WIRE_OCTETS, .max = 0)
#define WIRE_RAW(s, f) WIRE_ROW(s, f, WIRE_BYTES, .max = 0)
#define WIRE_IN(s, f, t) WIRE_ROW(s, f, WIRE_STRUCT, .type = &(t))
#define WIRE_MANY(s, f, n, most, t) \
	WIRE_ROW(s, f, WIRE_ARRAY, .count_offset = offsetof(struct s, n), .max = (most), .type = &(t))
#define WIRE_PLAIN(s, f, n, most) \
	{ \
		.name = #f, .kind = WIRE_BLOCK, .offset = offsetof(struct s, f), .size = sizeof *((struct s *)0)->f, \
		.count_offset = offsetof(struct s, n), .count_size = WIRE_SIZE_OF(s, n), .max = (most) \
	}
#define WIRE_SAME(s, f, n, t) WIRE_ROW(s, f, WIRE_BESIDE, .count_offset = offsetof(struct s, n), .type = &(t))
#define WIRE_TYPE(s, rows) \
	{ \
		.name = #s, .size = sizeof(struct s), .fields = (rows), .field_count = sizeof(rows) / sizeof *(rows) \
	}

/* Appends; a buffer that ran out of memory or over its ceiling remembers it. */
void wire_put(struct buf *out, const struct wire_type *type, const void *value);
/* Arrays go into the arena, strings and blocks are views into the message, which must outlive the value. 0 when the whole message is one
 * value of the type; -1 with ERR_SYNTAX or ERR_NO_MEMORY/ERR_LIMIT. */
int wire_get(struct str message, const struct wire_type *type, struct arena *arena, void *value, struct err *err);

/*
 * A message travels as one CBOR byte string with a length of four bytes: a head of WIRE_HEAD bytes, then the value. When the
 * value lies elsewhere (worker/area.h), an unsigned integer of four bytes travels alone, which is its length.
 */
#define WIRE_HEAD 5u
/* Appends the head of a byte string of `length` bytes, which the caller sends itself. */
void wire_put_bytes_head(struct buf *out, size_t length);
void wire_head_put(unsigned char head[WIRE_HEAD], uint32_t length);
/* The length that the head tells; -1 when it is no head or above max. */
int64_t wire_head_get(const unsigned char head[WIRE_HEAD], size_t max);
void wire_head_put_beside(unsigned char head[WIRE_HEAD], uint32_t length);
int64_t wire_head_get_beside(const unsigned char head[WIRE_HEAD], size_t max);
