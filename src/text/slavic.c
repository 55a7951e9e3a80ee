#include "text/slavic.h"

#include "base/utf8.h"

/* ---- given names ---- */

/*
 * Folded, in the order of their bytes, in Latin letters as English newspapers write them: the usual given names of the dictionaries
 * of Russian (Petrovsky 1966), Ukrainian (Skrypnyk and Dzyatkivska 2005) and Belarusian names.
 */
/* clang-format off */
static const char *const sure[] = {
    "aleksandr", "aleksei", "aleksey", "alexei", "alexey", "aliaksandr", "alyaksandr", "anatoli", "anatolii", "anatoliy", "anatoly", "andrei",
    "andrey", "andrii", "andriy", "arkadiy", "arkady", "bohdan", "boris", "denys", "dmitri", "dmitrij", "dmitriy", "dmitry", "dmytro", "dzmitry",
    "ekaterina", "evgeni", "evgenii", "evgeny", "fedir", "fyodor", "galina", "gennadi", "gennadiy", "gennady", "grigori", "grigory", "halyna",
    "hennadiy", "hryhoriy", "igor", "ihor", "illya", "ilya", "iryna", "iurii", "kateryna", "kirill", "konstantin", "kostiantyn", "kostyantyn",
    "ksenia", "kseniya", "kyrylo", "leonid", "liubov", "liudmyla", "lyubov", "lyudmila", "lyudmyla", "maksim", "maksym", "maxim", "mikalai",
    "mikhail", "mykhailo", "mykola", "mykyta", "nadezhda", "nadiya", "natalia", "nataliya", "natalya", "nikita", "nikolai", "nikolay", "oksana",
    "oleg", "oleh", "oleksandr", "oleksii", "oleksiy", "olha", "ostap", "pavlo", "petro", "pyotr", "rostislav", "rostyslav", "ruslan", "sergei",
    "sergey", "sergii", "serhii", "serhij", "serhiy", "siarhei", "siarhiej", "stepan", "svetlana", "sviatoslav", "svitlana", "svyatoslav", "taras",
    "tatiana", "tatyana", "tetiana", "tetyana", "timofey", "uladzimir", "valentin", "valentina", "valentyn", "valentyna", "valerii", "valeriy",
    "valery", "vasili", "vasiliy", "vasily", "vasyl", "viacheslav", "viktar", "vitali", "vitalii", "vitaliy", "vitaly", "vladimir", "vladislav",
    "vladyslav", "volodymyr", "vsevolod", "vyacheslav", "yaroslav", "yekaterina", "yevgeni", "yevgenii", "yevgeniy", "yevgeny", "yevhen", "yulia",
    "yuliia", "yuliya", "yuri", "yurii", "yuriy", "yury", "zakhar", "александр", "алексеи", "аляксандр", "анатолии", "анатоліи", "андреи", "андрэи",
    "андріи", "аркадии", "богдан", "борис", "валентин", "валентина", "валерии", "валеріи", "василии", "василь", "виталии", "владимир", "владислав",
    "володимир", "всеволод", "вячеслав", "віктар", "віталіи", "галина", "геннадии", "геннадіи", "григории", "григоріи", "денис", "дзмітрыи",
    "дмитрии", "дмитро", "евгении", "екатерина", "захар", "игорь", "илья", "ирина", "катерина", "кирилл", "кирило", "константин", "костянтин",
    "ксения", "ксенія", "леонид", "леонід", "любов", "любовь", "людмила", "максим", "микита", "микола", "михаил", "михаило", "мікалаи", "надежда",
    "надія", "наталья", "наталія", "никита", "николаи", "оксана", "олег", "олександр", "олексіи", "ольга", "остап", "павло", "петр", "петро",
    "ростислав", "руслан", "светлана", "святослав", "світлана", "сергеи", "сергіи", "степан", "сяргеи", "тарас", "татьяна", "тетяна", "тимофеи",
    "уладзімір", "федор", "федір", "юлия", "юлія", "юрии", "юріи", "ярослав", "євген", "ігор", "ілля", "ірина"};

static const char *const perhaps[] = {
    "albert", "alexander", "alla", "anna", "anton", "artem", "artyom", "daria", "darya", "denis", "eduard", "elena", "georgiy", "georgy", "heorhiy",
    "irina", "ivan", "larisa", "lev", "maria", "marina", "mariya", "mark", "nikolas", "nina", "olena", "olga", "pavel", "petr", "roman", "stanislav",
    "stanislaw", "timur", "vadim", "vera", "victor", "viktor", "yelena", "zhanna", "алла", "анна", "антон", "артем", "вадим", "вера", "виктор",
    "віктор", "віра", "ганна", "георгии", "георгіи", "дарья", "дарія", "едуард", "елена", "жанна", "иван", "лариса", "лев", "марина", "мария", "марк",
    "марія", "нина", "ніна", "олена", "павел", "роман", "станислав", "станіслав", "тимур", "эдуард", "іван"};
