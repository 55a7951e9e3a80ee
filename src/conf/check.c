/* Mistakes that no single line shows: settings that need each other, and keys that nothing stands behind. */
#include "base/suggest.h"
#include "conf/build.h"
#include "conf/units.h"
#include "conf/value.h"
#include "render/template.h"
#include "route/hours.h"
#include "text/zone.h"
#include "watch/import.h"

#include <arpa/inet.h>
#include <stdio.h>

/* A misspelt reference is only worth comparing with so many keys. */
#define SUGGEST_KEYS_MAX 20000u

static bool
trusted(const struct build *b, enum conf_section section, size_t index)
{
	return !b->tables[section].marks[index].faulty;
}

/* An address of this machine and a port, as the listener takes them. */
static bool
is_listen_address(struct str text)
{
	size_t colon = text.len;
	unsigned char address[16];
	char host[64];
	int64_t port;
	while (colon > 0 && text.s[colon - 1] != ':')
		colon--;
	if (colon < 2 || !str_int((struct str){text.s + colon, text.len - colon}, 1, 65535, &port))
		return false;
	bool six = text.s[0] == '[' && text.s[colon - 2] == ']';
	snprintf(host, sizeof host, "%.*s", (int)(colon - 1 - (six ? 2 : 0)), text.s + six);
	return inet_pton(six ? AF_INET6 : AF_INET, host, address) == 1;
}

static void
check_websub(struct build *b, const struct conf_global *g, const struct conf_origin *at)
{
	if (str_empty(g->websub_listen) != str_empty(g->websub_callback))
		conf_report_error(b->report, at, "%s is set, but %s is not; expected both or neither",
		    str_empty(g->websub_listen) ? "websub-callback" : "websub-listen",
		    str_empty(g->websub_listen) ? "websub-listen" : "websub-callback");
	char quoted[CONF_QUOTE_MAX];
	if (!str_empty(g->websub_listen) && !is_listen_address(g->websub_listen))
		conf_report_error(b->report, at,
		    "websub-listen: %s is no address and port; expected one such as 127.0.0.1:8090 or [::1]:8090",
		    conf_quote(g->websub_listen, quoted));
}

static void
check_hosts(struct build *b, const struct conf_list *hosts)
{
	char quoted[CONF_QUOTE_MAX];
	for (size_t i = 0; i < hosts->count && hosts->origins != NULL; i++) {
		struct str word = hosts->items[i];
		size_t n = 0;
		while (n < word.len && strchr("/:*@?#", word.s[n]) == NULL)
			n++;
		if (n < word.len)
			conf_report_error(b->report, &hosts->origins[i],
			    "shared-hosts: %s is no name of a host; expected one such as medium.com, or .medium.com "
			    "for all "
			    "hosts that end so",
			    conf_quote(word, quoted));
	}
}

/* `who` names the section. A feed's own proxy has credentials of its own. */
static void
check_proxy(struct build *b, const struct conf_origin *at, const char *who, struct str proxy, struct str user,
    struct str secret_file)
{
	if (str_empty(user) != str_empty(secret_file))
		conf_report_error(b->report, at, "%s: %s is set, but %s is not; expected both or neither", who,
		    str_empty(user) ? "proxy-secret-file" : "proxy-user",
		    str_empty(user) ? "proxy-user" : "proxy-secret-file");
	else if (!str_empty(user) && str_empty(proxy))
		conf_report_error(b->report,
		    at, "%s: proxy-user and proxy-secret-file have no meaning without a proxy beside them; expected proxy = …",
		    who);
	if (!str_empty(user) && memchr(user.s, ':', user.len) != NULL)
		conf_report_error(
		    b->report, at, "%s: proxy-user holds a colon, which ends a user's name; expected none", who);
}

