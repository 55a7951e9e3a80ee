#include "feed/charset.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>

#define DECLARATION_BYTES_MAX 1024u
#define LABEL_BYTES_MAX 40u
#define NEAR_BYTES 1024u
#define SAMPLE_ENOUGH_BYTES 256u
#define SAMPLE_BYTES 1024u /* the detector looks at each byte some thirty times */
#define CONVERT_SPARE_BYTES 64u
#define CONVERT_STEP_BYTES (256u * 1024) /* then what was read may be given back */

/* What labels mean in practice (WHATWG Encoding, section 4.2), as names that ICU knows. */
static const struct alias {
	const char *label, *name;
} aliases[] = {
    {"utf8", "utf-8"},
    {"unicode-1-1-utf-8", "utf-8"},
    {"x-unicode20utf8", "utf-8"},
    {"iso-8859-1", "windows-1252"},
    {"iso8859-1", "windows-1252"},
    {"iso_8859-1", "windows-1252"},
    {"latin1", "windows-1252"},
    {"latin-1", "windows-1252"},
    {"l1", "windows-1252"},
    {"us-ascii", "windows-1252"},
    {"ascii", "windows-1252"},
    {"ansi_x3.4-1968", "windows-1252"},
    {"cp1252", "windows-1252"},
    {"x-cp1252", "windows-1252"},
    {"ansi", "windows-1252"},
    {"cp1250", "windows-1250"},
    {"x-cp1250", "windows-1250"},
    {"cp1251", "windows-1251"},
    {"x-cp1251", "windows-1251"},
    {"win-1251", "windows-1251"},
    {"win1251", "windows-1251"},
    {"windows1251", "windows-1251"},
    {"cp1253", "windows-1253"},
    {"cp1254", "windows-1254"},
    {"iso-8859-9", "windows-1254"},
    {"iso8859-9", "windows-1254"},
    {"latin5", "windows-1254"},
    {"cp1255", "windows-1255"},
    {"cp1256", "windows-1256"},
    {"cp1257", "windows-1257"},
    {"cp1258", "windows-1258"},
    {"koi8", "koi8-r"},
    {"koi8_r", "koi8-r"},
    {"cskoi8r", "koi8-r"},
    {"koi8-ru", "koi8-u"},
    {"iso-8859-11", "windows-874"},
    {"tis-620", "windows-874"},
    {"iso-8859-8-i", "windows-1255"},
    {"gb2312", "gb18030"},
    {"gb_2312-80", "gb18030"},
    {"gb_2312", "gb18030"},
    {"gb-2312", "gb18030"},
    {"x-gbk", "gb18030"},
    {"gbk", "gb18030"},
    {"cp936", "gb18030"},
    {"chinese", "gb18030"},
    {"ks_c_5601-1987", "windows-949"},
    {"ksc5601", "windows-949"},
    {"euc-kr", "windows-949"},
    {"cp949", "windows-949"},
    {"korean", "windows-949"},
    {"shift-jis", "shift_jis"},
    {"sjis", "shift_jis"},
    {"x-sjis", "shift_jis"},
    {"ms_kanji", "shift_jis"},
    {"windows-31j", "shift_jis"},
    {"cp932", "shift_jis"},
    {"x-euc-jp", "euc-jp"},
    {"big5-hkscs", "big5"},
    {"x-x-big5", "big5"},
    {"macintosh", "macos-0_2-10.2"},
    {"x-mac-roman", "macos-0_2-10.2"},
    {"unicode", "utf-16le"},
    {"ucs-2", "utf-16"},
    {"iso-10646-ucs-2", "utf-16"},
    {"ucs-4", "utf-32"},
};

/* Two bytes and more per character: short texts in them can be valid UTF-8 by accident. */
static const char *const wide_names[] = {"gb18030", "big5", "windows-949", "euc-jp", "shift_jis", "euc-tw"};

struct bom {
	const char *bytes;
	size_t len;
	const char *name;
};

