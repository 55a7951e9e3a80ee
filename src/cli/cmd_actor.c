/* tidings actor: who is tracked, and the forms that were generated for one of them. */
#include "base/jsonw.h"
#include "cli/home.h"
#include "cli/listing.h"
#include "conf/conf.h"
#include "text/safe.h"
#include "watch/show.h"

struct actors {
	struct conf *conf;
	struct watchlist *list;
	struct arena arena;
	struct buf out;
};

static int
open_list(struct actors *a, const struct cli *cli)
{
	struct cli_home home;
	struct conf_report report;
	*a = (struct actors){.list = NULL};
	arena_init(&a->arena, 0);
	buf_init(&a->out, 0);
	int rc = cli_home_find(&home, cli);
	a->conf = home.conf;
	if (rc == 0 && a->conf == NULL)
		rc = cli_fail(CLI_CONFIG, "actors stand in the configuration: give it with -c");
	if (rc != 0)
		return rc;
	conf_report_init(&report);
	a->list = conf_compile_watchlist(a->conf, &report);
	for (size_t i = 0; a->list == NULL && i < report.count; i++)
		cli_fail_lines(CLI_CONFIG, report.messages[i]);
	conf_report_done(&report);
	return a->list == NULL ? CLI_CONFIG : 0;
}

static void
close_list(struct actors *a)
{
	watchlist_free(a->list);
	conf_free(a->conf);
	arena_done(&a->arena);
	buf_done(&a->out);
}

/* ---- list ---- */

static void
put_row(struct cli_listing *l, const struct watch_entity *e, uint32_t names)
{
	struct jsonw w;
	l->shown++;
	if (!l->cli->json) {
		cli_table_cell(&l->table, NULL, e->id);
		cli_table_cell(&l->table, NULL, str_from(watch_kind_word(e->kind)));
		cli_table_number(&l->table, names);
		cli_table_cell(&l->table, NULL, e->label);
		return;
	}
	jsonw_init(&w, &l->out, 0);
	jsonw_object(&w);
	jsonw_kstr(&w, "id", e->id);
	jsonw_kcstr(&w, "kind", watch_kind_word(e->kind));
	jsonw_kstr(&w, "label", e->label);
	jsonw_kint(&w, "names", names);
	jsonw_end(&w);
	buf_putc(&l->out, '\n');
}

static int
list_actors(struct cli *cli, struct actors *a)
{
	static const char *const heads[] = {"ID", "KIND", "NAMES", "LABEL"};
	const uint32_t *names = watchlist_name_counts(a->list, &a->arena);
	struct cli_listing l;
	if (names == NULL)
		return cli_fail(CLI_STORE, "memory ran out");
	cli_listing_begin(&l, cli, heads, sizeof heads / sizeof *heads);
	for (size_t i = 0; i < watchlist_count(a->list); i++) {
		const struct watch_entity *e = watchlist_entity(a->list, i);
		if (watch_kind_is_actor(e->kind))
			put_row(&l, e, names[i]);
	}
	return cli_listing_end(&l, 0);
}

/* ---- show ---- */

struct shown {
	const struct watch_entity *entity;
	const char *family; /* NULL: it is no person */
	struct watch_form *forms;
	size_t form_count;
	struct watch_stem *stems;
	size_t stem_count;
};

static void
put_json(struct actors *a, const struct shown *s, bool forms, bool stems)
{
	struct jsonw w;
	jsonw_init(&w, &a->out, 0);
	jsonw_object(&w);
	jsonw_kstr(&w, "id", s->entity->id);
	jsonw_kcstr(&w, "kind", watch_kind_word(s->entity->kind));
	jsonw_kstr(&w, "label", s->entity->label);
	if (s->family != NULL)
		jsonw_kcstr(&w, "family", s->family);
	if (forms) {
		jsonw_key(&w, "forms");
		jsonw_array(&w);
		for (size_t i = 0; i < s->form_count; i++) {
			jsonw_object(&w);
			jsonw_kcstr(&w, "rule", s->forms[i].rule);
			jsonw_kcstr(&w, "script", s->forms[i].script);
			jsonw_kstr(&w, "text", s->forms[i].text);
			jsonw_kstr(&w, "name", s->forms[i].name);
			jsonw_end(&w);
		}
		jsonw_end(&w);
	}
	if (stems) {
		jsonw_key(&w, "stems");
		jsonw_array(&w);
		for (size_t i = 0; i < s->stem_count; i++) {
			jsonw_object(&w);
			jsonw_kstr(&w, "word", s->stems[i].word);
			jsonw_kcstr(&w, "script", s->stems[i].script);
			jsonw_kstr(&w, "sounds", s->stems[i].sounds);
			jsonw_kcstr(&w, "declension", s->stems[i].declension);
			jsonw_kcstr(&w, "endings", s->stems[i].endings ? s->stems[i].endings : "");
			jsonw_end(&w);
		}
		jsonw_end(&w);
	}
	jsonw_end(&w);
	buf_putc(&a->out, '\n');
}

