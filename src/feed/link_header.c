#include "feed/link_header.h"

static struct str
from(struct str s, size_t pos)
{
	return (struct str){s.s + pos, s.len - pos};
}

static size_t
skip_blank(struct str s, size_t i)
{
	while (i < s.len && ascii_space(s.s[i]))
		i++;
	return i;
}

/* A value at i, quoted or not; i moves behind it. An escaped quote ends nothing, and stays as it is written. */
static struct str
value_at(struct str s, size_t *i)
{
	size_t start = *i, end;
	if (start < s.len && s.s[start] == '"') {
		for (end = ++start; end < s.len && s.s[end] != '"'; end++)
			end += s.s[end] == '\\' && end + 1 < s.len;
		*i = end < s.len ? end + 1 : end;
		return (struct str){s.s + start, end - start};
	}
	for (end = start; end < s.len && s.s[end] != ';' && s.s[end] != ',' && !ascii_space(s.s[end]); end++)
		;
	*i = end;
	return (struct str){s.s + start, end - start};
}

static void
keep(struct link_header *ret, struct str name, struct str value)
{
	struct {
		struct str name, *slot;
	} known[] = {{STR_LIT("rel"), &ret->rel}, {STR_LIT("type"), &ret->type}, {STR_LIT("title"), &ret->title}};
	for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
		if (str_ieq(name, known[k].name) && known[k].slot->s == NULL)
			*known[k].slot = str_trim(value);
	}
}

/* The parameters of a link from i on; returns where they end. */
static size_t
parameters(struct str s, size_t i, struct link_header *ret)
{
	for (;;) {
		i = skip_blank(s, i);
		if (i >= s.len || s.s[i] != ';')
			return i;
		i = skip_blank(s, i + 1);
		size_t start = i;
		while (i < s.len && s.s[i] != '=' && s.s[i] != ';' && s.s[i] != ',')
			i++;
		struct str name = str_trim((struct str){s.s + start, i - start});
		if (i >= s.len || s.s[i] != '=')
			continue;
		i = skip_blank(s, i + 1);
		keep(ret, name, value_at(s, &i));
	}
}

bool
link_header_next(struct str *rest, struct link_header *ret)
{
	while (rest->len > 0) {
		const char *open = memchr(rest->s, '<', rest->len);
		if (open == NULL)
			break;
		struct str s = from(*rest, (size_t)(open + 1 - rest->s));
		const char *close = memchr(s.s, '>', s.len);
		if (close == NULL)
			break;
		*ret = (struct link_header){.href = str_trim((struct str){s.s, (size_t)(close - s.s)})};
		*rest = from(s, parameters(s, (size_t)(close + 1 - s.s), ret));
		if (ret->href.len > 0)
			return true;
	}
	*rest = STR_NONE;
	return false;
}