static const struct bom boms[] = {
    {"\xEF\xBB\xBF", 3, "utf-8"},
    {"\xFF\xFE\0\0", 4, "utf-32le"},
    {"\0\0\xFE\xFF", 4, "utf-32be"},
    {"\xFF\xFE", 2, "utf-16le"},
    {"\xFE\xFF", 2, "utf-16be"},
    {"\x84\x31\x95\x33", 4, "gb18030"},
};

/* How a document begins without a mark (XML 1.0 appendix F, RFC 4627 section 3). */
static const struct bom openings[] = {
    {"<\0\0\0", 4, "utf-32le"},
    {"\0\0\0<", 4, "utf-32be"},
    {"<\0?\0", 4, "utf-16le"},
    {"\0<\0?", 4, "utf-16be"},
    {"<\0r\0", 4, "utf-16le"},
    {"\0<\0r", 4, "utf-16be"},
    {"<\0f\0", 4, "utf-16le"},
    {"\0<\0f", 4, "utf-16be"},
    {"{\0\0\0", 4, "utf-32le"},
    {"\0\0\0{", 4, "utf-32be"},
    {"{\0", 2, "utf-16le"},
    {"\0{", 2, "utf-16be"},
    {"\x4C\x6F\xA7\x94", 4, "ibm-37"},
};

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct bom *
match(const struct bom *list, size_t count, struct str body)
{
	for (size_t i = 0; i < count; i++) {
		if (body.len >= list[i].len && memcmp(body.s, list[i].bytes, list[i].len) == 0)
			return &list[i];
	}
	return NULL;
}

/* The value of name="value" within a text. */
static struct str
parameter(struct str text, struct str name)
{
	for (ptrdiff_t at = str_ifind(text, name, 0); at >= 0; at = str_ifind(text, name, (size_t)at + 1)) {
		size_t i = (size_t)at + name.len;
		if (at > 0 && !ascii_space(text.s[at - 1]) && text.s[at - 1] != ';')
			continue;
		while (i < text.len && ascii_space(text.s[i]))
			i++;
		if (i >= text.len || text.s[i] != '=')
			continue;
		i++;
		while (i < text.len && (ascii_space(text.s[i]) || text.s[i] == '"' || text.s[i] == '\''))
			i++;
		size_t from = i;
		while (i < text.len && !ascii_space(text.s[i]) && strchr("\"';,?>", text.s[i]) == NULL)
			i++;
		return i > from ? (struct str){text.s + from, i - from} : STR_NONE;
	}
	return STR_NONE;
}

struct str
charset_of_content_type(struct str content_type)
{
	return content_type.s ? parameter(content_type, STR_LIT("charset")) : STR_NONE;
}

struct str
charset_of_declaration(struct str body)
{
	while (body.len > 0 && ascii_space(*body.s))
		body = (struct str){body.s + 1, body.len - 1};
	if (!str_starts(body, STR_LIT("<?xml")))
		return STR_NONE;
	if (body.len > DECLARATION_BYTES_MAX)
		body.len = DECLARATION_BYTES_MAX;
	const char *end = memchr(body.s, '>', body.len);
	if (end == NULL)
		return STR_NONE;
	return parameter((struct str){body.s, (size_t)(end - body.s)}, STR_LIT("encoding"));
}

/* The name to convert by, or NULL for a label that nobody knows. UTF-7 is refused, as browsers do. */
static const char *
resolve(struct str label, struct arena *arena)
{
	char name[LABEL_BYTES_MAX + 1];
	UErrorCode status = U_ZERO_ERROR;
	if (label.len == 0 || label.len > LABEL_BYTES_MAX)
		return NULL;
	for (size_t i = 0; i < label.len; i++)
		name[i] = ascii_lower(label.s[i]);
	name[label.len] = '\0';
	for (size_t i = 0; i < COUNT(aliases); i++) {
		if (strcmp(name, aliases[i].label) == 0)
			return aliases[i].name;
	}
	if (strstr(name, "utf-7") != NULL || strstr(name, "utf7") != NULL || strpbrk(name, ",=/") != NULL)
		return NULL;
	UConverter *cnv = ucnv_open(name, &status);
	if (U_FAILURE(status))
		return NULL;
	ucnv_close(cnv);
	return arena_cstr(arena, name).s;
}

