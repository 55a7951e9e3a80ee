#include "worker/wire.h"

#include "base/utf8.h"

#include <cbor.h>

#define ITEM_HEAD 9    /* bytes of the longest head of a CBOR item */
#define BLOCK_ALIGN 8u /* what the elements of a block may want */

/* ---- out ---- */

static void
put_head(struct buf *out, size_t (*encode)(size_t, unsigned char *, size_t), size_t n)
{
	char *room = buf_reserve(out, ITEM_HEAD);
	if (room != NULL)
		out->len += encode(n, (unsigned char *)room, ITEM_HEAD);
}

static void
put_uint(struct buf *out, uint64_t n)
{
	char *room = buf_reserve(out, ITEM_HEAD);
	if (room != NULL)
		out->len += cbor_encode_uint(n, (unsigned char *)room, ITEM_HEAD);
}

static void
put_int(struct buf *out, int64_t n)
{
	char *room = n < 0 ? buf_reserve(out, ITEM_HEAD) : NULL;
	if (n >= 0)
		put_uint(out, (uint64_t)n);
	else if (room != NULL)
		out->len += cbor_encode_negint(~(uint64_t)n, (unsigned char *)room, ITEM_HEAD);
}

static void
put_str(struct buf *out, struct str s)
{
	char *room = buf_reserve(out, ITEM_HEAD + s.len + 1);
	if (room == NULL)
		return;
	if (s.s == NULL) {
		out->len += cbor_encode_null((unsigned char *)room, ITEM_HEAD);
		return;
	}
	size_t head = cbor_encode_string_start(s.len + 1, (unsigned char *)room, ITEM_HEAD);
	memcpy(room + head, s.s, s.len);
	room[head + s.len] = '\0';
	out->len += head + s.len + 1;
}

static void
put_octets(struct buf *out, struct str s)
{
	put_head(out, cbor_encode_bytestring_start, s.len);
	buf_add(out, s.s, s.len);
}

void
wire_put_bytes_head(struct buf *out, size_t length)
{
	put_head(out, cbor_encode_bytestring_start, length);
}

/*
 * The elements of a block are to be read where they lie in a message, so they begin at an even place of it: after as many
 * bytes as the first of BLOCK_ALIGN more says. Places count from behind the message's head.
 */
static void
put_block(struct buf *out, struct str elements)
{
	static const char filler[BLOCK_ALIGN] = {0};
	if (elements.len == 0) {
		put_octets(out, elements);
		return;
	}
	put_head(out, cbor_encode_bytestring_start, BLOCK_ALIGN + elements.len);
	unsigned before = BLOCK_ALIGN - (unsigned)((out->len - WIRE_HEAD) % BLOCK_ALIGN);
	buf_putc(out, (char)before);
	buf_add(out, filler, before - 1);
	buf_str(out, elements);
	buf_add(out, filler, BLOCK_ALIGN - before);
}

static uint64_t
load_unsigned(const void *at, size_t size)
{
	uint64_t n = 0;
	memcpy(&n, at, size); /* both machines of this project's world are little-endian; see the assertion below */
	return n;
}

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "integers of several sizes are loaded by their low bytes");

static int64_t
load_signed(const void *at, size_t size)
{
	unsigned unused = (unsigned)(sizeof(int64_t) - size) * 8;
	return (int64_t)(load_unsigned(at, size) << unused) >> unused;
}

static void
put_elements(struct buf *out, const struct wire_type *type, const char *items, size_t count)
{
	put_head(out, cbor_encode_array_start, count);
	for (size_t i = 0; i < count; i++)
		wire_put(out, type, items + i * type->size);
}

static void
put_field(struct buf *out, const struct wire_field *f, const char *base)
{
	const char *at = base + f->offset;
	switch (f->kind) {
	case WIRE_STR:
		put_str(out, *(const struct str *)at);
		break;
	case WIRE_WORD:
		put_str(out, str_from(*(const char *const *)at));
		break;
	case WIRE_BOOL:
		put_uint(out, *(const bool *)at);
		break;
	case WIRE_SIGNED:
		put_int(out, load_signed(at, f->size));
		break;
	case WIRE_UNSIGNED:
		put_uint(out, load_unsigned(at, f->size));
		break;
	case WIRE_BYTES:
		put_octets(out, (struct str){at, f->size});
		break;
	case WIRE_OCTETS:
		put_octets(out, *(const struct str *)at);
		break;
	case WIRE_STRUCT:
		wire_put(out, f->type, at);
		break;
	case WIRE_BLOCK:
		put_block(out, (struct str){*(const char *const *)at,
		                   load_unsigned(base + f->count_offset, f->count_size) * f->size});
		break;
	case WIRE_ARRAY:
	case WIRE_BESIDE:
		put_elements(out, f->type, *(const char *const *)at, *(const size_t *)(base + f->count_offset));
		break;
	}
}

