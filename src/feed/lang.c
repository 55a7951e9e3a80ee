#include "feed/lang.h"

#include "base/scan.h"
#include "base/utf8.h"
#include "feed/lang_cld2.h"

#define TAG_BYTES_MAX 64u
#define SERIES_TRUST 3u   /* so many texts in a row agree … */
#define SERIES_RECHECK 8u /* … then only every so manieth is looked at … */
#define SERIES_KNOWN 2u   /* … and when so many do, none … */
#define WORDS_MIN 16u     /* … that has so many words, of which … */
#define WORDS_SHARED 4u   /* … one in so many stands in those that agree */
/* Any word seems to stand in a set that is full. */
#define WORDS_LEARNT_MAX (LANG_SERIES_WORDS / 8)
#define WORDS_MAX (LANG_SAMPLE_BYTES / 2)
#define SAMPLE_SLACK 32u

/* Codes of CLD2 that BCP 47 writes otherwise. */
static const struct {
	char from[3], to[3];
} aliases[] = {{"in", "id"}, {"iw", "he"}, {"ji", "yi"}, {"jw", "jv"}, {"mo", "ro"}};

enum subtag { SUBTAG_PRIMARY, SUBTAG_AFTER_LANGUAGE, SUBTAG_AFTER_SCRIPT, SUBTAG_AFTER_REGION, SUBTAG_EXTENSION };

static bool
all_of(struct str s, bool letters, bool digits)
{
	for (size_t i = 0; i < s.len; i++) {
		bool letter = ascii_lower(s.s[i]) >= 'a' && ascii_lower(s.s[i]) <= 'z';
		bool digit = s.s[i] >= '0' && s.s[i] <= '9';
		if (!(letters && letter) && !(digits && digit))
			return false;
	}
	return true;
}

/* Puts one subtag behind the tag in its usual case; false when nothing of that shape may stand there. */
static bool
add_subtag(char *out, size_t *len, struct str s, enum subtag *state)
{
	bool letters = all_of(s, true, false), title = false, upper = false;

	if (s.len == 0 || s.len > 8 || !all_of(s, true, true))
		return false;
	if (*state == SUBTAG_PRIMARY) {
		if (!letters || s.len < 2 || s.len > 3)
			return false;
		*state = SUBTAG_AFTER_LANGUAGE;
	} else if (s.len == 1 || *state == SUBTAG_EXTENSION) {
		*state = SUBTAG_EXTENSION;
	} else if (letters && s.len == 4 && *state == SUBTAG_AFTER_LANGUAGE) {
		title = true;
		*state = SUBTAG_AFTER_SCRIPT;
	} else if (*state < SUBTAG_AFTER_REGION && ((letters && s.len == 2) || (s.len == 3 && all_of(s, false, true)))) {
		upper = true;
		*state = SUBTAG_AFTER_REGION;
	} else if (!(letters && s.len == 3 && *state == SUBTAG_AFTER_LANGUAGE) && s.len < 4) {
		return false;
	}
	for (size_t i = 0; i < s.len; i++) {
		char c = ascii_lower(s.s[i]);
		out[(*len)++] = c >= 'a' && (upper || (title && i == 0)) ? (char)(c - 32) : c;
	}
	return true;
}

struct str
lang_normalise(struct arena *a, struct str tag)
{
	char out[TAG_BYTES_MAX + 1];
	size_t len = 0, pos = 0, end;
	enum subtag state = SUBTAG_PRIMARY;

	tag = str_trim(tag);
	if (tag.len == 0 || tag.len > TAG_BYTES_MAX)
		return STR_NONE;
	do {
		for (end = pos; end < tag.len && strchr("-_.@", tag.s[end]) == NULL; end++)
			;
		if (len > 0)
			out[len++] = '-';
		if (!add_subtag(out, &len, (struct str){tag.s + pos, end - pos}, &state))
			return STR_NONE;
		if (end < tag.len && (tag.s[end] == '.' || tag.s[end] == '@')) /* a POSIX locale's charset */
			break;
		pos = end + 1;
	} while (end < tag.len);
	if (len == 3 && memcmp(out, "und", 3) == 0)
		return STR_NONE;
	return arena_str(a, (struct str){out, len});
}

static struct str
alias_of(struct str code)
{
	for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++) {
		if (str_is(code, aliases[i].from))
			return str_from(aliases[i].to);
	}
	return code;
}

/* How far to trust it: less when only a part of the text is in that language, or when there is little text. */
static float
confidence_of(const struct lang_cld2_guess *g)
{
	int letters = g->letters < 200 ? g->letters : 200;
	float share = (float)g->percent / 100;

	if (!g->reliable)
		share /= 2;
	return share * (0.85F + 0.14F * (float)letters / 200);
}