static bool
is_wide(const char *name)
{
	for (size_t i = 0; i < COUNT(wide_names); i++) {
		if (strcmp(name, wide_names[i]) == 0)
			return true;
	}
	return false;
}

static bool
is_unicode(const char *name)
{
	return strncmp(name, "utf-16", 6) == 0 || strncmp(name, "utf-32", 6) == 0;
}

struct census {
	bool ascii, valid, cut;
	size_t two, more, bad; /* sequences; one that the end of the text cuts counts as none of them */
};

static size_t
skip_ascii(struct str s, size_t pos)
{
	uint64_t words[4];
	if (pos >= s.len || (unsigned char)s.s[pos] >= 0x80)
		return pos;
	while (pos + sizeof words <= s.len) {
		memcpy(words, s.s + pos, sizeof words);
		if ((words[0] | words[1] | words[2] | words[3]) & 0x8080808080808080u)
			break;
		pos += sizeof words;
	}
	while (pos < s.len && (unsigned char)s.s[pos] < 0x80)
		pos++;
	return pos;
}

static inline bool
is_continuation(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

static struct census
count_utf8(struct str s)
{
	struct census c = {.valid = true, .ascii = true};
	size_t pos = 0;
	while (pos < s.len) {
		pos = skip_ascii(s, pos);
		if (pos == s.len)
			break;
		size_t from = pos;
		unsigned char first = (unsigned char)s.s[pos];
		c.ascii = false;
		/* Most of the world's letters, without a call for each. */
		if (first >= 0xC2 && first <= 0xDF && pos + 1 < s.len && is_continuation(s.s[pos + 1])) {
			c.two++;
			pos += 2;
			continue;
		}
		if (first > 0xE0 && first < 0xED && pos + 2 < s.len && is_continuation(s.s[pos + 1]) &&
		    is_continuation(s.s[pos + 2])) {
			c.more++;
			pos += 3;
			continue;
		}
		bool bad = utf8_next(s, &pos) == UTF8_INVALID;
		if (bad && pos == s.len && first >= 0xC2 && first <= 0xF4)
			c.cut = true;
		else if (bad)
			c.bad++;
		else if (pos - from == 2)
			c.two++;
		else
			c.more++;
	}
	c.valid = c.bad == 0 && !c.cut;
	return c;
}

struct conversion {
	UConverter *from, *to;
	UChar pivot[4096], *pivot_source, *pivot_target;
	bool first;
};

/* One piece; false when the buffer is full or the converter fails. */
static bool
convert_piece(struct conversion *c, struct str in, bool last, struct buf *buf)
{
	const char *source = in.s;
	UErrorCode status;
	do {
		char *target = buf_reserve(buf, (size_t)(in.s + in.len - source) + CONVERT_SPARE_BYTES), *room = target;
		if (target == NULL)
			return false;
		status = U_ZERO_ERROR;
		ucnv_convertEx(c->to, c->from, &target, buf->data + buf->cap - 1, &source, in.s + in.len, c->pivot,
		    &c->pivot_source, &c->pivot_target, c->pivot + COUNT(c->pivot), c->first, last, &status);
		buf->len += (size_t)(target - room);
		c->first = false;
	} while (status == U_BUFFER_OVERFLOW_ERROR);
	return U_SUCCESS(status);
}

/* Converts all of the body; what cannot be is U+FFFD. False when `name` is no converter or the buffer is full. */
static bool
convert(const struct charset_input *in, struct str body, const char *name, struct buf *buf)
{
	UErrorCode status = U_ZERO_ERROR;
	struct conversion c = {.from = ucnv_open(name, &status), .to = ucnv_open("UTF-8", &status), .first = true};
	bool good = U_SUCCESS(status), last = false;
	c.pivot_source = c.pivot_target = c.pivot;
	buf_reset(buf);
	for (size_t at = 0; good && !last; at += CONVERT_STEP_BYTES) {
		last = body.len - at <= CONVERT_STEP_BYTES;
		size_t n = last ? body.len - at : CONVERT_STEP_BYTES;
		good = convert_piece(&c, (struct str){body.s + at, n}, last, buf);
		if (good && in->spent != NULL)
			in->spent(in->spent_ctx, (size_t)(body.s - in->body.s) + at, n);
	}
	if (buf->data != NULL)
		buf->data[buf->len] = '\0';
	ucnv_close(c.from);
	ucnv_close(c.to);
	return good;
}

static inline bool
is_high(struct str s, size_t at)
{
	return (unsigned char)s.s[at] >= 0x80;
}

/* From a byte beyond ASCII on: where the ASCII begins that follows it for a while, or markup, and some of that. */
static size_t
piece_end(struct str s, size_t at, size_t around)
{
	size_t high = at;
	for (; at < s.len && s.s[at] != '<' && s.s[at] != '>' && at - high <= around; at++)
		high = is_high(s, at) ? at : high;
	return at;
}

/*
 * The first words that are not all ASCII and what stands around them: what an encoding can be told by. No second byte of
 * a character is '<' or '>' in any encoding that comes here. False when there is more than the sample can hold.
 */
static bool
sample_words(struct str body, size_t around, char out[SAMPLE_BYTES], size_t *ret)
{
	size_t n = 0, done = 0;
	for (size_t at = skip_ascii(body, 0); at < body.len; at = skip_ascii(body, done)) {
		size_t from = at, room = SAMPLE_BYTES - n;
		while (from > done && at - from < around && body.s[from - 1] != '>')
			from--;
		done = piece_end(body, at, around);
		/* A character that is cut in two counts for a mistake unless the text ends there. */
		if (done - from >= room) {
			memcpy(out + n, body.s + from, room);
			*ret = SAMPLE_BYTES;
			return false;
		}
		memcpy(out + n, body.s + from, done - from);
		n += done - from;
		out[n++] = ' ';
	}
	*ret = n;
	return true;
}

/* The more of the text around a few such words, the better the guess. */
static size_t
sample_of(struct str body, char out[SAMPLE_BYTES])
{
	static const size_t around[] = {SAMPLE_BYTES, 128, 16};
	size_t n = 0;
	for (size_t i = 0; i < COUNT(around) && !sample_words(body, around[i], out, &n); i++)
		;
	return n;
}

static const char *
detect(struct str body, struct arena *arena)
{
	UErrorCode status = U_ZERO_ERROR;
	const char *name = NULL;
	char sample[SAMPLE_BYTES];
	size_t n = sample_of(body, sample);
	UCharsetDetector *d = ucsdet_open(&status);
	if (n >= SAMPLE_ENOUGH_BYTES) {
		ucsdet_setText(d, sample, (int32_t)n, &status);
	} else {
		/* Few such words: the language of the others says what they can be. */
		size_t high = skip_ascii(body, 0), from = high > NEAR_BYTES ? high - NEAR_BYTES : 0;
		size_t len = body.len - from < NEAR_BYTES * 2 ? body.len - from : NEAR_BYTES * 2;
		ucsdet_setText(d, body.s + from, (int32_t)len, &status);
		ucsdet_enableInputFilter(d, true);
	}
	const UCharsetMatch *found = ucsdet_detect(d, &status);
	if (U_SUCCESS(status) && found != NULL && ucsdet_getConfidence(found, &status) >= 20) {
		const char *said = ucsdet_getName(found, &status);
		if (U_SUCCESS(status))
			name = resolve(str_from(said), arena);
	}
	ucsdet_close(d);
	return name && strcmp(name, "utf-8") != 0 && !is_unicode(name) ? name : NULL;
}

static struct str
without_mark(struct str s)
{
	while (str_starts(s, STR_LIT("\xEF\xBB\xBF")))
		s = (struct str){s.s + 3, s.len - 3};
	return s;
}

/* Decodes by name; `valid` = known to be valid UTF-8. U+FFFD in what was not UTF-8 is damage. */
static int
decode(const struct charset_input *in, struct str body, bool valid, struct buf *buf, struct charset_result *out,
    struct err *err)
{
	if (strcmp(out->name, "utf-8") == 0) {
		out->text = body;
		if (!valid && !utf8_valid(body)) {
			buf_reset(buf);
			utf8_clean(buf, body);
			out->text = buf_view(buf);
			out->damaged = true;
		}
	} else {
		if (!convert(in, body, out->name, buf))
			return buf->failed ? buf_check(buf, err)
			                   : err_set(err, ERR_ILL_FORMED, "cannot decode %s", out->name);
		out->text = buf_view(buf);
		out->damaged = str_find(out->text, STR_LIT("\xEF\xBF\xBD"), 0) >= 0;
	}
	out->text = without_mark(out->text);
	return 0;
}

/* Marks and openings that leave no choice. */
static bool
choose_by_shape(struct str *body, struct charset_result *out)
{
	const struct bom *bom = match(boms, COUNT(boms), *body);
	if (bom != NULL) {
		*out = (struct charset_result){.name = bom->name, .why = "bom"};
		*body = (struct str){body->s + bom->len, body->len - bom->len};
		return true;
	}
	bom = match(openings, COUNT(openings), *body);
	if (bom != NULL)
		*out = (struct charset_result){.name = bom->name, .why = "detected"};
	return bom != NULL;
}

static void
choose_by_bytes(struct str body, struct arena *arena, const struct census *c, struct charset_result *out)
{
	const char *found = c->bad == 0 ? NULL : detect(body, arena);
	if (c->bad == 0)
		*out = (struct charset_result){.name = "utf-8", .why = c->ascii ? "default" : "valid-utf8"};
	else if (c->bad * 2 < c->two + c->more)
		*out = (struct charset_result){.name = "utf-8", .why = "detected"};
	else
		*out = (struct charset_result){
		    .name = found ? found : "windows-1252", .why = found ? "detected" : "default"};
}

/* The label, unless the bytes contradict it. */
static bool
choose_by_label(struct str body, const char *name, const char *why, const struct census *c, struct charset_result *out)
{
	if (name == NULL || (is_unicode(name) && memchr(body.s, 0, body.len) == NULL))
		return false;
	bool utf8 = strcmp(name, "utf-8") == 0;
	if (utf8 && c->bad > 0 && c->bad * 2 >= c->two + c->more)
		return false;
	if (!utf8 && c->bad == 0 && c->two + c->more > 0 && !is_unicode(name) && (c->more > 0 || !is_wide(name)))
		return false;
	*out = (struct charset_result){.name = name, .why = why};
	return true;
}

/* EBCDIC comes in many code pages; the declaration, read as the common one, says which. */
static void
choose_ebcdic(struct str body, struct arena *arena, struct buf *buf, struct charset_result *out)
{
	struct charset_input start = {
	    .body = {body.s, body.len < DECLARATION_BYTES_MAX ? body.len : DECLARATION_BYTES_MAX}};
	if (!convert(&start, start.body, "ibm-37", buf))
		return;
	const char *name = resolve(charset_of_declaration(buf_view(buf)), arena);
	out->name = name ? name : out->name;
}

int
charset_convert_large(
    const struct charset_input *in, struct arena *arena, struct buf *buf, struct charset_result *out, struct err *err)
{
	struct str body = in->body;
	if (choose_by_shape(&body, out)) {
		if (strcmp(out->name, "ibm-37") == 0)
			choose_ebcdic(body, arena, buf, out);
		return decode(in, body, false, buf, out, err);
	}
	struct census c = count_utf8(body);
	struct str label_xml = charset_of_declaration(body);
	const char *http = resolve(in->label_http, arena), *xml = resolve(label_xml, arena);
	if (!choose_by_label(body, http, "http", &c, out) && !choose_by_label(body, xml, "declaration", &c, out)) {
		choose_by_bytes(body, arena, &c, out);
		out->lying = in->label_http.len > 0 || label_xml.len > 0 || c.bad > 0;
	}
	return decode(in, body, c.valid, buf, out, err);
}

int
charset_convert(struct str body, struct str label_http, struct arena *arena, struct buf *buf,
    struct charset_result *out, struct err *err)
{
	struct charset_input in = {.body = body, .label_http = label_http};
	return charset_convert_large(&in, arena, buf, out, err);
}
