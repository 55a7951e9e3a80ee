#include "watch/unspaced.h"

#include "base/utf8.h"
#include "text/han_loan.h"
#include "text/words_hash.h"

#define PIECES_MAX 3u         /* ways to cut a part of a name out of a stretch */
#define PIECE_LETTERS_MAX 24u /* code points of such a part */
#define PIECE_SOUNDS_MIN 3u
#define WORDS_SLACK 64u /* more may be read behind the last word */
#define MADE_MANY 4096u /* words that are gone through before others are made: a stretch may be cut in many ways */

/* Words that stand before and behind a name without a space: titles, prepositions, what is said of people (Smyth 2002, Thai; Enfield 2007, Lao;
 * Huffman 1970, Khmer; Okell and Allott 2001, Burmese). As they are folded. */
/* clang-format off */
static const char *const before_names[] = {
    "นาย", "นาง", "นางสาว", "คุณ", "ดร", "ประธานาธิบดี", "รัฐมนตรี", "นายก", "ประธาน", "ผู้นํา",
    "โฆษก", "เลขาธิการ", "ผู้อํานวยการ", "ผู้ว่าการ", "ทูต", "สมาชิก", "พลเอก", "นายพล", "เจ้าชาย",
    "เจ้าหญิง", "โดย", "กับ", "และ", "ของ", "ว่า", "ที่", "ให้", "จาก", "ถึง", "ต่อ", "คือ", "พบ",
    "หรือ", "ด้วย",
    "ທ່ານ", "ນາງ", "ທ້າວ", "ປະທານາທິບໍດີ", "ມົນຕີ", "ປະທານ", "ໂດຍ", "ກັບ", "ແລະ", "ຂອງ", "ວ່າ",
    "ຈາກ",
    "លោក", "លោកស្រី", "អ្នកស្រី", "ប្រធានាធិបតី", "រដ្ឋមន្ត្រី", "ឯកឧត្តម", "និង", "ជាមួយ", "របស់",
    "ថា", "ដោយ", "ទៅ", "ពី",
    "သမ္မတ", "ဝန်ကြီးချုပ်", "ဝန်ကြီး", "ဦး", "ဒေါ်", "မစ္စတာ", "နှင့်", "နဲ့",
};
static const char *const behind_names[] = {
    "กล่าว", "ได้", "จะ", "และ", "ว่า", "ของ", "ที่", "ใน", "ซึ่ง", "เป็น", "มี", "ไม่", "ถูก",
    "กับ", "เมื่อ", "ออก", "เดินทาง", "ยืนยัน", "ระบุ", "เผย", "ชี้", "แถลง", "พบ", "ประกาศ", "ลง",
    "เข้า", "ให้", "จาก", "หรือ", "ยัง", "คือ", "โดย", "แห่ง", "ผู้", "อดีต", "ประธาน", "นายก",
    "รัฐมนตรี", "เตรียม", "เสียชีวิต", "ปฏิเสธ", "เรียกร้อง", "เตือน", "ต้อง", "กําลัง", "บอก",
    "หารือ", "เยือน",
    "ໄດ້", "ກ່າວ", "ຈະ", "ແລະ", "ວ່າ", "ຂອງ", "ທີ່", "ໃນ", "ເປັນ", "ມີ", "ບໍ່", "ຖືກ", "ກັບ", "ໃຫ້",
    "ຈາກ",
    "បាន", "និង", "ដែល", "ជា", "នឹង", "ថា", "មាន", "មិន", "ត្រូវ", "នៅ", "ក្នុង", "ជាមួយ", "ទៅ",
    "មក", "កំពុង", "ពី", "របស់", "ក៏", "គឺ",
    "က", "ကို", "၏", "နှင့်", "သည်", "ရဲ့", "မှ", "တို့", "အား", "နဲ့", "ဟာ", "လည်း",
};
/* clang-format on */

/* Letters of one of these scripts that stand together, as words first..last of it. */
struct stretch {
	size_t first, last;
	uint16_t gap;
};

/* The words that are made of them, and how these are gone through, again and again. */
struct made {
	const struct field_match *field;
	struct field_match again;
	struct text_word *items;
	size_t count, cap;
};

static bool
goes_on(const struct text_words *words, size_t i)
{
	const struct text_word *word = &words->items[i], *before = word - 1;
	return word->script == before->script && word->gap == 0 && word->fold == before->fold + before->fold_len;
}

/* Moves on to the next stretch; false when there is none. */
static bool
next_stretch(const struct text_words *words, size_t *at, struct stretch *ret)
{
	while (*at < words->count && words->items[*at].script != TEXT_SOUTHEAST && words->items[*at].script != TEXT_HAN)
		++*at;
	if (*at == words->count)
		return false;
	*ret = (struct stretch){.first = *at, .gap = words->items[*at].gap};
	do {
		ret->last = (*at)++;
	} while (*at < words->count && goes_on(words, *at));
	return true;
}