static void
check_global(struct build *b)
{
	const struct conf_global *g = build_record(b, CONF_TIDINGS, 0);
	const struct build_mark *mark = &b->tables[CONF_TIDINGS].marks[0];
	char least[UNITS_TEXT_MAX], usual[UNITS_TEXT_MAX], most[UNITS_TEXT_MAX];
	if (mark->faulty || mark->file_no >= b->conf->files.count)
		return;
	struct conf_origin at = {b->conf->files.items[mark->file_no], mark->line, mark->file_no};
	check_websub(b, g, &at);
	check_hosts(b, &g->shared_hosts);
	check_proxy(b, &at, "[tidings]", g->proxy, g->proxy_user, g->proxy_secret_file);
	if (g->interval_min_ms > g->interval_ms || g->interval_ms > g->interval_max_ms)
		conf_report_error(b->report, &at,
		    "interval %s does not lie between interval-min %s and interval-max %s",
		    units_print_duration(g->interval_ms, usual), units_print_duration(g->interval_min_ms, least),
		    units_print_duration(g->interval_max_ms, most));
}

/* Credentials need their parts, and mean nothing without the kind of authentication they are for. */
static void
check_credentials(struct build *b, const struct conf_feed *f)
{
	bool none = str_is(f->auth, "none") || str_empty(f->auth), bearer = str_is(f->auth, "bearer");
	if (none && (!str_empty(f->user) || !str_empty(f->secret_file)))
		conf_report_error(b->report, &f->origin,
		    "[feed %s]: user and secret-file have no meaning without auth = basic, digest or bearer", f->key.s);
	if (!none && str_empty(f->secret_file))
		conf_report_error(b->report, &f->origin,
		    "[feed %s] needs secret-file for auth = %s; expected secret-file = …", f->key.s, f->auth.s);
	if (str_is(f->auth, "basic") && !str_empty(f->user) && memchr(f->user.s, ':', f->user.len) != NULL)
		conf_report_error(b->report, &f->origin,
		    "[feed %s]: user holds a colon, which ends a user's name for auth = basic; expected none",
		    f->key.s);
	if (!none && bearer != str_empty(f->user))
		conf_report_error(b->report, &f->origin,
		    bearer ? "[feed %s]: user has no meaning for auth = %s"
		           : "[feed %s] needs user for auth = %s; expected user = …",
		    f->key.s, f->auth.s);
	if (!str_empty(f->client_key) && str_empty(f->client_cert))
		conf_report_error(
		    b->report, &f->origin, "[feed %s]: client-key has no meaning without client-cert", f->key.s);
}

static void
check_feed(struct build *b, const struct conf_feed *f)
{
	const struct conf_global *g = build_record(b, CONF_TIDINGS, 0);
	int64_t low = f->interval_min_ms ? f->interval_min_ms : g->interval_min_ms;
	int64_t high = f->interval_max_ms ? f->interval_max_ms : g->interval_max_ms;
	char is[UNITS_TEXT_MAX], least[UNITS_TEXT_MAX], most[UNITS_TEXT_MAX], who[CONF_KEY_BYTES_MAX + 8];
	if (str_empty(f->url))
		conf_report_error(b->report, &f->origin, "[feed %s] has no address; expected url = https://…", f->key.s);
	bool own = f->interval_min_ms || f->interval_max_ms;
	if (f->interval_ms != 0 && (f->interval_ms < low || f->interval_ms > high))
		conf_report_error(b->report, &f->origin,
		    "[feed %s]: interval %s does not lie between interval-min %s and interval-max %s%s", f->key.s,
		    units_print_duration(f->interval_ms, is), units_print_duration(low, least),
		    units_print_duration(high, most), own ? "" : " of [tidings]");
	else if (low > high)
		conf_report_error(b->report, &f->origin, "[feed %s]: interval-min %s is more than interval-max %s",
		    f->key.s, units_print_duration(low, least), units_print_duration(high, most));
	check_credentials(b, f);
	snprintf(who, sizeof who, "[feed %s]", f->key.s);
	check_proxy(b, &f->origin, who, f->proxy, f->proxy_user, f->proxy_secret_file);
}