/* clang-format on */

enum slavic_given
slavic_given(struct str fold)
{
	if (str_listed(fold, sure, sizeof sure / sizeof *sure))
		return SLAVIC_SURE;
	return str_listed(fold, perhaps, sizeof perhaps / sizeof *perhaps) ? SLAVIC_PERHAPS : SLAVIC_NO;
}

bool
slavic_ends(struct str fold)
{
	static const char *const tails[] = {"ov", "ev", "ova", "eva", "enko", "sky", "skiy", "skyy", "skyi", "skii",
	    "skaya", "ska", "chuk", "ов", "ев", "ова", "ева", "енко", "ськии", "скии", "ская", "ська", "чук"};
	for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
		if (str_ends(fold, str_from(tails[i])) && fold.len > strlen(tails[i]) + 2)
			return true;
	}
	return false;
}

/* ---- reading ---- */

/*
 * The letters, as symbols: a b v g d z i k l m n o p r s t u f stand for themselves, and
 *   h Ukrainian г   e е   E ye, also of е at the beginning and behind a vowel   Z ж   y ы and Ukrainian и   j й
 *   x х   c ц   C ч   S ш   Q щ   A я   U ю   O ё   I -ий at the end of an adjective
 * Soft signs are left out, as they are in all these spellings of names but before vowels.
 */
#define VOWELS "aeEiyouAUOI"
#define HUSHING "ZSCQ"

struct reading {
	const char *text, *symbols;
	bool ends; /* only at the end, behind a consonant */
};

/* BGN/PCGN 1947 and 1965 and what newspapers make of them; the longest first. */
static const struct reading latin[] = {{"shchev", "QOv", true}, {"shch", "Q", false}, {"skaya", "skaA", false},
    {"skiy", "skI", true}, {"skyy", "skI", true}, {"skyi", "skI", true}, {"skii", "skI", true}, {"skij", "skI", true},
    {"ski", "skI", true}, {"sky", "skI", true}, {"chev", "COv", true}, {"zh", "Z", false}, {"kh", "x", false},
    {"ts", "c", false}, {"ch", "C", false}, {"sh", "S", false}, {"ya", "A", false}, {"yu", "U", false},
    {"yo", "O", false}, {"ye", "E", false}, {"yi", "i", false}, {"iy", "I", true}, {"yy", "I", true}};

static const struct reading cyrillic[] = {{"ський", "skI", true}, {"ский", "skI", true}, {"цкий", "ckI", true},
    {"цький", "ckI", true}, {"а", "a", false}, {"б", "b", false}, {"в", "v", false}, {"г", "g", false},
    {"д", "d", false}, {"е", "e", false}, {"ж", "Z", false}, {"з", "z", false}, {"и", "i", false}, {"й", "j", false},
    {"к", "k", false}, {"л", "l", false}, {"м", "m", false}, {"н", "n", false}, {"о", "o", false}, {"п", "p", false},
    {"р", "r", false}, {"с", "s", false}, {"т", "t", false}, {"у", "u", false}, {"ф", "f", false}, {"х", "x", false},
    {"ц", "c", false}, {"чев", "COv", true}, {"ч", "C", false}, {"ш", "S", false}, {"щ", "Q", false}, {"ъ", "", false},
    {"ы", "y", false}, {"ь", "", false}, {"э", "e", false}, {"ю", "U", false}, {"я", "A", false}, {"ё", "O", false},
    {"і", "i", false}, {"ї", "i", false}, {"є", "E", false}, {"ґ", "g", false}, {"ў", "v", false}};

static const struct reading *
find_reading(const struct reading *table, size_t count, struct str rest)
{
	for (size_t i = 0; i < count; i++) {
		struct str text = str_from(table[i].text);
		if (str_starts(rest, text) && (!table[i].ends || rest.len == text.len))
			return &table[i];
	}
	return NULL;
}

static bool
is_vowel(char c)
{
	return strchr(VOWELS, c) != NULL;
}

