#include "conf/conf.h"

#include "base/buf.h"
#include "tap.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char top[64]; /* a fresh directory, which is where the test stands */

static void
enter_fresh_directory(void)
{
	snprintf(top, sizeof top, "/tmp/test_conf_load.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(top));
	ck_assert_int_eq(chdir(top), 0);
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
	return remove(path);
}

static void
leave_directory(void)
{
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(nftw(top, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static void
put(const char *path, const char *text)
{
	char dir[256];
	snprintf(dir, sizeof dir, "%s", path);
	char *slash = strrchr(dir, '/');
	if (slash != NULL) {
		*slash = '\0';
		ck_assert(mkdir(dir, 0700) == 0 || errno == EEXIST);
	}
	FILE *f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

/* Loads main.conf; the messages must be these. */
static struct conf *
load(const char *want)
{
	struct conf_report report;
	struct buf got;
	buf_init(&got, 0);
	conf_report_init(&report);
	struct conf *c = conf_load("main.conf", &report);
	for (size_t i = 0; i < report.count; i++)
		buf_printf(&got, "%s\n", report.messages[i].s);
	ck_assert_str_eq(got.data ? got.data : "", want);
	ck_assert_int_eq(c == NULL, report.error_count > 0);
	conf_report_done(&report);
	buf_done(&got);
	return c;
}

START_TEST(test_files_are_read_in_their_order_and_later_ones_win)
{
	put("main.conf", "[tidings]\ninterval = 10m\ncontact = first\n[feed a]\nurl = https://a/\ntags = one\n");
	put("feeds.d/b.conf", "[feed b]\nurl = https://b/\n");
	put("feeds.d/B.conf", "[feed capital]\nurl = https://capital/\n");
	put("feeds.d/.hidden.conf", "nonsense");
	put("feeds.d/b.conf~", "nonsense");
	put("watchlists.d/w.conf", "[topic t]\nphrase = peace plan\n");
	put("main.conf.d/20-more.conf", "[tidings]\ncontact = third\n[feed a]\ntags = three\n");
	put("main.conf.d/10-more.conf",
	    "[tidings]\ncontact = second\ninterval =\n[feed a]\nurl = https://other/\ntags =\ntags = two\n");
	struct conf *c = load("");
	ck_assert_uint_eq(c->files.count, 6);
	ck_assert_str_is(c->files.items[0], "main.conf");
	ck_assert_str_is(c->files.items[1], "feeds.d/B.conf");
	ck_assert_str_is(c->files.items[2], "feeds.d/b.conf");
	ck_assert_str_is(c->files.items[3], "watchlists.d/w.conf");
	ck_assert_str_is(c->files.items[4], "main.conf.d/10-more.conf");
	ck_assert_str_is(c->files.items[5], "main.conf.d/20-more.conf");
	ck_assert_str_is(c->global.contact, "third");
	ck_assert_int_eq(c->global.interval_ms, 900000);
	ck_assert_uint_eq(c->feed_count, 3);
	ck_assert_str_is(c->feeds[0].url, "https://other/");
	ck_assert_uint_eq(c->feeds[0].tags.count, 2);
	ck_assert_str_is(c->feeds[0].tags.items[0], "two");
	ck_assert_str_is(c->feeds[0].tags.items[1], "three");
	ck_assert_uint_eq(c->feeds[0].tags.origins[1].line, 4);
	ck_assert_str_is(c->feeds[0].tags.origins[1].file, "main.conf.d/20-more.conf");
	conf_free(c);
}
END_TEST

START_TEST(test_paths_begin_where_the_file_that_says_them_lies)
{
	put("main.conf.d/ca.pem", "");
	char want[128];
	put("main.conf", "[tidings]\nstore = data/t.db\ncontrol = /run/t\n");
	put("main.conf.d/x.conf", "[tidings]\nca-file = ca.pem\n");
	struct conf *c = load("");
	snprintf(want, sizeof want, "%s/data/t.db", top);
	ck_assert_str_is(c->global.store_path, want);
	ck_assert_str_is(c->global.control_path, "/run/t");
	snprintf(want, sizeof want, "%s/main.conf.d/ca.pem", top);
	ck_assert_str_is(c->global.ca_file, want);
	conf_free(c);
}
END_TEST

START_TEST(test_mistakes_of_all_files_are_told_in_order)
{
	put("main.conf", "[watch w]\nactors = nobody\n[tidings]\nx = y\n");
	put("feeds.d/a.conf", "[feed a]\n[feed b]\nurl = https://x/\n");
	put("watchlists.d/a.conf", "[feed b]\nurl = nothing\n");
	load("main.conf:2: actors: there is no actor “nobody”\n"
	     "main.conf:4: [tidings] has no setting “x”\n"
	     "feeds.d/a.conf:1: [feed a] has no address; expected url = https://…\n"
	     "watchlists.d/a.conf:2: url: “nothing” is not a URL of a kind that works here; expected one of these "
	     "schemes, then ://: http https\n");
}
END_TEST

START_TEST(test_files_of_names_are_read_and_their_ids_may_be_watched)
{
	put("main.conf", "[tidings]\ninclude-names = lists/names.tsv\n[watch w]\nactors = Q42 t1\ntopics = t1\n");
	put("lists/names.tsv", "id\tkind\tlang\tname\nQ42\tperson\ten\tDouglas Adams\nt1\ttopic\ten\tpeace plan\n");
	load("main.conf:4: actors: there is no actor “t1”\n");
	put("main.conf", "[tidings]\ninclude-names = lists/names.tsv\n[watch w]\nactors = Q42\ntopics = t1\n[sink "
	                 "s]\ntype = print\n");
	struct conf *c = load("");
	ck_assert_uint_eq(c->name_file_count, 1);
	ck_assert(str_starts(c->name_files[0].text, STR_LIT("id\tkind")));
	ck_assert_uint_eq(c->files.count, 2);
	ck_assert_str_eq(c->name_files[0].origin.file.s, c->global.name_files.items[0].s);
	conf_free(c);
	put("main.conf", "[tidings]\n\ninclude-names = /nowhere/names.tsv\n");
	load("main.conf:3: include-names: /nowhere/names.tsv cannot be opened: No such file or directory\n");
}
END_TEST

START_TEST(test_files_that_are_missing_are_warned_of_where_they_are_named)
{
	char want[2048];
	put("here.pem", "PEM");
	put("main.conf", "[tidings]\nca-file = nowhere.pem\nproxy = http://proxy/\nproxy-user = me\nproxy-secret-file "
	                 "= credential:proxy\n"
	                 "[feed a]\nurl = https://a/1\nauth = bearer\nsecret-file = nowhere\nca-file = here.pem\n"
	                 "[feed b]\nurl = https://a/2\nclient-cert = nowhere.crt\n"
	                 "[sink s]\ntype = webhook\nurl = https://a/3\nsecret-file = /nowhere/s\n"
	                 "[watch w]\nquery = a\n");
	snprintf(want, sizeof want,
	    "main.conf:1: warning: [tidings]: ca-file: there is no file %s/nowhere.pem\n"
	    "main.conf:6: warning: [feed a]: secret-file: there is no file %s/nowhere\n"
	    "main.conf:11: warning: [feed b]: client-cert: there is no file %s/nowhere.crt\n"
	    "main.conf:14: warning: [sink s]: secret-file: there is no file /nowhere/s\n",
	    top, top, top);
	conf_free(load(want));
}
END_TEST

START_TEST(test_feeds_of_opml_files_are_added)
{
	put("main.conf",
	    "[tidings]\ninclude-opml = reader.opml\nallow-private = yes\n[feed el-pais]\nurl = https://mine.example/\n"
	    "[feed own]\nurl = https://own.example/\n[watch w]\nactors = *\nfeeds = world,-big\n");
	put("reader.opml",
	    "<opml><body>\n"
	    "<outline text='World, Big'>\n"
	    "<outline text='El País' xmlUrl='https://pais.example/rss' language='ES-es'/>\n"
	    "<outline text='Own' xmlUrl='https://own.example/'/>\n"
	    "<outline text='Українська правда' xmlUrl='https://www.pravda.example/rss/view.xml'/>\n"
	    "</outline>\n"
	    "<outline text='Again'><outline text='El País' xmlUrl='https://pais.example/rss'/></outline>\n"
	    "<outline text='Secret' xmlUrl='https://me:pw@secret.example/'/>\n"
	    "<outline text='File' xmlUrl='file:///etc/passwd'/>\n"
	    "<outline text='News!' xmlUrl='http://a.example/'/><outline text='(News)' xmlUrl='http://b.example/'/>\n"
	    "</body></opml>\n");
	char want[512];
	snprintf(want, sizeof want,
	    "main.conf:10: feeds: there is no feed or tag “world”\n"
	    "main.conf:10: feeds: there is no feed or tag “-big”\n"
	    "%s/reader.opml:8: warning: this feed is passed over: credentials in a URL get into logs and databases; "
	    "give it a [feed KEY] section with header = Authorization: …\n"
	    "%s/reader.opml:9: warning: this feed is passed over: “file:///etc/passwd” is no usable http or https "
	    "URL\n",
	    top, top);
	load(want);
	put("main.conf",
	    "[tidings]\ninclude-opml = reader.opml\nallow-private = yes\n[feed el-pais]\nurl = https://mine.example/\n"
	    "[feed own]\nurl = https://own.example/\n");
	struct conf *c = load(strstr(want, "reader.opml:8") - strlen(top) - 1);
	ck_assert_uint_eq(c->feed_count, 6);
	const struct conf_feed *pais = &c->feeds[2], *pravda = &c->feeds[3];
	ck_assert_msg(str_starts(pais->key, STR_LIT("el-pais-")) && pais->key.len == 16, "%s", pais->key.s);
	ck_assert_str_is(pais->title, "El País");
	ck_assert_str_is(pais->language, "es-ES");
	ck_assert(pais->enabled && pais->allow_private);
	ck_assert_uint_eq(pais->tags.count, 2);
	ck_assert_str_is(pais->tags.items[0], "world--big");
	ck_assert_str_is(pais->tags.items[1], "again");
	ck_assert_uint_eq(pais->origin.line, 3);
	ck_assert_str_is(pravda->key, "pravda-example-rss-view-xml");
	ck_assert_str_is(c->feeds[4].key, "news");
	ck_assert_msg(str_starts(c->feeds[5].key, STR_LIT("news-")), "%s", c->feeds[5].key.s);
	ck_assert_uint_eq(conf_find_feed(c, STR_LIT("own"))->tags.count, 0);
	conf_free(c);
	put("reader.opml", "<opml><body>\n<outline></body></opml>");
	snprintf(want, sizeof want, "%s/reader.opml:2: not well-formed: ", top);
	struct conf_report report;
	conf_report_init(&report);
	ck_assert_ptr_null(conf_load("main.conf", &report));
	ck_assert_uint_eq(report.count, 1);
	ck_assert_msg(str_starts(report.messages[0], str_from(want)), "%s", report.messages[0].s);
	conf_report_done(&report);
}
END_TEST

START_TEST(test_secrets_in_files_that_everybody_may_read_are_refused)
{
	put("main.conf", "[feed a]\nurl = https://a/\nheader = Accept: text/xml\nheader = X-Api-Key: 1\nheader = "
	                 "Authorization: Bearer 1\n");
	ck_assert_int_eq(chmod("main.conf", 0644), 0);
	load("main.conf:4: header: holds a secret, but everybody may read this file; expected chmod o-r main.conf\n"
	     "main.conf:5: header: holds a secret, but everybody may read this file; expected chmod o-r main.conf\n");
	ck_assert_int_eq(chmod("main.conf", 0640), 0);
	conf_free(load(""));
}
END_TEST

START_TEST(test_what_cannot_be_read_is_told)
{
	load("main.conf: cannot be opened: No such file or directory; -c names another file\n");
	ck_assert_int_eq(mkdir("main.conf", 0700), 0);
	load("main.conf: is not a regular file; -c names another file\n");
	ck_assert_int_eq(rmdir("main.conf"), 0);
	put("main.conf", "");
	ck_assert_int_eq(mkdir("feeds.d", 0700), 0);
	ck_assert_int_eq(mkfifo("feeds.d/pipe.conf", 0600), 0);
	load("feeds.d/pipe.conf: is not a regular file\n");
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, enter_fresh_directory, leave_directory);
	tcase_add_test(tc, test_files_are_read_in_their_order_and_later_ones_win);
	tcase_add_test(tc, test_paths_begin_where_the_file_that_says_them_lies);
	tcase_add_test(tc, test_mistakes_of_all_files_are_told_in_order);
	tcase_add_test(tc, test_files_that_are_missing_are_warned_of_where_they_are_named);
	tcase_add_test(tc, test_feeds_of_opml_files_are_added);
	tcase_add_test(tc, test_files_of_names_are_read_and_their_ids_may_be_watched);
	tcase_add_test(tc, test_secrets_in_files_that_everybody_may_read_are_refused);
	tcase_add_test(tc, test_what_cannot_be_read_is_told);
}

int
main(void)
{
	return tap_run("conf/load", suite);
}