static void
check_feeds(struct build *b)
{
	struct map by_url;
	map_init(&by_url);
	for (size_t i = 0; i < b->tables[CONF_FEED].count && !b->out_of_memory; i++) {
		struct conf_feed *f = build_record(b, CONF_FEED, i);
		if (trusted(b, CONF_FEED, i))
			check_feed(b, f);
		if (str_empty(f->url))
			continue;
		const struct conf_feed *twin = map_get(&by_url, f->url);
		if (twin != NULL)
			conf_report_warning(b->report, &f->origin,
			    "[feed %s] has the same address as [feed %s] at %.*s:%u; one of them is enough", f->key.s,
			    twin->key.s, STR_ARG(twin->origin.file), twin->origin.line);
		else if (map_put(&by_url, f->url, f) < 0)
			b->out_of_memory = true;
	}
	map_done(&by_url);
}

static void
check_entities(struct build *b)
{
	for (size_t i = 0; i < b->tables[CONF_ACTOR].count; i++) {
		const struct conf_actor *a = build_record(b, CONF_ACTOR, i);
		if (trusted(b, CONF_ACTOR, i) && a->names.count == 0 && a->members.count == 0)
			conf_report_error(
			    b->report, &a->origin, "[actor %s] has no name; expected name = … at least once", a->key.s);
	}
	for (size_t i = 0; i < b->tables[CONF_TOPIC].count; i++) {
		const struct conf_topic *t = build_record(b, CONF_TOPIC, i);
		if (trusted(b, CONF_TOPIC, i) && t->phrases.count == 0 && t->query.count == 0)
			conf_report_error(b->report, &t->origin,
			    "[topic %s] has neither phrase nor query; expected phrase = … or query = …", t->key.s);
		if (build_find(b, CONF_ACTOR, t->key) >= 0)
			conf_report_error(b->report, &t->origin,
			    "[topic %s] has the key of an actor; expected a key of its own, since both are shown side "
			    "by side",
			    t->key.s);
	}
}

/* Keys that watches may name besides the sections: tags of feeds, ids of name files. */
struct names {
	struct map known[CONF_SECTION_COUNT];
};

static void
know(struct build *b, struct names *n, enum conf_section section, struct str key)
{
	static char something;
	if (map_put(&n->known[section], key, &something) < 0)
		b->out_of_memory = true;
}

struct knower {
	struct build *build;
	struct names *names;
};

static int
know_imported(void *ctx, const struct watch_imported *name, struct err *err)
{
	const struct knower *k = ctx;
	struct str id = arena_str(&k->build->conf->arena, name->id);
	(void)err;
	if (id.s == NULL)
		k->build->out_of_memory = true;
	else
		know(k->build, k->names, CONF_ACTOR, id);
	return 0;
}

static void
know_ids(struct build *b, struct names *n, struct str text)
{
	struct str line, id, kind;
	struct knower k = {b, n};
	struct watch_importer to = {.tell = know_imported, .ctx = &k, .file = STR_LIT("names")};
	enum watch_format format = watch_format_guess(text);
	struct err err;
	if (format != WATCH_FORMAT_HOUSE) {
		b->out_of_memory |= watch_import(text, format, &to, &err) < 0;
		return;
	}
	str_split(&text, '\n', &line); /* the header */
	while (str_split(&text, '\n', &line)) {
		if (str_split(&line, '\t', &id) && str_split(&line, '\t', &kind))
			know(b, n, str_is(str_trim(kind), "topic") ? CONF_TOPIC : CONF_ACTOR, str_trim(id));
	}
}

static void
names_init(struct build *b, struct names *n)
{
	for (enum conf_section s = 0; s < CONF_SECTION_COUNT; s++)
		map_init(&n->known[s]);
	for (size_t i = 0; i < b->tables[CONF_FEED].count; i++) {
		const struct conf_feed *f = build_record(b, CONF_FEED, i);
		for (size_t k = 0; k < f->tags.count; k++)
			know(b, n, CONF_FEED, f->tags.items[k]);
	}
	for (size_t i = 0; i < b->conf->name_file_count; i++)
		know_ids(b, n, b->conf->name_files[i].text);
}

static void
names_done(struct names *n)
{
	for (enum conf_section s = 0; s < CONF_SECTION_COUNT; s++)
		map_done(&n->known[s]);
}