/* One letter of ASCII that stands for itself; y and e by what is beside them. 0 = no such letter. */
static char
plain_letter(struct str rest, char before)
{
	char c = rest.s[0];
	bool behind_vowel = before != '\0' && is_vowel(before);
	if (c == 'y' || c == 'i') /* Shoigu, but Ilyin */
		return behind_vowel && (c == 'y' || before != 'i') && !(rest.len > 1 && strchr("aeiou", rest.s[1]))
		           ? 'j'
		           : c;
	if (c == 'e')
		return behind_vowel ? 'E' : 'e';
	return strchr("abvghdzklmnoprstuf", c) != NULL ? c : '\0';
}

/* Small letters of the name: ASCII and the Cyrillic letters from U+0400 to U+042F and Ґ. */
static size_t
small_letters(struct str name, char *out)
{
	size_t n = 0;
	for (size_t at = 0; at < name.len;) {
		uint32_t cp = utf8_next(name, &at);
		if (cp < 0x80)
			cp = (uint32_t)(unsigned char)ascii_lower((char)cp);
		else if (cp >= 0x410 && cp <= 0x42F)
			cp += 0x20;
		else if (cp >= 0x400 && cp < 0x410)
			cp += 0x50;
		else if (cp == 0x490)
			cp++;
		n += utf8_put(cp, out + n);
	}
	return n;
}

/* What only Ukrainian and Belarusian letters tell of the others. */
static void
read_as_ukrainian(struct str small, struct slavic_name *ret)
{
	static const char *const own[] = {"і", "ї", "є", "ґ", "ў"};
	bool is = false;
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		is |= str_find(small, str_from(own[i]), 0) >= 0;
	for (size_t i = 0; is && i < ret->len; i++)
		ret->s[i] = ret->s[i] == 'g' ? 'h' : ret->s[i];
}

static void find_rules(struct slavic_name *name);

bool
slavic_read(struct str name, struct slavic_name *ret)
{
	char small[SLAVIC_LETTERS_MAX * 2 * 3]; /* each ill-formed byte may take three */
	*ret = (struct slavic_name){.len = 0};
	if (name.len < 3 || name.len > SLAVIC_LETTERS_MAX * 2)
		return false;
	struct str all = {small, small_letters(name, small)}, rest = all;
	bool ascii = (unsigned char)small[0] < 0x80;
	while (rest.len > 0) {
		const struct reading *r = ascii ? find_reading(latin, sizeof latin / sizeof *latin, rest)
		                                : find_reading(cyrillic, sizeof cyrillic / sizeof *cyrillic, rest);
		char before = ret->len > 0 ? ret->s[ret->len - 1] : '\0';
		char plain[2] = {r == NULL && ascii ? plain_letter(rest, before) : '\0', '\0'};
		const char *symbols = r != NULL ? r->symbols : plain;
		if ((r == NULL && plain[0] == '\0') || ret->len + strlen(symbols) > SLAVIC_LETTERS_MAX)
			return false;
		if (!ascii && str_is((struct str){symbols, strlen(symbols)}, "e") &&
		    (before == '\0' || is_vowel(before)))
			symbols = "E";
		memcpy(ret->s + ret->len, symbols, strlen(symbols));
		ret->len += strlen(symbols);
		size_t taken = r != NULL ? strlen(r->text) : 1;
		rest.s += taken;
		rest.len -= taken;
	}
	if (!ascii)
		read_as_ukrainian(all, ret);
	find_rules(ret);
	return ret->len >= 3;
}

/* ---- spelling ---- */

/*
 * How a language spells, by a letter of `rules` below, with what its adjectives end in and what is put behind a consonant at the end.
 * Sources: German, Duden (transcription of Cyrillic); French, the usage of Larousse and the Imprimerie nationale; Dutch, Taaladvies
 * (Dutch Language Union); Hungarian, the Academy's Keleti nevek magyar helyesírása (1981) and, without its softening, Ukrainian names;
 * Polish, PWN (Russian, and Ukrainian without ie); Czech, Slovak, Slovene, Croatian, Bosnian and Serbian in Latin letters, their
 * orthographic dictionaries; Swedish, TNC and Språkrådet; Norwegian, Språkrådet; Danish, Dansk Sprognævn; Finnish, SFS 4900; Estonian,
 * EKI; Latvian and Lithuanian, the rules of their state language commissions; Spanish, Fundéu.
 * As for the inflections the works were not at hand: they name where a spelling can be looked up.
 */
