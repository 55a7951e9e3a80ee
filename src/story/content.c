#include "story/content.h"

#include "base/scan.h"
#include "story/content_wide.h"

#define WIDE_MIN 16u

/* Words that stand after a number which counts readers or time: the number and the word are no content. Lower case;
 * ASCII capitals are folded, the others are listed as they are written inside a sentence. */
#define W(word) STR_INIT(word)
static const struct str counter_words[] = {
    W("comment"),
    W("comments"),
    W("view"),
    W("views"),
    W("like"),
    W("likes"),
    W("share"),
    W("shares"),
    W("read"),
    W("reads"),
    W("repost"),
    W("reposts"),
    W("vote"),
    W("votes"),
    W("point"),
    W("points"),
    W("reply"),
    W("replies"),
    W("follower"),
    W("followers"),
    W("second"),
    W("seconds"),
    W("sec"),
    W("minute"),
    W("minutes"),
    W("min"),
    W("mins"),
    W("hour"),
    W("hours"),
    W("kommentare"),
    W("kommentar"),
    W("aufrufe"),
    W("minuten"),
    W("stunden"),
    W("stunde"),
    W("commentaire"),
    W("commentaires"),
    W("vues"),
    W("heure"),
    W("heures"),
    W("comentarios"),
    W("comentario"),
    W("visitas"),
    W("minuto"),
    W("minutos"),
    W("hora"),
    W("horas"),
    W("commenti"),
    W("commento"),
    W("minuti"),
    W("ore"),
    W("komentarzy"),
    W("komentarze"),
    W("комментариев"),
    W("комментария"),
    W("комментарий"),
    W("просмотров"),
    W("просмотра"),
    W("минут"),
    W("минуты"),
    W("минуту"),
    W("часов"),
    W("часа"),
    W("час"),
    W("коментарів"),
    W("переглядів"),
    W("хвилин"),
    W("хвилини"),
    W("годин"),
    W("години"),
};
#undef W

/* LETTER: letters and digits of ASCII, and what is not ASCII. */
enum { LETTER = 1, SPACE = 2, COLON = 4 };
static const unsigned char kinds[256] = {['0' ... '9'] = LETTER,
    ['A' ... 'Z'] = LETTER,
    ['a' ... 'z'] = LETTER,
    [0x80 ... 0xFF] = LETTER,
    ['\t' ... '\r'] = SPACE,
    [' '] = SPACE,
    [':'] = COLON};

static bool
is_counter_word(struct str word)
{
	for (size_t i = 0; i < sizeof counter_words / sizeof *counter_words; i++) {
		if (word.len == counter_words[i].len && str_ieq(word, counter_words[i]))
			return true;
	}
	return false;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_number(struct str word)
{
	for (size_t i = 0; i < word.len; i++) {
		if (!is_digit(word.s[i]) && word.s[i] != '.' && word.s[i] != ',')
			return false;
	}
	return word.len > 0 && is_digit(word.s[0]);
}

/* "14:05", "14:05:59", "2026-11-23T14:05:59Z", "(14:05)", but not the score "2:1". */
static bool
is_time(struct str word)
{
	for (size_t i = 1; i + 2 < word.len; i++) {
		if (word.s[i] == ':' && is_digit(word.s[i - 1]) && is_digit(word.s[i + 1]) && is_digit(word.s[i + 2]))
			return true;
	}
	return false;
}

static bool
is_address(struct str word, bool colon)
{
	return (colon && str_find(word, STR_LIT("://"), 0) > 0) || str_istarts(word, STR_LIT("www."));
}

static bool
is_punctuation(char c)
{
	return !(kinds[(unsigned char)c] & LETTER);
}

static struct str
without_punctuation(struct str word)
{
	while (word.len > 0 && is_punctuation(word.s[0]))
		word = (struct str){word.s + 1, word.len - 1};
	while (word.len > 0 && is_punctuation(word.s[word.len - 1]))
		word.len--;
	return word;
}

/* What kinds its characters are: any of them, and all of them. */
struct word_kinds {
	unsigned any, all;
};

static struct str
next_word(struct str text, size_t *pos, struct word_kinds *kinds_of)
{
	struct word_kinds k = {.all = LETTER};
	size_t at = *pos;
	while (at < text.len && (kinds[(unsigned char)text.s[at]] & SPACE))
		at++;
	size_t start = at;
	for (unsigned kind; at < text.len && !((kind = kinds[(unsigned char)text.s[at]]) & SPACE); at++) {
		k.any |= kind;
		k.all &= kind;
	}
	*pos = at;
	*kinds_of = k;
	return (struct str){text.s + start, at - start};
}

static void
add_letters(struct buf *out, struct str s) /* room is reserved */
{
	char *to = out->data + out->len;
	if (s.len >= WIDE_MIN && cpu_is_wide()) {
		out->len += content_letters_wide(to, s);
		return;
	}
	for (size_t i = 0; i < s.len; i++) {
		*to = s.s[i];
		to += kinds[(unsigned char)s.s[i]] & LETTER;
	}
	out->len = (size_t)(to - out->data);
}

/* What makes a word more than its letters: digits, the colon (which stands behind the nine), the beginning of "www.". */
static inline scan_vec
odd_hits(const char *s)
{
	scan_vec v = scan_load(s), next = scan_load(s + 1);
	return (scan_vec)((scan_vec)(v - '0') <= 10) |
	       ((scan_vec)((v | 0x20) == 'w') & (scan_vec)((next | 0x20) == 'w'));
}

/* Of the words from `pos` on, behind the last before the first that needs a look. */
static size_t
plain_end(struct str text, size_t pos)
{
	size_t at = pos + scan_find(text.s + pos, text.len - pos, odd_hits, 1);
	while (at < text.len && !is_digit(text.s[at]) && text.s[at] != ':' && ascii_lower(text.s[at]) != 'w')
		at++;
	if (at == text.len)
		return at;
	while (at > pos && !(kinds[(unsigned char)text.s[at - 1]] & SPACE))
		at--;
	return at;
}

bool
story_content_add(struct buf *out, struct str text)
{
	size_t number_at = SIZE_MAX; /* where out stood before a number that may turn out to count readers */
	size_t pos = 0;

	if (buf_reserve(out, text.len + CONTENT_SLACK) == NULL)
		return false;
	while (pos < text.len) {
		struct word_kinds kinds_of;
		if (number_at == SIZE_MAX) {
			size_t end = plain_end(text, pos);
			add_letters(out, (struct str){text.s + pos, end - pos});
			pos = end;
		}
		struct str word = next_word(text, &pos, &kinds_of);
		bool colon = kinds_of.any & COLON, plain = kinds_of.all & LETTER; /* as most are: nothing but letters */
		if (!plain && ((colon && is_time(word)) || is_address(word, colon)))
			continue;
		word = plain ? word : without_punctuation(word);
		if (word.len == 0)
			continue;
		if (number_at != SIZE_MAX && is_counter_word(word)) {
			out->len = number_at;
			number_at = SIZE_MAX;
			continue;
		}
		number_at = is_number(word) ? out->len : SIZE_MAX;
		add_letters(out, word);
	}
	out->data[out->len] = '\0';
	return true;
}