static struct str
fold_of(const struct text_words *words, size_t first, size_t last)
{
	const struct text_word *a = &words->items[first], *b = &words->items[last];
	return (struct str){words->folded + a->fold, b->fold + b->fold_len - a->fold};
}

/* False when memory ran out (the arena remembers). */
static bool
add_word(struct made *m, size_t first, size_t last, uint16_t gap)
{
	const struct text_words *words = &m->field->words;
	struct str fold = fold_of(words, first, last);
	while (m->count + WORDS_SLACK >= m->cap) {
		struct text_word *items = arena_grow(m->field->arena, m->items, &m->cap, m->cap, sizeof *items);
		if (items == NULL)
			return false;
		m->items = items;
	}
	struct text_word *word = &m->items[m->count++];
	*word = words->items[first];
	word->end = words->items[last].end;
	word->fold_len = (uint16_t)fold.len;
	word->script = TEXT_INDIC; /* by which text_sounds() knows that it is a word */
	word->gap = gap;
	uint64_t hash = words_hash(fold);
	word->hash = (uint32_t)(hash ^ hash >> 32);
	word->hash_high = (uint32_t)(hash >> 32);
	return true;
}

static bool
is_han(const struct field_match *f, size_t word)
{
	return f->words.items[word].script == TEXT_HAN;
}

/* May a foreign name be written with this character, so that it goes on there? */
static bool
is_loan(const struct field_match *f, size_t word)
{
	size_t pos = 0;
	return text_han_loan_letter(utf8_next(fold_of(&f->words, word, word), &pos));
}

static bool
may_be_part(const struct field_match *f, size_t first, size_t last)
{
	struct text_sounds sounds;
	struct str fold = fold_of(&f->words, first, last);
	if (!text_sounds(fold, TEXT_INDIC, &sounds) || sounds.len < PIECE_SOUNDS_MIN)
		return false;
	return loose_may_know(f->list, &sounds) ||
	       (text_sounds_unspaced(&sounds, fold) && loose_may_know(f->list, &sounds));
}

/* Titles whose last character foreign names are written with, too. */
static bool
ends_title(struct str before)
{
	static const char *const titles[] = {"总理", "總理", "经理", "經理", "助理"};
	bool title = false;
	for (size_t i = 0; i < sizeof titles / sizeof *titles && !title; i++)
		title = str_ends(before, str_from(titles[i]));
	return title;
}

/* Does a word end here that may stand before a name, or the stretch begin? In Chinese, what no foreign name is written with. */
static bool
may_begin(const struct field_match *f, const struct stretch *s, size_t at)
{
	if (is_han(f, at))
		return at == s->first || !is_loan(f, at - 1) || ends_title(fold_of(&f->words, s->first, at - 1));
	struct str before = at > s->first ? fold_of(&f->words, s->first, at - 1) : STR_LIT("");
	for (size_t i = 0; i < sizeof before_names / sizeof *before_names; i++) {
		if (str_ends(before, str_from(before_names[i])))
			return true;
	}
	return before.len == 0;
}

/* Does a word begin behind it that may stand behind a name, or the stretch end? One of a letter is all that follows. */
static bool
may_end(const struct field_match *f, const struct stretch *s, size_t at)
{
	if (is_han(f, at))
		return at == s->last || !is_loan(f, at + 1);
	struct str behind = at < s->last ? fold_of(&f->words, at + 1, s->last) : STR_LIT("");
	for (size_t i = 0; i < sizeof behind_names / sizeof *behind_names; i++) {
		struct str word = str_from(behind_names[i]);
		if (utf8_count(word) > 1 ? str_starts(behind, word) : str_eq(behind, word))
			return true;
	}
	return behind.len == 0;
}

/* The word of the field that ends, or begins, at this byte of its text. */
static uint32_t
word_at(const struct text_words *words, uint32_t byte, bool ends)
{
	size_t lo = 0, hi = words->count - 1;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if ((ends ? words->items[mid].end : words->items[mid].start) < byte)
			lo = mid + 1;
		else
			hi = mid;
	}
	return (uint32_t)lo;
}

/* Keeps of what was found since only full names of people, at the words of the field. */
static void
keep_people(const struct field_match *f, size_t before)
{
	size_t kept = before;
	for (size_t i = before; i < f->found->count; i++) {
		struct mention found = f->found->items[i];
		if (found.form != MENTION_FULL || found.topic || !found.several ||
		    f->list->names[found.name].kind != WATCH_PERSON)
			continue;
		found.first_word = word_at(&f->words, found.start, false);
		found.last_word = word_at(&f->words, found.end, true);
		f->found->items[kept++] = found;
	}
	f->found->count = kept;
}