static void
unknown_reference(
    struct build *b, enum conf_section section, const char *what, struct str word, const struct conf_origin *at)
{
	const struct build_table *t = &b->tables[section];
	struct suggestion s;
	char quoted[CONF_QUOTE_MAX], hint[SUGGESTION_MAX];
	suggestion_init(&s, word);
	for (size_t i = 0; i < t->count && t->count <= SUGGEST_KEYS_MAX && conf_report_open(b->report); i++) {
		struct str key;
		memcpy(&key, (char *)build_record(b, section, i) + conf_sections[section].key_offset, sizeof key);
		suggestion_offer(&s, key);
	}
	conf_report_error(b->report, at, "%ss: there is no %s %s%s", conf_sections[section].name, what,
	    conf_quote(word, quoted), suggestion_text(&s, hint));
}

static void
check_references(
    struct build *b, const struct names *n, enum conf_section section, const char *what, const struct conf_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct str word = list->items[i];
		if (!str_is(word, "*") && build_find(b, section, word) < 0 && map_get(&n->known[section], word) == NULL)
			unknown_reference(b, section, what, word, &list->origins[i]);
	}
}

/* A list may hold only these words, whatever their order. */
static void
check_words(struct build *b, const char *section, struct str key, const char *name, const char *words,
    const struct conf_list *list)
{
	char quoted[CONF_QUOTE_MAX];
	for (size_t i = 0; i < list->count; i++) {
		struct str rest = str_from(words), word = STR_NONE;
		bool known = false;
		while (!known && str_split(&rest, ' ', &word))
			known = str_eq(word, list->items[i]);
		if (!known && list->origins != NULL)
			conf_report_error(b->report, &list->origins[i],
			    "[%s%s%.*s]: %s %s is not known; expected one of: %s", section, str_empty(key) ? "" : " ",
			    STR_ARG(key), name, conf_quote(list->items[i], quoted), words);
	}
}

static void
check_watch(struct build *b, const struct conf_watch *w)
{
	int given = (w->actors.count > 0) + (w->topics.count > 0) + (w->query.count > 0);
	if (given == 0)
		conf_report_error(b->report, &w->origin,
		    "[watch %s] watches nothing; expected actors = …, topics = … or query = …", w->key.s);
	else if (str_is(w->require, "both") && given == 1)
		conf_report_error(b->report, &w->origin,
		    "[watch %s] requires both but names no %s; expected two of actors = …, topics = … and query = …",
		    w->key.s, w->actors.count == 0 ? "actors" : "topics");
}

static void
check_watches(struct build *b)
{
	struct names names;
	names_init(b, &names);
	for (size_t i = 0; i < b->tables[CONF_WATCH].count; i++) {
		const struct conf_watch *w = build_record(b, CONF_WATCH, i);
		if (trusted(b, CONF_WATCH, i))
			check_watch(b, w);
		check_references(b, &names, CONF_ACTOR, "actor", &w->actors);
		check_references(b, &names, CONF_TOPIC, "topic", &w->topics);
		check_references(b, &names, CONF_FEED, "feed or tag", &w->feeds);
		check_references(b, &names, CONF_SINK, "sink", &w->sinks);
		check_references(b, &names, CONF_WATCH, "watch", &w->muted_by);
	}
	names_done(&names);
}

/* ---- routes ---- */

static void
check_text(struct build *b, const char *section, struct str key, const struct conf_origin *at, const char *name,
    struct str value, int (*parse)(struct str text, struct err *err))
{
	char quoted[CONF_QUOTE_MAX];
	struct err err;
	if (parse(value, &err) < 0)
		conf_report_error(b->report, at, "[%s%s%.*s]: %s %s %s", section, str_empty(key) ? "" : " ",
		    STR_ARG(key), name, conf_quote(value, quoted), err.msg);
}

static int
is_span(struct str text, struct err *err)
{
	struct route_span span;
	return route_span_parse(text, &span, err);
}

static int
is_digest(struct str text, struct err *err)
{
	struct route_digest digest;
	return route_digest_parse(text, &digest, err);
}

static int
is_rate(struct str text, struct err *err)
{
	struct route_rate rate;
	return route_rate_parse(text, &rate, err);
}

static int
is_zone(struct str text, struct err *err)
{
	return text_zone_known(text)
	           ? 0
	           : err_set(err, ERR_CONFIG, "is no time zone; expected one such as Europe/Kyiv or UTC");
}