static const struct system {
	char code;
	const char *langs;
	const char *adjectives[SLAVIC_ENDINGS];
	const char *tail;
} systems[] = {{'d', "de", {"yj", "ij", "i", "y"}, ""}, {'f', "fr", {"i", "y"}, ""}, {'n', "nl", {"i", "y", "yj"}, ""},
    {'h', "hu", {"ij"}, ""}, {'H', "hu", {"ij"}, ""}, {'p', "pl", {"i"}, ""}, {'P', "pl", {"i"}, ""},
    {'c', "cs sk", {"ij", "yj"}, ""}, {'S', "sl hr bs sr", {"i", "ij"}, ""}, {'s', "sv", {"ij", "yj"}, ""},
    {'N', "no nb nn", {"ij", "yj"}, ""}, {'D', "da", {"ij", "yj"}, ""}, {'F', "fi", {"i", "yi"}, ""},
    {'e', "et", {"i", "oi"}, ""}, {'l', "lv", {"is"}, "s"}, {'L', "lt", {"is"}, "as"}, {'x', "es", {"i"}, ""}};
#define SYSTEMS (sizeof systems / sizeof *systems)

/*
 * In these systems (NULL = all), this symbol or these behind and before one of those (NULL = any; ^ and $ = the beginning and the end)
 * are written so. The first that fits; those of one symbol stand together. Without the marks of their letters, as words are compared: š is s, õ o, ł l.
 */
static const struct rule {
	const char *systems, *from, *behind, *before, *to;
} rules[] = {{"f", "in", NULL, "$", "ine"}, {"pP", "i", HUSHING "c", NULL, "y"}, {"d", "ks", NULL, NULL, "x"},
    {"pPcl", "kaA", NULL, "$", "ka"}, {"dfe", "s", VOWELS, VOWELS, "ss"}, {"hH", "s", NULL, NULL, "sz"},
    {"dpP", "v", NULL, NULL, "w"}, {"d", "z", NULL, NULL, "s"}, {"f", "g", NULL, "eEiyI", "gu"},
    {"f", "u", NULL, NULL, "ou"}, {"n", "u", NULL, NULL, "oe"}, {"d", "Z", NULL, NULL, "sch"},
    {"f", "Z", NULL, NULL, "j"}, {"nsND", "Z", NULL, NULL, "zj"}, {"hH", "Z", NULL, NULL, "zs"},
    {"x", "Z", NULL, NULL, "zh"}, {NULL, "Z", NULL, NULL, "z"}, {"dnpPcsL", "x", NULL, NULL, "ch"},
    {"fND", "x", NULL, NULL, "kh"}, {"x", "x", NULL, NULL, "j"}, {"e", "x", VOWELS, VOWELS "$", "hh"},
    {NULL, "x", NULL, NULL, "h"}, {"d", "c", NULL, NULL, "z"}, {"fnsNDFex", "c", NULL, NULL, "ts"},
    {"d", "C", NULL, NULL, "tsch"}, {"f", "C", NULL, NULL, "tch"}, {"nN", "C", NULL, NULL, "tsj"},
    {"sD", "C", NULL, NULL, "tj"}, {"hH", "C", NULL, NULL, "cs"}, {"pP", "C", NULL, NULL, "cz"},
    {"Fe", "C", NULL, NULL, "ts"}, {"x", "C", NULL, NULL, "ch"}, {NULL, "C", NULL, NULL, "c"},
    {"d", "S", NULL, NULL, "sch"}, {"f", "S", NULL, NULL, "ch"}, {"nsND", "S", NULL, NULL, "sj"},
    {"pP", "S", NULL, NULL, "sz"}, {"x", "S", NULL, NULL, "sh"}, {NULL, "S", NULL, NULL, "s"},
    {"d", "Q", NULL, NULL, "schtsch"}, {"f", "Q", NULL, NULL, "chtch"}, {"nN", "Q", NULL, NULL, "sjtsj"},
    {"sD", "Q", NULL, NULL, "sjtj"}, {"hH", "Q", NULL, NULL, "scs"}, {"pP", "Q", NULL, NULL, "szcz"},
    {"Fe", "Q", NULL, NULL, "sts"}, {"x", "Q", NULL, NULL, "sch"}, {NULL, "Q", NULL, NULL, "sc"},
    {"h", "t", NULL, "eiAUO", "ty"}, {"h", "d", NULL, "eiAUO", "gy"}, {"h", "n", NULL, "eiAUO", "ny"},
    {"h", "A", "tdn", NULL, "a"}, {"pP", "A", "l", NULL, "a"}, {"pP", "A", "bvghdzkmnprstf", NULL, "ia"},
    {"fL", "A", NULL, NULL, "ia"}, {"x", "A", NULL, NULL, "ya"}, {NULL, "A", NULL, NULL, "ja"},
    {"h", "U", "tdn", NULL, "u"}, {"pP", "U", "l", NULL, "u"}, {"pP", "U", "bvghdzkmnprstf", NULL, "iu"},
    {"f", "U", NULL, NULL, "iou"}, {"n", "U", NULL, NULL, "joe"}, {"x", "U", NULL, NULL, "yu"},
    {"L", "U", NULL, NULL, "iu"}, {NULL, "U", NULL, NULL, "ju"}, {"h", "O", "tdn", NULL, "o"},
    {"f", "O", HUSHING, NULL, "e"}, {"L", "O", HUSHING, NULL, "io"}, {NULL, "O", HUSHING, NULL, "o"},
    {"pP", "O", "l", NULL, "o"}, {"pP", "O", "bvghdzkmnprstf", NULL, "io"}, {"fxL", "O", NULL, NULL, "io"},
    {NULL, "O", NULL, NULL, "jo"}, {"hHS", "y", NULL, NULL, "i"}, {"e", "y", NULL, NULL, "o"},
    {"dfFex", "j", VOWELS, NULL, "i"}, {"lL", "j", VOWELS, "bvghdzklmnprstfZxcCSQ", "i"},
    {"p", "e", "bvghdzkmnoprstf", NULL, "ie"}, {"f", "E", "^", NULL, "e"}, {"f", "E", NULL, NULL, "ie"},
    {"x", "E", NULL, NULL, "ye"}, {NULL, "E", NULL, NULL, "je"}, {"L", "o", NULL, "$", "a"}};

