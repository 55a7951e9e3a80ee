#include "text/hangul.h"

#include "base/utf8.h"

#define FIRST 0xAC00u
#define LAST 0xD7A3u
#define MEDIALS 21u
#define FINALS 28u
#define J 12u /* the initial ㅈ */
#define NAME_SYLLABLES_MAX 5u

/* Family names by how many have them (census of 2015), with their spellings. */
static const struct {
	const char *hangul, *latin;
} families[] = {
    {"김", "kim gim"},
    {"이", "lee yi rhee ri"},
    {"박", "park pak bak"},
    {"최", "choi choe choy"},
    {"정", "jung chung jeong jong chong"},
    {"강", "kang gang"},
    {"조", "cho jo"},
    {"윤", "yoon yun"},
    {"장", "jang chang"},
    {"임", "lim im yim rim"},
    {"한", "han"},
    {"오", "oh o"},
    {"서", "seo suh so"},
    {"신", "shin sin"},
    {"권", "kwon gwon"},
    {"황", "hwang"},
    {"안", "ahn an"},
    {"송", "song"},
    {"류", "ryu ryoo yoo"},
    {"유", "yoo yu"},
    {"전", "jeon chun jun chon"},
    {"홍", "hong"},
    {"고", "ko go koh"},
    {"문", "moon mun"},
    {"양", "yang"},
    {"손", "son sohn"},
    {"배", "bae pae"},
    {"백", "baek paek paik"},
    {"허", "heo hur huh ho"},
    {"남", "nam"},
    {"심", "shim sim"},
    {"노", "noh roh no"},
    {"로", "ro"},
    {"하", "ha"},
    {"곽", "kwak gwak"},
    {"성", "sung seong song"},
    {"차", "cha"},
    {"주", "joo ju chu"},
    {"우", "woo u"},
    {"구", "koo ku gu"},
    {"민", "min"},
    {"나", "na ra"},
    {"라", "ra"},
    {"진", "jin chin"},
    {"지", "ji chi"},
    {"엄", "um eom om"},
    {"채", "chae"},
    {"원", "won"},
    {"천", "cheon chun chon"},
    {"방", "bang pang"},
    {"공", "kong gong"},
    {"현", "hyun hyeon hyon"},
    {"함", "ham"},
    {"변", "byun byeon pyon"},
    {"염", "yum yeom yom"},
    {"여", "yeo yo"},
    {"추", "choo chu"},
    {"도", "do to"},
    {"소", "so"},
    {"석", "seok suk sok"},
    {"선", "sun seon son"},
    {"설", "seol sul sol"},
    {"마", "ma"},
    {"길", "gil kil"},
    {"연", "yeon yon"},
    {"위", "wi"},
    {"표", "pyo"},
    {"명", "myung myeong myong"},
    {"기", "ki gi"},
    {"반", "ban pan"},
    {"왕", "wang"},
    {"금", "keum geum kum"},
    {"옥", "ok"},
    {"육", "yook yuk"},
    {"인", "in"},
    {"맹", "maeng"},
    {"제", "je che"},
    {"모", "mo"},
    {"탁", "tak"},
    {"국", "kook kuk guk"},
    {"어", "eo o"},
    {"은", "eun un"},
    {"편", "pyun pyeon pyon"},
    {"용", "yong"},
    {"리", "ri"},
    {"림", "rim"},
    {"량", "ryang"},
    {"렴", "ryom"},
    {"태", "tae"},
    {"남궁", "namgung namkoong namkung"},
    {"황보", "hwangbo"},
    {"선우", "sunwoo seonu"},
    {"제갈", "jegal"},
    {"독고", "dokgo dokko"},
    {"사공", "sagong"},
};

