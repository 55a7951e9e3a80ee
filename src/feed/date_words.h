#pragma once
/*
 * The words of dates: folding to one spelling, and the tables of months and zones. Inside of date.h.
 */
#include "feed/date.h"

/* The text in lower case, digits of all scripts as 0–9, Latin and Greek letters without accents, typographic dashes
 * and spaces as '-' and ' ', marks that only steer direction dropped. Writes at most text.len bytes; returns how many. */
size_t date_fold(struct str text, char *out);

int date_month(struct str folded);               /* 1..12, 0 = no month's name */
bool date_month_begins(struct str folded);       /* the first of the two words of some Arabic months */
bool date_zone(struct str folded, int *minutes); /* east of Greenwich */

enum date_half { DATE_HALF_NONE, DATE_AM, DATE_PM };

/* Chinese, Japanese and Korean words, which stand without spaces. The first six are units of the number before them. */
enum date_cjk_kind {
	DATE_CJK_YEAR,
	DATE_CJK_MONTH,
	DATE_CJK_DAY,
	DATE_CJK_HOUR,
	DATE_CJK_MINUTE,
	DATE_CJK_SECOND,
	DATE_CJK_HALF,       /* value: enum date_half */
	DATE_CJK_ERA,        /* value: years to add: Reiwa, Heisei, Minguo */
	DATE_CJK_MONTH_NAME, /* value: 1..12 */
	DATE_CJK_NOTHING,    /* looks like a unit and is none: 月曜 */
};

struct date_cjk {
	const char *word;
	enum date_cjk_kind kind;
	int value;
};

/* The word that the text begins with, or NULL. */
const struct date_cjk *date_cjk(struct str here);
