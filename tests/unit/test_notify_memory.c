/* Every allocation fails once, and from then on, while a notification is written in each form: it is told in full, or the buffer
 * says that it failed; never half of it. */
#include "base/utf8.h"
#include "failing_alloc.h"
#include "notify/broker.h"
#include "notify/feed_page.h"
#include "notify/letter.h"
#include "notify/services.h"
#include "notify/sink_desktop.h"
#include "notify/sink_exec.h"
#include "notify/sink_syslog.h"
#include "sample_record.h"
#include "tap.h"

#include <stdlib.h>

static struct buf out;
static struct notification told;
static const struct service *service;
static struct sink sink;
static const char *templated;

static void
write_service(void)
{
	service_body(&out, service, NULL, NULL, STR_LIT("here"), &told);
}

static void
write_desktop(void)
{
	sink_desktop_render(&sink, &out, &told);
}

static void
write_broker(void)
{
	broker_render(&sink, &out, &told);
}

static void
write_exec(void)
{
	sink_exec_render(&sink, &out, &told);
}

static void
write_syslog(void)
{
	sink_syslog_render(&sink, &out, &told);
}

static void
write_journal(void)
{
	sink_journal_render(&sink, &out, &told);
}

static void
write_entry(void)
{
	feed_entry_write(&out, &told, NULL, NULL);
}

static void
write_template(void)
{
	struct arena arena;
	struct err err;
	arena_init(&arena, 0);
	const struct template *t = template_parse(str_from(templated), &arena, &err);
	if (t != NULL)
		template_write(&out, t, &told, TEMPLATE_HTML);
	else
		out.failed = true;
	arena_done(&arena);
}

static void
write_letter(void)
{
	struct mailbox to = {.address = STR_LIT("a@b.example")};
	struct letter l = {.from = to,
	    .to = &to,
	    .to_count = 1,
	    .subject = STR_LIT("Зеленський зустрівся з послами у Женеві, каже речник"),
	    .id = STR_LIT("n-1"),
	    .list = STR_LIT("desk"),
	    .text = STR_LIT("text"),
	    .html = STR_LIT("<p>text</p>")};
	letter_write(&out, &l);
}

/* Reads a page of two entries, puts a third in front, and writes both forms. */
static void
write_page(void)
{
	static const char page[] =
	    "{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{\"id\":\"urn:uuid:1\",\"title\":\"a\","
	    "\"content_html\":\"b\",\"date_modified\":\"2026-01-01T00:00:00Z\"},{\"id\":\"urn:uuid:2\",\"title\":\"c\","
	    "\"content_html\":\"d\",\"date_modified\":\"2026-01-01T00:00:00Z\"}]}";
	struct feed_page p = {
	    .sink = STR_LIT("pub"), .key = STR_LIT("talks"), .base_url = STR_LIT("https://a.example/")};
	struct err err;
	json_t *entry = json_pack("{s:s, s:s, s:s, s:s}", "id", "urn:uuid:3", "title", "e", "content_html", "f",
	    "date_modified", "2026-01-02T00:00:00Z");
	int rc = entry != NULL ? feed_page_read(&p, STR_LIT(page), &err) : -1;
	rc = rc == 0 ? feed_page_add(&p, entry, 10, &err) : rc;
	if (rc == 0) {
		feed_page_json(&p, &out);
		feed_page_atom(&p, &out);
	} else {
		out.failed = true;
	}
	json_decref(entry);
	feed_page_done(&p);
}

static void
sweep(void (*write)(void))
{
	struct buf whole;
	buf_init(&out, 0);
	write();
	ck_assert(!out.failed && out.len > 0 && utf8_valid(buf_view(&out)));
	whole = out;
	for (int later = 0; later < 2; later++) {
		for (long n = 1;; n++) {
			buf_init(&out, 0);
			failing_alloc_arm(n, later);
			write();
			bool fired = failing_alloc_fired();
			ck_assert_msg(out.failed || str_eq(buf_view(&out), buf_view(&whole)),
			    "allocation %ld%s: half of it: %.*s", n, later ? " and later" : "", (int)out.len,
			    out.data != NULL ? out.data : "");
			ck_assert(fired || !out.failed);
			buf_done(&out);
			if (!fired)
				break;
			ck_assert_msg(n < 100000, "no end in sight");
		}
	}
	buf_done(&whole);
}

static void
setup(void)
{
	told = sample_notification();
	sink = (struct sink){.set = {.key = STR_LIT("desk"), .type = STR_LIT("desktop")}};
}

START_TEST(test_bodies_of_services)
{
	static const char *const names[] = {
	    "slack", "discord", "mattermost", "matrix", "telegram", "ntfy", "gotify", "pushover", "alertmanager"};
	setup();
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		service = service_find(str_from(names[i]));
		ck_assert_ptr_nonnull(service);
		sweep(write_service);
	}
}
END_TEST

START_TEST(test_what_sinks_render)
{
	static void (*const writers[])(void) = {write_desktop, write_broker, write_exec, write_syslog, write_journal};
	setup();
	for (size_t i = 0; i < sizeof writers / sizeof *writers; i++)
		sweep(writers[i]);
}
END_TEST

START_TEST(test_templates_and_letters)
{
	setup();
	templated = "{title:20} {snippet} {link} {items} {actors} {{x}}";
	sweep(write_template);
	sweep(write_letter);
}
END_TEST

START_TEST(test_published_feeds)
{
	setup();
	sweep(write_entry);
	sweep(write_page);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_bodies_of_services);
	tcase_add_test(tc, test_what_sinks_render);
	tcase_add_test(tc, test_templates_and_letters);
	tcase_add_test(tc, test_published_feeds);
}

int
main(void)
{
	return tap_run("notify/memory", suite);
}