/* Syllables that are usual in given names. */
static const char given_syllables[] =
    "가강건경계고곤관광교구국권귀규균근금기길나남노다단달대덕도동두라락란람래렬령례로록룡루류률리린림만면명모목무문"
    "미민박반배백범법병보복봉부빈사산삼상새서석선설섭성세소솔송수숙순숭슬승시식신실심아안애양언여연열엽영예오옥온완"
    "왕요용우욱운웅원월위유윤율은을의이익인일임자장재전정제조종주준중지직진찬창채천철청초춘충치태택표하학한해향헌혁"
    "현형혜호홍화환훈휘희";

/* The parts of a syllable in the order in which Unicode numbers them (chapter 3.12), each with its spellings. */
static const char *const initials[] = {
    "k g", "kk", "n", "d t", "tt", "r l", "m", "b p", "pp", "s sh", "ss", "-", "j ch", "jj", "ch", "k", "t", "p", "h"};
static const char *const medials[MEDIALS] = {"a", "ae ai", "ya", "yae", "u eo o", "e", "yu yeo yo you", "ye", "o", "wa",
    "wae", "oe", "yo", "u oo", "wo", "we", "wi", "yu yoo", "eu u", "ee ui eui i", "i ee"};
static const char *const finals[FINALS] = {"-", "k g", "kk", NULL, "n", NULL, NULL, "t", "l", NULL, NULL, NULL, NULL,
    NULL, NULL, NULL, "m", "p b", NULL, "t", NULL, "ng", NULL, NULL, NULL, NULL, NULL, NULL};

/* What is spelt in another way or order than its parts. */
static const struct {
	const char *hangul, *latin;
} special[] = {{"영", "young yeong yong yung"}, {"우", "woo u wu"}, {"이", "i yi ee lee"}, {"식", "sik shik"},
    {"신", "shin sin"}, {"시", "si shi"}, {"석", "seok suk sok"}, {"서", "seo suh so"}, {"리", "ri lee"},
    {"화", "hwa wha"}, {"예", "ye yeh"}};

#define COUNT(a) (sizeof(a) / sizeof *(a))

static size_t
put(struct hangul_spelling *out, size_t n, size_t max, struct str a, struct str b, struct str c)
{
	struct hangul_spelling s = {.len = 0};
	const struct str parts[] = {a, b, c};
	if (n >= max)
		return n;
	for (size_t i = 0; i < COUNT(parts); i++) {
		if (parts[i].len == 0 || parts[i].s[0] == '-')
			continue;
		if (s.len + parts[i].len > sizeof s.s)
			return n;
		memcpy(s.s + s.len, parts[i].s, parts[i].len);
		s.len = (uint8_t)(s.len + parts[i].len);
	}
	out[n] = s;
	return n + 1;
}

static size_t
put_list(const char *list, struct hangul_spelling *out, size_t max)
{
	struct str rest = str_from(list), one;
	size_t n = 0;
	while (str_split(&rest, ' ', &one))
		n = put(out, n, max, one, STR_NONE, STR_NONE);
	return n;
}

static uint32_t
only_syllable(const char *hangul)
{
	size_t pos = 0;
	return utf8_next(str_from(hangul), &pos);
}

size_t
hangul_spell(uint32_t syllable, struct hangul_spelling *out, size_t max)
{
	if (syllable < FIRST || syllable > LAST)
		return 0;
	for (size_t i = 0; i < COUNT(special); i++) {
		if (only_syllable(special[i].hangul) == syllable)
			return put_list(special[i].latin, out, max);
	}
	uint32_t at = syllable - FIRST;
	const char *end = finals[at % FINALS];
	struct str vowels = str_from(medials[at / FINALS % MEDIALS]), vowel;
	bool j = at / FINALS / MEDIALS == J;
	size_t n = 0;
	while (str_split(&vowels, ' ', &vowel)) {
		struct str begins = str_from(initials[at / FINALS / MEDIALS]), begin;
		while (str_split(&begins, ' ', &begin)) {
			struct str ends = str_from(end), last;
			if (j && str_is(begin, "ch") && str_is(vowel, "eo"))
				continue; /* one is of the one system, one of the other: that is ㅊ */
			while (end != NULL && str_split(&ends, ' ', &last))
				n = put(out, n, max, begin, vowel, last);
		}
	}
	return n;
}