static int
is_template(struct str text, struct err *err)
{
	struct arena arena;
	arena_init(&arena, 0);
	int rc = template_parse(text, &arena, err) != NULL ? 0 : -1;
	arena_done(&arena);
	return rc;
}

#define GROUPS "story watch actor topic feed all item"

static void
check_route(struct build *b, const struct names *names, const struct conf_route *r)
{
	check_references(b, names, CONF_WATCH, "watch", &r->watches);
	check_references(b, names, CONF_ACTOR, "actor", &r->actors);
	check_references(b, names, CONF_TOPIC, "topic", &r->topics);
	check_references(b, names, CONF_FEED, "feed or tag", &r->feeds);
	check_references(b, names, CONF_SINK, "sink", &r->sinks);
	check_references(b, names, CONF_SINK, "sink", &r->escalate_sinks);
	check_words(b, "route", r->key, "group-by", GROUPS, &r->group_by);
	check_text(b, "route", r->key, &r->origin, "quiet", r->quiet, is_span);
	check_text(b, "route", r->key, &r->origin, "digest", r->digest, is_digest);
	check_text(b, "route", r->key, &r->origin, "time-zone", r->zone, is_zone);
}

static void
check_routes(struct build *b)
{
	const struct conf_global *g = build_record(b, CONF_TIDINGS, 0);
	struct conf_origin at = {.file = b->conf->files.count ? b->conf->files.items[0] : STR_LIT("configuration")};
	struct names names;
	names_init(b, &names);
	for (size_t i = 0; i < b->tables[CONF_ROUTE].count; i++)
		check_route(b, &names, build_record(b, CONF_ROUTE, i));
	check_words(b, "tidings", STR_NONE, "group-by", GROUPS, &g->group_by);
	check_words(b, "tidings", STR_NONE, "alarms", CONF_ALARMS, &g->alarms);
	check_references(b, &names, CONF_SINK, "sink", &g->alarm_sinks);
	check_text(b, "tidings", STR_NONE, &at, "false-alarms", g->false_alarms, is_rate);
	check_text(b, "tidings", STR_NONE, &at, "time-zone", g->zone, is_zone);
	names_done(&names);
}

/* Settings that only some types of sink understand, and whether these need them. */
static const struct {
	const char *key, *type;
	bool needed;
} sink_settings[] = {{"format", "print", false}, {"path", "print", false}, {"path", "file", true},
    {"path", "feed", true}, {"path", "socket", true}, {"path", "syslog", false}, {"path", "journal", false},
    {"path", "desktop", false}, {"command", "exec", true}, {"url", "webhook", true}, {"url", "mail", true},
    {"url", "feed", false}, {"url", "mqtt", true}, {"url", "nats", true}, {"command", "sendmail", false},
    {"secret-file", "webhook", false}, {"secret-file", "mail", false}, {"secret-file", "mqtt", false},
    {"secret-file", "nats", false}, {"header", "webhook", false}, {"from", "mail", true}, {"from", "sendmail", true},
    {"to", "mail", true}, {"to", "sendmail", true}, {"user", "mail", false}, {"user", "mqtt", false},
    {"user", "nats", false}, {"starttls", "mail", false}, {"body", "print", false}, {"body", "webhook", false},
    {"body", "mail", false}, {"body", "sendmail", false}, {"body", "feed", false}, {"body", "mqtt", false},
    {"body", "nats", false}, {"body", "desktop", false}, {"template", "webhook", false}, {"channel", "webhook", false},
    {"channel", "mqtt", true}, {"channel", "nats", true}};

static bool
says_something(const struct conf_sink *s, const char *name)
{
	const struct conf_key *k = conf_key_find(CONF_SINK, str_from(name));
	const void *field = (const char *)s + k->offset;
	if (k->type == CONF_COMMAND || k->type == CONF_HEADERS || k->type == CONF_MAILBOXES)
		return ((const struct conf_list *)field)->count > 0;
	return !str_is(*(const struct str *)field, k->fallback);
}