void
wire_put(struct buf *out, const struct wire_type *type, const void *value)
{
	put_head(out, cbor_encode_array_start, type->field_count);
	for (size_t i = 0; i < type->field_count; i++)
		put_field(out, &type->fields[i], value);
}

/* ---- in ---- */

enum token_kind { TOKEN_OTHER, TOKEN_UINT, TOKEN_NEGINT, TOKEN_STRING, TOKEN_BYTES, TOKEN_ARRAY, TOKEN_NULL };

/* One head of the message, with its bytes where it has some. */
struct token {
	enum token_kind kind;
	uint64_t number; /* UINT, ARRAY; NEGINT: -1 - number */
	struct str bytes;
};

static void
on_uint8(void *t, uint8_t n)
{
	*(struct token *)t = (struct token){.kind = TOKEN_UINT, .number = n};
}

static void
on_uint16(void *t, uint16_t n)
{
	*(struct token *)t = (struct token){.kind = TOKEN_UINT, .number = n};
}

static void
on_uint32(void *t, uint32_t n)
{
	*(struct token *)t = (struct token){.kind = TOKEN_UINT, .number = n};
}

static void
on_uint64(void *t, uint64_t n)
{
	*(struct token *)t = (struct token){.kind = TOKEN_UINT, .number = n};
}

static void
on_negint8(void *t, uint8_t n)
{
	*(struct token *)t = (struct token){.kind = TOKEN_NEGINT, .number = n};
}

static void
on_negint16(void *t, uint16_t n)
{
	*(struct token *)t = (struct token){.kind = TOKEN_NEGINT, .number = n};
}

static void
on_negint32(void *t, uint32_t n)
{
	*(struct token *)t = (struct token){.kind = TOKEN_NEGINT, .number = n};
}

static void
on_negint64(void *t, uint64_t n)
{
	*(struct token *)t = (struct token){.kind = TOKEN_NEGINT, .number = n};
}

static void
on_bytes(void *t, cbor_data data, size_t n)
{
	*(struct token *)t = (struct token){.kind = TOKEN_BYTES, .bytes = {(const char *)data, n}};
}

static void
on_string(void *t, cbor_data data, size_t n)
{
	*(struct token *)t = (struct token){.kind = TOKEN_STRING, .bytes = {(const char *)data, n}};
}

static void
on_array(void *t, size_t n)
{
	*(struct token *)t = (struct token){.kind = TOKEN_ARRAY, .number = n};
}

static void
on_null(void *t)
{
	((struct token *)t)->kind = TOKEN_NULL;
}

/* What no value of ours holds leaves the token as it is: TOKEN_OTHER. */
static void
on_other(void *t)
{
}

static void
on_other_size(void *t, size_t n)
{
}

static void
on_other_tag(void *t, uint64_t n)
{
}

static void
on_other_float(void *t, float x)
{
}

static void
on_other_double(void *t, double x)
{
}

static void
on_other_bool(void *t, bool b)
{
}

static const struct cbor_callbacks callbacks = {
    .uint8 = on_uint8,
    .uint16 = on_uint16,
    .uint32 = on_uint32,
    .uint64 = on_uint64,
    .negint8 = on_negint8,
    .negint16 = on_negint16,
    .negint32 = on_negint32,
    .negint64 = on_negint64,
    .byte_string = on_bytes,
    .byte_string_start = on_other,
    .string = on_string,
    .string_start = on_other,
    .array_start = on_array,
    .indef_array_start = on_other,
    .map_start = on_other_size,
    .indef_map_start = on_other,
    .tag = on_other_tag,
    .float2 = on_other_float,
    .float4 = on_other_float,
    .float8 = on_other_double,
    .undefined = on_other,
    .null = on_null,
    .boolean = on_other_bool,
    .indef_break = on_other,
};

struct reader {
	struct str rest;
	struct arena *arena;
	const char *type, *field; /* for messages */
	struct err *err;
};

static int
refuse(const struct reader *r, const char *why)
{
	return err_set(r->err, ERR_SYNTAX, "%s.%s: %s", r->type, r->field, why);
}

static int
next_any(struct reader *r, struct token *t)
{
	*t = (struct token){.kind = TOKEN_OTHER};
	struct cbor_decoder_result got = cbor_stream_decode((cbor_data)r->rest.s, r->rest.len, &callbacks, t);
	if (got.status != CBOR_DECODER_FINISHED)
		return refuse(r, "the message ends early or is no CBOR");
	r->rest.s += got.read;
	r->rest.len -= got.read;
	return 0;
}

