#include "text/stem.h"

#include "base/utf8.h"
#include "text/fold.h"

#include <libstemmer.h>
#include <stdlib.h>
#include <unicode/uchar.h>

static const struct {
	const char *code, *algorithm;
} languages[] = {
#define TEXT_STEM_LANGUAGE(code, algorithm) {#code, algorithm},
#include "text/stem_languages.def"
#undef TEXT_STEM_LANGUAGE
};

struct text_stemmer {
	struct sb_stemmer *snowball;
	struct buf lower, folded;
};

int
text_stem_language(struct str lang)
{
	static const struct {
		const char *code;
		int language;
	} others[] = {{"nb", TEXT_STEM_no}, {"nn", TEXT_STEM_no}, {"bs", TEXT_STEM_sr}, {"hr", TEXT_STEM_sr},
	    {"sh", TEXT_STEM_sr}, {"cnr", TEXT_STEM_sr}};
	size_t n = 0;
	while (n < lang.len && lang.s[n] != '-' && lang.s[n] != '_')
		n++;
	struct str primary = {lang.s, n};
	for (int i = 0; i < TEXT_STEM_LANGUAGES; i++) {
		if (str_ieq(primary, str_from(languages[i].code)))
			return i;
	}
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		if (str_ieq(primary, str_from(others[i].code)))
			return others[i].language;
	}
	return -1;
}

struct text_stemmer *
text_stemmer_new(int language)
{
	struct text_stemmer *s = calloc(1, sizeof *s);
	if (s == NULL)
		return NULL;
	buf_init(&s->lower, TEXT_STEM_BYTES_MAX);
	buf_init(&s->folded, TEXT_STEM_BYTES_MAX);
	s->snowball = sb_stemmer_new(languages[language].algorithm, "UTF_8");
	if (s->snowball == NULL) {
		free(s);
		return NULL;
	}
	return s;
}

void
text_stemmer_free(struct text_stemmer *s)
{
	if (s == NULL)
		return;
	sb_stemmer_delete(s->snowball);
	buf_done(&s->lower);
	buf_done(&s->folded);
	free(s);
}

/* False when the word is too long for a stem, or memory ran out (then the buffer is not over its limit). */
static bool
lower(struct buf *out, struct str word)
{
	char utf8[4];
	buf_reset(out);
	for (size_t pos = 0; pos < word.len;) {
		uint32_t cp = utf8_next(word, &pos);
		if (cp != UTF8_INVALID && !buf_add(out, utf8, utf8_put((uint32_t)u_tolower((UChar32)cp), utf8)))
			return false;
	}
	return true;
}

bool
text_stem(struct text_stemmer *s, struct str word, char out[TEXT_STEM_BYTES_MAX], size_t *len)
{
	struct str stem = word;
	if (lower(&s->lower, word)) {
		const sb_symbol *done =
		    sb_stemmer_stem(s->snowball, (const sb_symbol *)s->lower.data, (int)s->lower.len);
		if (done == NULL)
			return false;
		stem = (struct str){(const char *)done, (size_t)sb_stemmer_length(s->snowball)};
	} else if (!s->lower.over_limit) {
		return false;
	}
	buf_reset(&s->folded);
	if (!text_fold_str(&s->folded, stem) && !s->folded.over_limit)
		return false;
	*len = s->folded.len;
	if (*len > 0)
		memcpy(out, s->folded.data, *len);
	return true;
}