/* Takes up the names among the words that are made, and makes room for others. */
static void
go_through(struct made *m)
{
	struct field_match *again = &m->again, *fields[] = {again};
	const size_t before = m->field->found->count;
	if (m->count == 0)
		return;
	memset(m->items + m->count, 0, WORDS_SLACK * sizeof *m->items);
	memset(again->known, 0, sizeof again->known);
	again->visit_count = again->put_by = again->mere_count = again->named_count = 0;
	again->words.items = m->items;
	again->words.count = m->count;
	field_scan_all(fields, 1);
	keep_people(m->field, before);
	m->count = 0;
}

/* Where a given name may begin that ends where the stretch does: the longest first. */
static size_t
given_names(const struct field_match *f, const struct stretch *s, size_t *ret)
{
	size_t n = 0, at = s->last - s->first < PIECE_LETTERS_MAX ? s->first : s->last - PIECE_LETTERS_MAX;
	for (; at <= s->last && n < PIECES_MAX; at++) {
		if (may_begin(f, s, at) && may_be_part(f, at, s->last))
			ret[n++] = at;
	}
	return n;
}

/* Where a family name may end that begins where the stretch does: the longest first. */
static size_t
family_names(const struct field_match *f, const struct stretch *s, size_t *ret)
{
	size_t n = 0, end = s->last - s->first < PIECE_LETTERS_MAX ? s->last + 1 : s->first + PIECE_LETTERS_MAX + 1;
	for (; end > s->first && n < PIECES_MAX; end--) {
		if (may_end(f, s, end - 1) && may_be_part(f, s->first, end - 1))
			ret[n++] = end - 1;
	}
	return n;
}

/* The two as words, in each way that they may be cut off from what is around them. */
static bool
add_pairs(struct made *m, const struct stretch *s, const struct stretch *behind)
{
	size_t given[PIECES_MAX], family[PIECES_MAX], n = given_names(m->field, s, given);
	size_t k = n > 0 ? family_names(m->field, behind, family) : 0;
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < k; j++) {
			if (i == 0 && j == 0 && given[i] == s->first && family[j] == behind->last)
				continue; /* that is among the whole ones */
			if (!add_word(m, given[i], s->last, TEXT_GAP_PARAGRAPH) ||
			    !add_word(m, behind->first, family[j], behind->gap))
				return false;
		}
	}
	return true;
}

/* Is there a dot before the word, so that a foreign name goes on there? */
static bool
is_behind_dot(const struct field_match *f, size_t word)
{
	return word < f->words.count && f->words.items[word].gap == TEXT_GAP_MIDDOT && is_han(f, word);
}

/* What is a part of a name of its own, without what is around the name; false when nothing is. */
static bool
cut_whole(const struct field_match *f, struct stretch *s)
{
	size_t ends[PIECES_MAX];
	if (!is_han(f, s->first))
		return fold_of(&f->words, s->first, s->last).len <= TEXT_WORD_FOLD_MAX;
	bool begins = !is_behind_dot(f, s->first), ends_here = !is_behind_dot(f, s->last + 1);
	if ((begins && ends_here) || (begins && given_names(f, s, ends) == 0) ||
	    (ends_here && family_names(f, s, ends) == 0))
		return false;
	if (begins)
		s->first = ends[0];
	else if (ends_here)
		s->last = ends[0];
	return fold_of(&f->words, s->first, s->last).len <= TEXT_WORD_FOLD_MAX;
}

static bool
add_words(struct made *m)
{
	const struct text_words *words = &m->field->words;
	struct stretch s, before = {.first = 0};
	for (size_t at = 0, end = 0; next_stretch(words, &at, &s);) {
		bool joined = end > 0 && end == s.first, whole = cut_whole(m->field, &s);
		if (!joined && m->count >= MADE_MANY)
			go_through(m);
		if (whole && !add_word(m, s.first, s.last, joined ? s.gap : TEXT_GAP_PARAGRAPH))
			return false;
		end = whole && s.last + 1 == at ? at : 0;
	}
	for (size_t at = 0, end = 0; next_stretch(words, &at, &s); end = at, before = s) {
		uint16_t gap = is_han(m->field, s.first) ? TEXT_GAP_MIDDOT : TEXT_GAP_SPACE;
		bool parted = (s.gap & gap) && (s.gap & ~(gap | TEXT_GAP_LINE)) == 0;
		if (m->count >= MADE_MANY)
			go_through(m);
		if (end > 0 && end == s.first && parted && !add_pairs(m, &before, &s))
			return false;
	}
	return true;
}

void
unspaced_match(const struct field_match *f)
{
	struct made m = {.field = f,
	    .again = {.list = f->list,
	        .arena = f->arena,
	        .words = f->words,
	        .text = f->text,
	        .lang = f->lang,
	        .field = f->field,
	        .found = f->found,
	        .one_by_one = f->one_by_one,
	        .memo = f->memo}};
	if (add_words(&m))
		go_through(&m);
}