static void
put_forms(struct cli *cli, struct actors *a, const struct shown *s)
{
	static const char *const heads[] = {"RULE", "SCRIPT", "FORM", "OF"};
	struct cli_page page = {&a->out, cli->colour, cli->width};
	struct cli_table table;
	cli_table_init(&table, !cli->terminal, heads, sizeof heads / sizeof *heads);
	for (size_t i = 0; i < s->form_count; i++) {
		cli_table_cell(&table, NULL, str_from(s->forms[i].rule));
		cli_table_cell(&table, NULL, str_from(s->forms[i].script));
		cli_table_cell(&table, NULL, s->forms[i].text);
		cli_table_cell(&table, NULL, s->forms[i].name);
	}
	buf_putc(&a->out, '\n');
	cli_table_write(&table, &page);
	cli_table_done(&table);
}

static void
put_stems(struct cli *cli, struct actors *a, const struct shown *s)
{
	static const char *const heads[] = {"WORD", "STEM", "DECLENSION", "ENDINGS"};
	struct cli_page page = {&a->out, cli->colour, cli->width};
	struct cli_table table;
	cli_table_init(&table, !cli->terminal, heads, sizeof heads / sizeof *heads);
	for (size_t i = 0; i < s->stem_count; i++) {
		cli_table_cell(&table, NULL, s->stems[i].word);
		cli_table_cell(&table, NULL, s->stems[i].sounds);
		cli_table_cell(&table, NULL, str_from(s->stems[i].declension));
		cli_table_cell(&table, NULL, str_from(s->stems[i].endings ? s->stems[i].endings : ""));
	}
	buf_putc(&a->out, '\n');
	cli_table_write(&table, &page);
	cli_table_done(&table);
}

static int
show_actor(struct cli *cli, struct actors *a, const struct cli_args *args)
{
	struct shown s = {.entity = NULL};
	struct err err;
	ptrdiff_t at = watchlist_find(a->list, str_from(args->words[1]));
	const char *lang = cli_args_value(args, "lang");
	bool forms = cli_args_value(args, "forms") != NULL, stems = forms || lang != NULL;

	if (at < 0 || !watch_kind_is_actor(watchlist_entity(a->list, (size_t)at)->kind))
		return cli_fail(CLI_NOTHING, "there is no actor “%s” in the configuration", args->words[1]);
	s.entity = watchlist_entity(a->list, (size_t)at);
	if (s.entity->kind == WATCH_PERSON)
		s.family = watch_family_word(watchlist_family(a->list, (size_t)at));
	if ((forms && watch_forms(a->list, (size_t)at, &a->arena, &s.forms, &s.form_count, &err) < 0) ||
	    (stems && watch_stems(a->list, (size_t)at, lang ? str_from(lang) : STR_NONE, &a->arena, &s.stems,
	                  &s.stem_count, &err) < 0))
		return cli_fail(CLI_STORE, "%s", err.msg);
	if (cli->json) {
		put_json(a, &s, forms, stems);
		return cli_output(&a->out);
	}
	struct cli_page page = {&a->out, cli->colour, cli->width};
	cli_page_field(&page, "id", s.entity->id);
	cli_page_field(&page, "label", s.entity->label);
	cli_page_field(&page, "kind", str_from(watch_kind_word(s.entity->kind)));
	cli_page_field(&page, "family", s.family ? str_from(s.family) : STR_NONE);
	if (forms)
		put_forms(cli, a, &s);
	if (stems)
		put_stems(cli, a, &s);
	return cli_output(&a->out);
}

int
cmd_actor(struct cli *cli, int argc, char **argv)
{
	struct cli_args args;
	struct actors a;
	if (cli_args_parse(&args, argc, argv) != 0)
		return CLI_USAGE;
	bool list = args.word_count == 1 && strcmp(args.words[0], "list") == 0;
	bool show = args.word_count == 2 && strcmp(args.words[0], "show") == 0;
	bool options = cli_args_value(&args, "forms") != NULL || cli_args_value(&args, "lang") != NULL;
	if ((!list && !show) || (list && options))
		return cli_usage(args.command, "write list, or show and the id of an actor");
	int rc = open_list(&a, cli);
	if (rc == 0)
		rc = list ? list_actors(cli, &a) : show_actor(cli, &a, &args);
	close_list(&a);
	return rc;
}