static int
next(struct reader *r, enum token_kind want, struct token *t)
{
	if (next_any(r, t) < 0)
		return -1;
	return t->kind == want ? 0 : refuse(r, "of another type");
}

static int
get_text(struct reader *r, uint64_t max, struct str *ret)
{
	struct token t;
	*ret = STR_NONE;
	if (next_any(r, &t) < 0)
		return -1;
	if (t.kind == TOKEN_NULL)
		return 0;
	if (t.kind != TOKEN_STRING)
		return refuse(r, "of another type");
	if (t.bytes.len == 0 || memchr(t.bytes.s, '\0', t.bytes.len) != t.bytes.s + t.bytes.len - 1)
		return refuse(r, "a string that does not end where it says");
	t.bytes.len--;
	if (max > 0 && t.bytes.len > max)
		return refuse(r, "longer than allowed");
	if (!utf8_valid(t.bytes))
		return refuse(r, "not valid UTF-8");
	*ret = t.bytes;
	return 0;
}

static int
get_word(struct reader *r, const struct wire_field *f, const char **ret)
{
	struct str s;
	if (get_text(r, 0, &s) < 0)
		return -1;
	*ret = s.s != NULL ? f->word(s) : NULL;
	return s.s == NULL || *ret != NULL ? 0 : refuse(r, "an unknown word");
}

static int
get_unsigned(struct reader *r, const struct wire_field *f, void *at)
{
	struct token t;
	uint64_t max = f->max > 0 ? f->max : UINT64_MAX >> (64 - 8 * f->size);
	if (next(r, TOKEN_UINT, &t) < 0)
		return -1;
	if (t.number > max)
		return refuse(r, "a number out of range");
	memcpy(at, &t.number, f->size);
	return 0;
}

static int
get_signed(struct reader *r, const struct wire_field *f, void *at)
{
	struct token t;
	uint64_t max = UINT64_MAX >> (65 - 8 * f->size);
	if (next_any(r, &t) < 0)
		return -1;
	if (t.kind != TOKEN_UINT && t.kind != TOKEN_NEGINT)
		return refuse(r, "of another type");
	if (t.number > max)
		return refuse(r, "a number out of range");
	uint64_t n = t.kind == TOKEN_NEGINT ? ~t.number : t.number;
	memcpy(at, &n, f->size);
	return 0;
}

static int
get_bool(struct reader *r, bool *at)
{
	struct token t;
	if (next(r, TOKEN_UINT, &t) < 0)
		return -1;
	*at = t.number == 1;
	return t.number <= 1 ? 0 : refuse(r, "neither yes nor no");
}

static int
get_bytes(struct reader *r, const struct wire_field *f, void *at)
{
	struct token t;
	if (next(r, TOKEN_BYTES, &t) < 0)
		return -1;
	if (t.bytes.len != f->size)
		return refuse(r, "of another size");
	memcpy(at, t.bytes.s, f->size);
	return 0;
}

static int
get_octets(struct reader *r, struct str *ret)
{
	struct token t;
	if (next(r, TOKEN_BYTES, &t) < 0)
		return -1;
	*ret = t.bytes;
	return 0;
}

static int get_struct(struct reader *r, const struct wire_type *type, char *value);

/* Each element takes a byte for each of its fields and one for its head: a count that the message cannot hold costs nothing. */
static int
get_array(struct reader *r, const struct wire_field *f, char *base)
{
	size_t *count = (size_t *)(base + f->count_offset);
	struct token t;
	if (next(r, TOKEN_ARRAY, &t) < 0)
		return -1;
	if (f->kind == WIRE_BESIDE ? t.number != *count : t.number > f->max)
		return refuse(r, "another number of elements than allowed");
	if (t.number > r->rest.len / (f->type->field_count + 1))
		return refuse(r, "more elements than the message holds");
	char *items = NULL;
	if (t.number > 0 && (items = arena_zalloc(r->arena, t.number, f->type->size)) == NULL)
		return arena_check(r->arena, r->err);
	*(char **)(base + f->offset) = items;
	*count = t.number;
	for (size_t i = 0; i < t.number; i++) {
		if (get_struct(r, f->type, items + i * f->type->size) < 0)
			return -1;
	}
	return 0;
}

