#include "text/pinyin.h"

#include "base/utf8.h"
#include "text/fold.h"

#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#define UNITS_MAX 128

struct pinyin {
	UTransliterator *letters;
};

/* Family names of two characters (GB/T 28039-2011, and the Hundred Family Surnames where they are in use). */
static const char *const double_families[] = {"欧阳", "歐陽", "太史", "端木", "上官", "司马", "司馬", "东方", "東方",
    "独孤", "獨孤", "南宫", "南宮", "万俟", "闻人", "聞人", "夏侯", "诸葛", "諸葛", "尉迟", "尉遲", "公羊", "赫连",
    "赫連", "澹台", "皇甫", "宗政", "濮阳", "濮陽", "公冶", "太叔", "申屠", "公孙", "公孫", "慕容", "仲孙", "仲孫",
    "钟离", "鍾離", "长孙", "長孫", "宇文", "司徒", "鲜于", "鮮于", "司空", "闾丘", "令狐", "百里", "呼延"};

struct pinyin *
pinyin_open(struct err *err)
{
	static const UChar id[] = u"Han-Latin/Names; Latin-ASCII";
	struct pinyin *p = calloc(1, sizeof *p);
	UErrorCode code = U_ZERO_ERROR;
	if (p != NULL)
		p->letters = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &code);
	if (p == NULL || code == U_MEMORY_ALLOCATION_ERROR) {
		pinyin_free(p);
		err_oom(err);
		return NULL;
	}
	if (U_FAILURE(code)) {
		pinyin_free(p);
		err_set(err, ERR_INTERNAL, "ICU reads no Chinese: %s", u_errorName(code));
		return NULL;
	}
	return p;
}

void
pinyin_free(struct pinyin *p)
{
	if (p == NULL)
		return;
	if (p->letters != NULL)
		utrans_close(p->letters);
	free(p);
}

/* How many characters the name has; 0 when one of them is not Han. */
static size_t
count_han(struct str name)
{
	size_t n = 0;
	for (size_t pos = 0; pos < name.len; n++) {
		UErrorCode code = U_ZERO_ERROR;
		uint32_t cp = utf8_next(name, &pos);
		if (cp == UTF8_INVALID || uscript_getScript((UChar32)cp, &code) != USCRIPT_HAN || n > PINYIN_NAME_MAX)
			return 0;
	}
	return n;
}

static size_t
family_syllables(struct str name, size_t count)
{
	for (size_t i = 0; count > 2 && i < sizeof double_families / sizeof *double_families; i++) {
		if (str_starts(name, str_from(double_families[i])))
			return 2;
	}
	return 1;
}

/* "mao lian qing" → "Mao Lianqing". An apostrophe parts what could be read otherwise: Xi'an. */
static void
put_syllables(struct buf *out, struct str syllables, size_t family, bool apart)
{
	struct str one;
	for (size_t i = 0; str_split(&syllables, ' ', &one); i++) {
		bool begins = i == 0 || i == family;
		if (i == family || (apart && i > 0))
			buf_putc(out, ' ');
		else if (!begins && one.len > 0 && strchr("aeo", one.s[0]) != NULL)
			buf_putc(out, '\'');
		for (size_t k = 0; k < one.len; k++)
			buf_putc(out, (char)(begins && k == 0 ? one.s[k] - 'a' + 'A' : one.s[k]));
	}
}

static bool
plain_syllables(struct str s, size_t count)
{
	size_t parts = 1;
	for (size_t i = 0; i < s.len; i++) {
		if (s.s[i] == ' ' && i > 0 && i + 1 < s.len && s.s[i - 1] != ' ')
			parts++;
		else if (s.s[i] < 'a' || s.s[i] > 'z')
			return false;
	}
	return parts == count;
}

bool
pinyin_name(const struct pinyin *p, struct str name, bool apart, struct buf *out)
{
	UChar units[UNITS_MAX];
	char latin[UNITS_MAX];
	int32_t len = 0, end, bytes = 0;
	UErrorCode code = U_ZERO_ERROR;
	size_t count = count_han(name);

	if (count < PINYIN_NAME_MIN || count > PINYIN_NAME_MAX)
		return false;
	u_strFromUTF8(units, UNITS_MAX, &len, name.s, (int32_t)name.len, &code);
	end = len;
	utrans_transUChars(p->letters, units, &len, UNITS_MAX, 0, &end, &code);
	u_strToUTF8(latin, sizeof latin, &bytes, units, len, &code);
	struct str syllables = {latin, (size_t)bytes};
	if (U_FAILURE(code) || bytes > (int32_t)sizeof latin || !plain_syllables(syllables, count))
		return false;
	put_syllables(out, syllables, family_syllables(name, count), apart);
	return !out->failed;
}
