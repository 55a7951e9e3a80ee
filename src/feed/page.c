#include "feed/page.h"

#include "feed/charset.h"
#include "feed/url.h"
#include "text/entities.h"
#include "text/html.h"

#define META_BYTES_MAX 4096u /* of the page, in which its charset must be said; browsers look at 1024 */

/* The charset that a <meta> near the start of the bytes names, or STR_NONE. */
static struct str
charset_of_meta(struct str body)
{
	struct html_lexer lx;
	struct html_token token;

	html_lexer_init(&lx, (struct str){body.s, body.len < META_BYTES_MAX ? body.len : META_BYTES_MAX});
	for (html_lexer_next(&lx, &token); token.kind != HTML_END; html_lexer_next(&lx, &token)) {
		if (token.kind != HTML_OPEN || token.element == NULL || html_element_id(token.element) != HTML_ID_META)
			continue;
		struct str charset = html_attr_find(token.attrs, STR_LIT("charset"));
		if (charset.s != NULL)
			return str_trim(charset);
		if (str_ieq(str_trim(html_attr_find(token.attrs, STR_LIT("http-equiv"))), STR_LIT("content-type"))) {
			charset = charset_of_content_type(html_attr_find(token.attrs, STR_LIT("content")));
			if (charset.s != NULL)
				return charset;
		}
	}
	return STR_NONE;
}

int
page_decode(
    struct str body, struct str content_type, struct arena *arena, struct buf *buf, struct str *ret, struct err *err)
{
	struct charset_result charset;
	struct str label = charset_of_content_type(content_type);

	*ret = STR_NONE;
	if (label.s == NULL)
		label = charset_of_meta(body);
	if (charset_convert(body, label, arena, buf, &charset, err) < 0)
		return -1;
	*ret = charset.text;
	if (charset.text.len == 0 || memchr(charset.text.s, '\0', charset.text.len) == NULL)
		return 0;
	if (charset.text.s < buf->data || charset.text.s > buf->data + buf->len || buf->data == NULL) {
		buf_reset(buf);
		if (!buf_str(buf, charset.text))
			return buf_check(buf, err);
		*ret = buf_view(buf);
	}
	for (size_t i = 0; i < buf->len; i++) {
		if (buf->data[i] == '\0')
			buf->data[i] = ' ';
	}
	return 0;
}

void
page_init(struct page *p, struct arena *arena, struct str url)
{
	*p = (struct page){.arena = arena, .base = url};
}

struct str
page_attr(struct arena *arena, struct str attrs, struct str name)
{
	struct str raw = str_trim(html_attr_find(attrs, name)), ret;
	struct buf text;

	if (raw.s == NULL || raw.len > HTML_ATTR_BYTES_MAX)
		return STR_NONE;
	if (raw.len == 0 || memchr(raw.s, '&', raw.len) == NULL)
		return arena_str(arena, raw);
	buf_init(&text, 2 * HTML_ATTR_BYTES_MAX);
	ret = text_decode_entities(raw, &text) ? arena_str(arena, str_trim(buf_view(&text))) : STR_NONE;
	if (text.failed && !text.over_limit)
		arena->failed = true;
	buf_done(&text);
	return ret;
}

struct str
page_link(const struct page *p, struct str attrs, struct str name)
{
	struct str ref = page_attr(p->arena, attrs, name);
	if (str_empty(ref))
		return STR_NONE;
	struct str url = url_resolve(p->arena, p->base, ref);
	return url_is_http(url) ? url : STR_NONE;
}

bool
page_words_have(struct str list, struct str word)
{
	size_t i = 0;
	while (i < list.len) {
		while (i < list.len && ascii_space(list.s[i]))
			i++;
		size_t from = i;
		while (i < list.len && !ascii_space(list.s[i]))
			i++;
		if (i > from && str_ieq((struct str){list.s + from, i - from}, word))
			return true;
	}
	return false;
}

struct str
page_line(struct arena *arena, struct str text)
{
	struct buf line;
	if (text.s == NULL)
		return STR_NONE;
	buf_init(&line, 0);
	if (text.len > 8 * PAGE_TITLE_BYTES_MAX)
		text.len = 8 * PAGE_TITLE_BYTES_MAX;
	html_text(text, &line);
	struct str ret = buf_view(&line);
	while (ret.len > PAGE_TITLE_BYTES_MAX || (ret.len > 0 && ret.len < line.len && (ret.s[ret.len] & 0xC0) == 0x80))
		ret.len--;
	for (size_t i = 0; i < ret.len; i++) {
		if (line.data[i] == '\n')
			line.data[i] = ' ';
	}
	ret = arena_str(arena, ret);
	arena->failed |= line.failed;
	buf_done(&line);
	return ret;
}

static void
note_title(struct page *p, struct html_lexer *lx, const struct html_token *token)
{
	size_t from = lx->pos;
	html_lexer_skip(lx, token);
	struct str inside = {lx->in.s + from, lx->pos - from};
	ptrdiff_t end = str_ifind(inside, STR_LIT("</title"), 0);
	if (end >= 0 && p->title.s == NULL)
		p->title = page_line(p->arena, (struct str){inside.s, (size_t)end});
}

bool
page_note(struct page *p, struct html_lexer *lx, const struct html_token *token)
{
	switch ((int)html_element_id(token->element)) {
	case HTML_ID_BASE:
		if (!p->based) {
			struct str base = page_link(p, token->attrs, STR_LIT("href"));
			p->based = base.s != NULL;
			p->base = p->based ? base : p->base;
		}
		break;
	case HTML_ID_META:
		if (p->generator.s == NULL &&
		    str_ieq(str_trim(html_attr_find(token->attrs, STR_LIT("name"))), STR_LIT("generator")))
			p->generator = page_attr(p->arena, token->attrs, STR_LIT("content"));
		break;
	case HTML_ID_LINK:
		if (p->canonical.s == NULL &&
		    page_words_have(html_attr_find(token->attrs, STR_LIT("rel")), STR_LIT("canonical")))
			p->canonical = page_link(p, token->attrs, STR_LIT("href"));
		break;
	case HTML_ID_TITLE:
		note_title(p, lx, token);
		return true;
	default:
		break;
	}
	return false;
}