size_t
hangul_spell_family(struct str family, struct hangul_spelling *out, size_t max)
{
	for (size_t i = 0; i < COUNT(families); i++) {
		if (str_is(family, families[i].hangul))
			return put_list(families[i].latin, out, max);
	}
	return 0;
}

/* The longest family name that the name begins with. */
static struct str
family_of(struct str name)
{
	struct str best = STR_NONE;
	for (size_t i = 0; i < COUNT(families); i++) {
		struct str f = str_from(families[i].hangul);
		if (str_starts(name, f) && f.len > best.len)
			best = f;
	}
	return best;
}

bool
hangul_name(struct str name, struct hangul_name *ret)
{
	char text[NAME_SYLLABLES_MAX * 4];
	struct str all = {text, 0};
	uint32_t syllables[NAME_SYLLABLES_MAX];
	size_t n = 0;
	for (size_t pos = 0; pos < name.len;) {
		size_t start = pos;
		uint32_t cp = utf8_next(name, &pos);
		if (cp == ' ')
			continue;
		if (cp < FIRST || cp > LAST || n == NAME_SYLLABLES_MAX)
			return false;
		memcpy(text + all.len, name.s + start, pos - start);
		all.len += pos - start;
		syllables[n++] = cp;
	}
	struct str family = family_of(all);
	size_t of_family = utf8_count(family);
	if (of_family == 2 && n == 3) { /* 남궁 is a family, 남 one with the given name 궁수, too */
		family.len = family.len / 2;
		of_family = 1;
	}
	if (of_family == 0 || n != of_family + 2)
		return false;
	*ret = (struct hangul_name){.family = family, .given = {syllables[n - 2], syllables[n - 1]}};
	return true;
}

/* Is it one of these words with a space between? Asked of every name of a list: nearly all words differ in their first letter. */
static bool
is_among(const char *words, struct str one)
{
	while (*words != '\0') {
		if (*words == one.s[0] && strncmp(words, one.s, one.len) == 0 &&
		    (words[one.len] == ' ' || words[one.len] == '\0'))
			return true;
		while (*words != '\0' && *words++ != ' ')
			;
	}
	return false;
}

size_t
hangul_read_family(struct str latin, struct str out[HANGUL_READINGS_MAX])
{
	size_t n = 0;
	for (size_t i = 0; latin.len > 0 && i < COUNT(families) && n < HANGUL_READINGS_MAX; i++) {
		if (is_among(families[i].latin, latin))
			out[n++] = str_from(families[i].hangul);
	}
	return n;
}

size_t
hangul_read(struct str latin, uint32_t out[HANGUL_READINGS_MAX])
{
	struct str all = STR_LIT(given_syllables);
	size_t n = 0;
	if (latin.len == 0 || latin.len > HANGUL_SPELLING_BYTES)
		return 0;
	for (size_t pos = 0; pos < all.len && n < HANGUL_READINGS_MAX;) {
		struct hangul_spelling spellings[HANGUL_SPELLINGS_MAX];
		uint32_t syllable = utf8_next(all, &pos);
		size_t count = hangul_spell(syllable, spellings, HANGUL_SPELLINGS_MAX);
		for (size_t i = 0; i < count; i++) {
			if (str_eq((struct str){spellings[i].s, spellings[i].len}, latin)) {
				out[n++] = syllable;
				break;
			}
		}
	}
	return n;
}

/* ---- systems of the press: Cyrillic letters, and Czech and Slovak ones ---- */

/*
 * Folded, as all of this file: ё is е, й is и and č is c. What is voiced between vowels has pairs: the consonant, and the same voiced;
 * not when it is doubled or aspirated.
 */