/* The types that understand a setting, by space. */
static struct str
types_of(const char *key, char out[300])
{
	size_t n = 0;
	for (size_t k = 0; k < sizeof sink_settings / sizeof *sink_settings; k++) {
		if (strcmp(sink_settings[k].key, key) == 0)
			n += (size_t)snprintf(out + n, 300 - n, "%s%s", n ? " or " : "", sink_settings[k].type);
	}
	return (struct str){out, n};
}

static bool
understands(const struct conf_sink *s, const char *key)
{
	for (size_t k = 0; k < sizeof sink_settings / sizeof *sink_settings; k++) {
		if (strcmp(sink_settings[k].key, key) == 0 && str_is(s->type, sink_settings[k].type))
			return true;
	}
	return false;
}

static void
check_sink(struct build *b, const struct conf_sink *s)
{
	char types[300];
	check_text(b, "sink", s->key, &s->origin, "rate", s->rate, is_rate);
	check_text(b, "sink", s->key, &s->origin, "drain-rate", s->drain_rate, is_rate);
	check_text(b, "sink", s->key, &s->origin, "quiet", s->quiet, is_span);
	check_text(b, "sink", s->key, &s->origin, "time-zone", s->zone, is_zone);
	check_text(b, "sink", s->key, &s->origin, "title:", s->title, is_template);
	check_text(b, "sink", s->key, &s->origin, "body:", s->body, is_template);
	if (str_is(s->format, "template") && str_empty(s->body))
		conf_report_error(b->report, &s->origin,
		    "[sink %s] needs body for format = template; expected body = {title} …", s->key.s);
	if (str_empty(s->type)) {
		conf_report_error(b->report, &s->origin,
		    "[sink %s] has no type; expected type = print, file, syslog, journal, exec, webhook, mail, "
		    "sendmail, feed, socket, mqtt, nats or desktop",
		    s->key.s);
		return;
	}
	for (size_t k = 0; k < sizeof sink_settings / sizeof *sink_settings; k++) {
		const char *key = sink_settings[k].key;
		bool said = says_something(s, key), first = k == 0 || strcmp(sink_settings[k - 1].key, key) != 0;
		if (sink_settings[k].needed && str_is(s->type, sink_settings[k].type) && !said)
			conf_report_error(b->report, &s->origin, "[sink %s] needs %s for type = %s; expected %s = …",
			    s->key.s, key, s->type.s, key);
		if (first && said && !understands(s, key))
			conf_report_error(b->report, &s->origin,
			    "[sink %s]: %s has no meaning for type = %s; it belongs to type = %.*s", s->key.s, key,
			    s->type.s, STR_ARG(types_of(key, types)));
	}
}

static void
check_sinks(struct build *b)
{
	for (size_t i = 0; i < b->tables[CONF_SINK].count; i++) {
		if (trusted(b, CONF_SINK, i))
			check_sink(b, build_record(b, CONF_SINK, i));
	}
}

/* All is stored in any case, and may be meant for the companion alone. */
static void
check_anybody_told(struct build *b)
{
	size_t watches = b->tables[CONF_WATCH].count, sinks = b->tables[CONF_SINK].count;
	const struct conf_global *g = build_record(b, CONF_TIDINGS, 0);
	if (b->report->error_count > 0)
		return; /* one that is meant may be among them */
	if (watches > 0 && sinks == 0) {
		const struct conf_watch *w = build_record(b, CONF_WATCH, 0);
		conf_report_warning(b->report, &w->origin,
		    "[watch %s]: nobody is told of what falls under it, since there is no sink; expected [sink …]",
		    w->key.s);
	} else if (watches == 0 && sinks > 0 && g->alarm_sinks.count == 0) {
		const struct conf_sink *s = build_record(b, CONF_SINK, 0);
		conf_report_warning(b->report, &s->origin,
		    "[sink %s]: nothing is told to it, since there are neither watches nor alarm-sinks; expected "
		    "[watch …]",
		    s->key.s);
	}
}

void
check_all(struct build *b)
{
	check_global(b);
	check_feeds(b);
	check_entities(b);
	check_watches(b);
	check_routes(b);
	check_sinks(b);
	check_anybody_told(b);
}
