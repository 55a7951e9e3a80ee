#include "notify/texts.h"

/* What is said of each kind where the sink has no template of its own, without and with the link. */
static const char *const usual_body[NOTIFICATION_KIND_COUNT][2] = {
    [NOTIFICATION_ITEM] = {"{snippet}\n{source}", "{snippet}\n{source}\n{link}"},
    [NOTIFICATION_STORY] = {"{snippet}\n{source}", "{snippet}\n{source}\n{link}"},
    [NOTIFICATION_DIGEST] = {"{items}", "{items}"},
    [NOTIFICATION_ALARM] = {"{text}", "{text}"},
    [NOTIFICATION_TEST] = {"{text}", "{text}"},
};

/* What a field left empty takes its line with it. */
static void
drop_blank_lines(struct buf *text)
{
	size_t to = 0;
	for (size_t i = 0; i < text->len; i++) {
		if (text->data[i] != '\n' || (to > 0 && text->data[to - 1] != '\n'))
			text->data[to++] = text->data[i];
	}
	while (to > 0 && text->data[to - 1] == '\n')
		to--;
	text->len = to;
	if (text->data != NULL)
		text->data[to] = '\0';
}

void
texts_write(struct buf *out, const struct template *own, const char *usual, const struct notification *n,
    enum template_escape escape, const struct template_limit *limit)
{
	struct arena arena;
	struct err err;
	arena_init(&arena, 0);
	const struct template *t = own != NULL ? own : template_parse(str_from(usual), &arena, &err);
	if (t != NULL)
		template_write_within(out, t, n, escape, limit);
	else
		out->failed = true;
	arena_done(&arena);
}

void
texts_write_body(struct buf *out, const struct template *own, bool own_link, const struct notification *n,
    enum template_escape escape, const struct template_limit *limit)
{
	struct buf lines;
	unsigned kind = n->kind < NOTIFICATION_KIND_COUNT ? n->kind : NOTIFICATION_ITEM;
	buf_init(&lines, out->max_bytes);
	texts_write(&lines, own, usual_body[kind][own_link ? 0 : 1], n, escape, limit);
	if (own == NULL)
		drop_blank_lines(&lines);
	buf_str(out, buf_view(&lines));
	out->failed |= lines.failed;
	out->over_limit |= lines.over_limit;
	buf_done(&lines);
}
