#include "cli/page.h"

#include "base/vec.h"
#include "render/ink.h"
#include "text/safe.h"

#include <stdio.h>
#include <stdlib.h>

#define CELL_COLUMNS_MAX 40 /* of all but the last column, on a terminal */

static struct ink
ink_of(const struct cli_page *p)
{
	return (struct ink){.out = p->out, .colour = p->colour, .width = p->width};
}

void
cli_page_field(struct cli_page *p, const char *label, struct str value)
{
	struct ink ink = ink_of(p);
	struct buf safe, head;
	if (str_empty(value))
		return;
	buf_init(&safe, 0);
	buf_init(&head, 0);
	text_safe(&safe, value, TEXT_SAFE_ISOLATE);
	buf_printf(&head, "  %-10s ", label);
	ink_paragraph(&ink, head.data ? head.data : "", INK_PLAIN, buf_view(&safe));
	p->out->failed |= safe.failed | head.failed;
	buf_done(&safe);
	buf_done(&head);
}

void
cli_page_text(struct cli_page *p, struct str text)
{
	struct ink ink = ink_of(p);
	struct buf safe;
	struct str rest, line;

	if (str_empty(str_trim(text)))
		return;
	ink.foreign = true;
	buf_init(&safe, 0);
	text_safe(&safe, str_trim(text), TEXT_SAFE_LINES);
	rest = buf_view(&safe);
	buf_putc(p->out, '\n');
	while (str_split(&rest, '\n', &line))
		ink_paragraph(&ink, str_empty(str_trim(line)) ? "" : "  ", INK_PLAIN, str_trim(line));
	p->out->failed |= safe.failed;
	buf_done(&safe);
}

void
cli_table_init(struct cli_table *t, bool plain, const char *const *heads, size_t columns)
{
	*t = (struct cli_table){.plain = plain, .heads = heads, .columns = columns};
}

void
cli_table_done(struct cli_table *t)
{
	for (size_t i = 0; i < t->count; i++)
		buf_done(&t->cells[i].text);
	free(t->cells);
	*t = (struct cli_table){.columns = t->columns};
}

static bool
is_last(const struct cli_table *t, size_t cell)
{
	return cell % t->columns == t->columns - 1;
}

void
cli_table_cell(struct cli_table *t, const char *tone, struct str text)
{
	if (vec_reserve((void **)&t->cells, &t->cap, t->count + 1, sizeof *t->cells) < 0) {
		t->failed = true;
		return;
	}
	struct cli_cell *c = &t->cells[t->count];
	bool word = t->plain && !is_last(t, t->count);
	c->tone = tone;
	buf_init(&c->text, 0);
	if (!t->plain && !is_last(t, t->count))
		text = text_truncate_columns(text, CELL_COLUMNS_MAX);
	text_safe(&c->text, text, t->plain ? 0 : TEXT_SAFE_ISOLATE);
	for (size_t i = 0; word && i < c->text.len; i++) {
		if (c->text.data[i] == ' ')
			c->text.data[i] = '_';
	}
	if (c->text.len == 0)
		buf_putc(&c->text, '-');
	t->failed |= c->text.failed;
	t->count++;
}

void
cli_table_number(struct cli_table *t, int64_t number)
{
	char text[24];
	snprintf(text, sizeof text, "%lld", (long long)number);
	cli_table_cell(t, NULL, str_from(text));
}

static void
measure(const struct cli_table *t, size_t widths[CLI_COLUMNS_MAX])
{
	for (size_t i = 0; i < t->columns; i++)
		widths[i] = t->plain ? 0 : text_width(str_from(t->heads[i]));
	for (size_t i = 0; i < t->count; i++) {
		size_t w = text_width(buf_view(&t->cells[i].text));
		if (w > widths[i % t->columns])
			widths[i % t->columns] = w;
	}
}

/* The cell and what fills it up to its column and two spaces more. */
static void
put_cell(struct cli_page *p, const char *tone, struct str text, size_t width)
{
	bool painted = p->colour && tone != NULL;
	if (painted)
		buf_printf(p->out, "\x1b[%sm", tone);
	buf_str(p->out, text);
	if (painted)
		buf_puts(p->out, "\x1b[0m");
	for (size_t n = text_width(text); n < width + 2; n++)
		buf_putc(p->out, ' ');
}

void
cli_table_write(struct cli_table *t, struct cli_page *p)
{
	struct ink ink = ink_of(p);
	size_t widths[CLI_COLUMNS_MAX] = {0}, indent = 0, last = t->columns - 1;

	p->out->failed |= t->failed;
	measure(t, widths);
	for (size_t i = 0; i < last; i++)
		indent += widths[i] + 2;
	for (size_t i = 0; i < last && !t->plain; i++)
		put_cell(p, "1", str_from(t->heads[i]), widths[i]);
	if (!t->plain)
		ink_hanging(&ink, indent, INK_BOLD, str_from(t->heads[last]));
	for (size_t row = 0; row + last < t->count; row += t->columns) {
		for (size_t i = 0; i < last; i++)
			put_cell(p, t->cells[row + i].tone, buf_view(&t->cells[row + i].text), widths[i]);
		ink_hanging(&ink, indent, INK_PLAIN, buf_view(&t->cells[row + last].text));
	}
}
