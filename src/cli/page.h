#pragma once
/*
 * Fields, texts and tables on standard output. Foreign text may be given as it is: it is made safe here.
 */
#include "base/buf.h"

struct cli_page {
	struct buf *out;
	bool colour;
	unsigned width; /* 0 = do not wrap */
};

/* "label     value", wrapped under the value; nothing when the value is empty. */
void cli_page_field(struct cli_page *p, const char *label, struct str value);
/* A blank line and the paragraphs of a text; nothing when it is empty. */
void cli_page_text(struct cli_page *p, struct str text);

/*
 * A table: cells are collected, columns are as wide as their widest cell; the last one takes what is left of the width and is
 * wrapped. Without a head line and colours when `plain`: then cells hold no spaces (they become _, nothing becomes "-")
 * but in the last column, so that a line can be split.
 */
#define CLI_COLUMNS_MAX 12
struct cli_table {
	bool plain;
	const char *const *heads;
	size_t columns;
	struct cli_cell {
		struct buf text;
		const char *tone; /* "31" (red): an SGR parameter, or NULL */
	} * cells;                /* rows × columns */
	size_t count, cap;        /* cells */
	bool failed;
};

void cli_table_init(struct cli_table *t, bool plain, const char *const *heads, size_t columns);
void cli_table_done(struct cli_table *t);
/* Cells come row by row; each row must be whole. */
void cli_table_cell(struct cli_table *t, const char *tone, struct str text);
void cli_table_number(struct cli_table *t, int64_t number);
void cli_table_write(struct cli_table *t, struct cli_page *p);
