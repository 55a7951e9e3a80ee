#include "conf/conf.h"

#include "conf/build.h"

#include <stdio.h>
#include <stdlib.h>

struct conf *
conf_parse(struct str text, struct str file, struct conf_report *report)
{
	struct build b;
	build_init(&b, report);
	if (!b.out_of_memory)
		build_text(&b, build_file(&b, file), text, STR_NONE);
	if (!b.out_of_memory) {
		const struct conf_global *g = build_record(&b, CONF_TIDINGS, 0);
		const struct conf_list *lists[] = {&g->feed_files, &g->name_files};
		for (size_t i = 0; i < 2; i++) {
			for (size_t k = 0; k < lists[i]->count; k++)
				conf_report_error(report, &lists[i]->origins[k], "other files cannot be included here");
		}
	}
	struct conf *c = build_finish(&b);
	build_done(&b);
	return c;
}

void
conf_free(struct conf *c)
{
	if (c == NULL)
		return;
	for (enum conf_section s = 0; s < CONF_SECTION_COUNT; s++)
		map_done(&c->keys[s]);
	arena_done(&c->arena);
	free(c);
}

static ptrdiff_t
find(const struct conf *c, enum conf_section section, struct str key)
{
	return (ptrdiff_t)(uintptr_t)map_get(&c->keys[section], key) - 1;
}

const struct conf_feed *
conf_find_feed(const struct conf *c, struct str key)
{
	ptrdiff_t i = find(c, CONF_FEED, key);
	return i < 0 ? NULL : &c->feeds[i];
}

const struct conf_sink *
conf_find_sink(const struct conf *c, struct str key)
{
	ptrdiff_t i = find(c, CONF_SINK, key);
	return i < 0 ? NULL : &c->sinks[i];
}

const struct conf_watch *
conf_find_watch(const struct conf *c, struct str key)
{
	ptrdiff_t i = find(c, CONF_WATCH, key);
	return i < 0 ? NULL : &c->watches[i];
}

struct str
conf_user_agent(const struct conf_global *g, char out[CONF_AGENT_BYTES_MAX])
{
	if (!str_empty(g->user_agent))
		return g->user_agent;
	snprintf(out, CONF_AGENT_BYTES_MAX, str_empty(g->contact) ? "%s/%s" : "%s/%s (+%.*s)", PACKAGE_NAME,
	    PACKAGE_VERSION, STR_ARG(g->contact));
	return str_from(out);
}