static const struct system {
	const char *initials[19], *medials[MEDIALS], *finals[FINALS];
	const char *families[3][2]; /* that are written otherwise than they are spoken: Ли */
	const char *voiced[4][2], *hard[3], *aspirated;
} systems[] = {
    [HANGUL_KONTSEVICH] = {.initials = {"к", "кк", "н", "т", "тт", "р", "м", "п", "пп", "с", "сс", "", "чж", "чч", "чх",
                               "кх", "тх", "пх", "х"},
        .medials = {"а", "э", "я", "иэ", "о", "е", "е", "е", "о", "ва", "вэ", "ве", "е", "у", "во", "ве", "ви", "ю",
            "ы", "ыи", "и"},
        .finals = {"", "к", "к", "к", "н", "н", "н", "т", "ль", "к", "м", "п", "ль", "ль", "п", "ль", "м", "п", "п",
            "т", "т", "н", "т", "т", "к", "т", "п", "т"},
        .families = {{"이", "ли"}, {"유", "ю"}, {"노", "но"}},
        .voiced = {{"к", "г"}, {"т", "д"}, {"п", "б"}},
        .hard = {"к", "т", "п"},
        .aspirated = "х"},
    [HANGUL_CZECH] = {.initials = {"k", "kk", "n", "t", "tt", "r", "m", "p", "pp", "s", "ss", "", "c", "cc", "cch",
                          "kch", "tch", "pch", "h"},
        .medials = {"a", "e", "ja", "je", "o", "e", "jo", "je", "o", "wa", "we", "we", "jo", "u", "wo", "we", "wi",
            "ju", "u", "ui", "i"},
        .finals = {"", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t",
            "t", "ng", "t", "t", "k", "t", "p", "t"},
        .families = {{"이", "i"}, {"유", "ju"}, {"노", "no"}},
        .voiced = {{"k", "g"}, {"t", "d"}, {"p", "b"}, {"c", "dz"}},
        .hard = {"k", "t", "p"},
        .aspirated = "ch"},
};

static void
append(struct hangul_spelling *s, struct str text)
{
	if (s->len + text.len > sizeof s->s)
		return;
	memcpy(s->s + s->len, text.s, text.len);
	s->len = (uint8_t)(s->len + text.len);
}

bool
hangul_voice(enum hangul_system system, struct hangul_spelling *s, const struct hangul_spelling *before)
{
	const struct system *sys = &systems[system];
	const struct hangul_spelling was = *s;
	struct str own = {was.s, was.len}, last = {before->s, before->len};
	for (size_t i = 0; i < COUNT(sys->hard); i++) {
		if (str_ends(last, str_from(sys->hard[i])))
			return false;
	}
	for (size_t i = 0; i < COUNT(sys->voiced) && sys->voiced[i][0] != NULL; i++) {
		struct str from = str_from(sys->voiced[i][0]), rest = {own.s + from.len, own.len - from.len};
		if (!str_starts(own, from) || str_starts(rest, str_from(sys->aspirated)) || str_starts(rest, from))
			continue;
		s->len = 0;
		append(s, str_from(sys->voiced[i][1]));
		append(s, rest);
		return true;
	}
	return false;
}

struct hangul_spelling
hangul_spell_as(enum hangul_system system, struct str syllables, bool family)
{
	const struct system *sys = &systems[system];
	struct hangul_spelling ret = {.len = 0};
	for (size_t i = 0; family && i < COUNT(sys->families); i++) {
		if (str_is(syllables, sys->families[i][0])) {
			append(&ret, str_from(sys->families[i][1]));
			return ret;
		}
	}
	for (size_t pos = 0; pos < syllables.len;) {
		uint32_t at = utf8_next(syllables, &pos) - FIRST;
		if (at > LAST - FIRST)
			continue;
		append(&ret, str_from(sys->initials[at / FINALS / MEDIALS]));
		append(&ret, str_from(sys->medials[at / FINALS % MEDIALS]));
		append(&ret, str_from(sys->finals[at % FINALS]));
	}
	return ret;
}