#define RULES (sizeof rules / sizeof *rules)

/* Where the rules of each symbol begin. */
static void
find_rules(struct slavic_name *name)
{
	for (size_t at = 0; at < name->len; at++) {
		size_t i = 0;
		while (i < RULES && rules[i].from[0] != name->s[at])
			i++;
		name->rules[at] = (uint8_t)i;
	}
}

static bool
fits(const struct slavic_name *name, size_t at, const struct rule *r, char code)
{
	size_t n = strlen(r->from);
	char behind = at > 0 ? name->s[at - 1] : '^', before = at + n < name->len ? name->s[at + n] : '$';
	return at + n <= name->len && memcmp(name->s + at, r->from, n) == 0 &&
	       (r->systems == NULL || strchr(r->systems, code) != NULL) &&
	       (r->behind == NULL || strchr(r->behind, behind) != NULL) &&
	       (r->before == NULL || strchr(r->before, before) != NULL);
}

/* How the symbols at a place are written, and how many they are. */
static struct str
spell_at(const struct slavic_name *name, size_t at, char code, size_t *taken)
{
	for (size_t i = name->rules[at]; i < RULES && rules[i].from[0] == name->s[at]; i++) {
		if (fits(name, at, &rules[i], code)) {
			*taken = strlen(rules[i].from);
			return str_from(rules[i].to);
		}
	}
	*taken = 1;
	return (struct str){name->s + at, 1};
}

size_t
slavic_spellings(void)
{
	return SYSTEMS * SLAVIC_ENDINGS;
}

struct str
slavic_spell(const struct slavic_name *name, size_t spelling, char out[SLAVIC_SPELT_MAX])
{
	const struct system *sys = &systems[spelling / SLAVIC_ENDINGS];
	const char *adjective = sys->adjectives[spelling % SLAVIC_ENDINGS];
	char last = name->s[name->len - 1];
	size_t n = 0, taken;
	if (adjective == NULL || (last != 'I' && spelling % SLAVIC_ENDINGS > 0))
		return STR_NONE;
	for (size_t at = 0; at < name->len; at += taken) {
		struct str to = spell_at(name, at, sys->code, &taken);
		if (name->s[at] == 'I')
			to = str_from(adjective);
		memcpy(out + n, to.s, to.len);
		n += to.len;
	}
	if (!is_vowel(last) && last != 'j') {
		memcpy(out + n, sys->tail, strlen(sys->tail));
		n += strlen(sys->tail);
	}
	return (struct str){out, n};
}

bool
slavic_is_inflected(size_t spelling)
{
	return strchr("fnx", systems[spelling / SLAVIC_ENDINGS].code) == NULL;
}

bool
slavic_is_of(size_t spelling, struct str lang)
{
	struct str rest = str_from(systems[spelling / SLAVIC_ENDINGS].langs), own;
	while (str_split(&rest, ' ', &own)) {
		if (str_istarts(lang, own) && (lang.len == own.len || lang.s[own.len] == '-'))
			return true;
	}
	return false;
}