/* The bytes of a block's elements, which lie where the first byte says. */
static int
find_elements(struct reader *r, struct str *ret)
{
	struct token t;
	if (next(r, TOKEN_BYTES, &t) < 0)
		return -1;
	*ret = (struct str){NULL, 0};
	if (t.bytes.len == 0)
		return 0;
	unsigned before = (unsigned char)t.bytes.s[0];
	if (t.bytes.len <= BLOCK_ALIGN || before == 0 || before > BLOCK_ALIGN)
		return refuse(r, "elements that lie nowhere");
	*ret = (struct str){t.bytes.s + before, t.bytes.len - BLOCK_ALIGN};
	return 0;
}

/* A view, unless the message lies at an odd place itself. */
static int
get_block(struct reader *r, const struct wire_field *f, char *base)
{
	struct str found;
	if (find_elements(r, &found) < 0)
		return -1;
	uint64_t count = found.len / f->size;
	if (count * f->size != found.len || count > f->max)
		return refuse(r, "another number of elements than allowed");
	const char *elements = found.s;
	if ((uintptr_t)elements % BLOCK_ALIGN != 0) {
		char *copy = arena_alloc(r->arena, found.len);
		if (copy == NULL)
			return arena_check(r->arena, r->err);
		elements = memcpy(copy, elements, found.len);
	}
	*(const void **)(base + f->offset) = elements;
	memcpy(base + f->count_offset, &count, f->count_size);
	return 0;
}

static int
get_field(struct reader *r, const struct wire_field *f, char *base)
{
	char *at = base + f->offset;
	switch (f->kind) {
	case WIRE_STR:
		return get_text(r, f->max, (struct str *)at);
	case WIRE_WORD:
		return get_word(r, f, (const char **)at);
	case WIRE_BOOL:
		return get_bool(r, (bool *)at);
	case WIRE_SIGNED:
		return get_signed(r, f, at);
	case WIRE_UNSIGNED:
		return get_unsigned(r, f, at);
	case WIRE_BYTES:
		return get_bytes(r, f, at);
	case WIRE_OCTETS:
		return get_octets(r, (struct str *)at);
	case WIRE_STRUCT:
		return get_struct(r, f->type, at);
	case WIRE_BLOCK:
		return get_block(r, f, base);
	case WIRE_ARRAY:
	case WIRE_BESIDE:
		break;
	}
	return get_array(r, f, base);
}

static int
get_struct(struct reader *r, const struct wire_type *type, char *value)
{
	struct token t;
	r->type = type->name;
	r->field = "fields";
	if (next(r, TOKEN_ARRAY, &t) < 0)
		return -1;
	if (t.number != type->field_count)
		return refuse(r, "another number of them than expected");
	for (size_t i = 0; i < type->field_count; i++) {
		r->type = type->name;
		r->field = type->fields[i].name;
		if (get_field(r, &type->fields[i], value) < 0)
			return -1;
	}
	return 0;
}

int
wire_get(struct str message, const struct wire_type *type, struct arena *arena, void *value, struct err *err)
{
	struct reader r = {.rest = message, .arena = arena, .err = err};
	memset(value, 0, type->size);
	if (get_struct(&r, type, value) < 0)
		return -1;
	if (r.rest.len > 0)
		return err_set(err, ERR_SYNTAX, "%zu bytes follow the %s", r.rest.len, type->name);
	return 0;
}

/* ---- heads ---- */

#define HEAD_BYTES 0x5A  /* a byte string whose length stands in four bytes: libcbor would choose the shortest */
#define HEAD_BESIDE 0x1A /* an unsigned integer of four bytes */

static void
put_length(unsigned char head[WIRE_HEAD], unsigned char kind, uint32_t length)
{
	head[0] = kind;
	for (int i = 0; i < 4; i++)
		head[1 + i] = (unsigned char)(length >> (24 - 8 * i));
}

static int64_t
get_length(const unsigned char head[WIRE_HEAD], unsigned char kind, size_t max)
{
	uint32_t n = 0;
	for (int i = 1; i < 5; i++)
		n = n << 8 | head[i];
	return head[0] == kind && n <= max ? (int64_t)n : -1;
}

void
wire_head_put(unsigned char head[WIRE_HEAD], uint32_t length)
{
	put_length(head, HEAD_BYTES, length);
}

int64_t
wire_head_get(const unsigned char head[WIRE_HEAD], size_t max)
{
	return get_length(head, HEAD_BYTES, max);
}

void
wire_head_put_beside(unsigned char head[WIRE_HEAD], uint32_t length)
{
	put_length(head, HEAD_BESIDE, length);
}

int64_t
wire_head_get_beside(const unsigned char head[WIRE_HEAD], size_t max)
{
	return get_length(head, HEAD_BESIDE, max);
}