bool
lang_detect(struct str text, struct str *lang, float *confidence)
{
	struct lang_cld2_guess guess;

	text = utf8_truncate(text, LANG_SAMPLE_BYTES);
	if (str_empty(text) || !lang_cld2_guess(text.s, text.len, &guess))
		return false;
	struct str code = str_from(guess.code);
	if (code.len < 2 || str_is(code, "un") || str_starts(code, STR_LIT("xx")) || str_starts(code, STR_LIT("zz")))
		return false;
	*lang = alias_of(code);
	*confidence = confidence_of(&guess);
	return true;
}

static inline scan_vec
letter_hits(const char *s)
{
	scan_vec v = scan_load(s);
	return (scan_vec)(v >= 0x80) | (scan_vec)((scan_vec)((v | 0x20) - 'a') < 26);
}

static inline scan_vec
high_hits(const char *s)
{
	return (scan_vec)(scan_load(s) >= 0x80);
}

/* A rough script: most of the first letters beyond ASCII, by block of 256 code points; 0 = ASCII and Latin. */
static unsigned
rough_script(struct str text)
{
	unsigned latin = 0, other = 0, block = 0;

	text = utf8_truncate(text, LANG_SAMPLE_BYTES / 4);
	size_t pos = scan_find(text.s, text.len, high_hits, 0);
	if (pos == text.len)
		return 0;
	for (pos = 0; pos < text.len;) {
		uint32_t cp = utf8_next(text, &pos);
		if ((cp >= 'A' && cp < 0x250) || (cp >= 0x1e00 && cp < 0x1f00)) {
			latin++;
		} else if (cp >= 0x370 && cp < 0x2000) {
			block = cp >> 8;
			other++;
		} else if (cp >= 0x3000 && cp < 0xd800) {
			block = cp < 0xac00 ? 0x4e : 0xac;
			other++;
		}
	}
	return other > latin ? block : 0;
}

/* The words of a text, as places in the set of a series. */
struct sample_words {
	uint16_t places[WORDS_MAX + 1];
	unsigned count;
};

/* Runs of letters, told apart by their length and first eight bytes, nearly without regard to case. */
static void
cut_words(struct str text, struct sample_words *w)
{
	char s[LANG_SAMPLE_BYTES + SAMPLE_SLACK];
	unsigned inside = 0, begin = 0;

	text = utf8_truncate(text, LANG_SAMPLE_BYTES);
	w->count = 0;
	if (text.len > 0)
		memcpy(s, text.s, text.len);
	memset(s + text.len, 0, SAMPLE_SLACK);
	for (unsigned at = 0; at <= text.len; at += 16) {
		unsigned letters = scan_set(letter_hits(s + at));
		/* where a word begins, and where one ends, in turn */
		for (unsigned edges = (letters ^ (letters << 1 | inside)) & 0xffff; edges != 0; edges &= edges - 1) {
			unsigned edge = at + (unsigned)__builtin_ctz(edges), len = edge - begin;
			uint64_t word;
			memcpy(&word, s + begin, sizeof word);
			word <<= len < 8 ? (64 - 8 * len) & 63 : 0;
			w->places[w->count] =
			    (uint16_t)(((word | 0x2020202020202020u) + len) * 0x9E3779B97F4A7C15u >> 52);
			w->count += inside;
			inside ^= 1;
			begin = edge;
		}
	}
}

static bool
shares_words(const struct lang_series *series, const struct sample_words *w)
{
	unsigned known = 0;

	for (unsigned i = 0; i < w->count; i++)
		known += series->words[w->places[i] / 64] >> w->places[i] % 64 & 1;
	return w->count >= WORDS_MIN && known * WORDS_SHARED >= w->count;
}

static void
learn_words(struct lang_series *series, const struct sample_words *w)
{
	if (series->learnt >= WORDS_LEARNT_MAX)
		return;
	series->learnt += w->count;
	for (unsigned i = 0; i < w->count; i++)
		series->words[w->places[i] / 64] |= (uint64_t)1 << w->places[i] % 64;
}

bool
lang_detect_next(struct lang_series *series, struct str text, struct str *lang, float *confidence)
{
	unsigned script = rough_script(text);
	bool same_script = series->agreeing > 0 && script == series->script;
	struct sample_words words;

	if (same_script && series->agreeing >= SERIES_TRUST && series->since < SERIES_RECHECK) {
		series->since++;
		*lang = series->lang;
		*confidence = series->confidence;
		return true;
	}
	series->since = 0;
	cut_words(text, &words);
	if (same_script && series->agreeing >= SERIES_KNOWN && shares_words(series, &words)) {
		*lang = series->lang;
		*confidence = series->confidence;
	} else if (series->looks++ >= LANG_LOOKS_MAX || !lang_detect(text, lang, confidence)) {
		return false;
	} else if (!same_script || !str_eq(*lang, series->lang)) {
		*series = (struct lang_series){
		    .lang = *lang, .confidence = *confidence, .script = script, .looks = series->looks};
	} else if (*confidence < series->confidence) {
		series->confidence = *confidence;
	}
	learn_words(series, &words);
	series->agreeing++;
	return true;
}
