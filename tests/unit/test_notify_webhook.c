#include "notify_rig.h"

#include "../tools/served.h"
#include "http/http.h"
#include "notify/secret.h"

#include <jansson.h>

static struct http_client *http;
static struct served server;

/* A sink "hook" that posts to the server's /hook. */
static void
start(const char *script, const char *secret_file, bool allow_private)
{
	struct err err;
	struct http_settings settings = http_settings_default;
	static const struct str headers[] = {STR_LIT("Authorization: Bearer abc")};
	rig_start(NULL, 0);
	notify_free(rig.notify);
	settings.user_agent = STR_LIT("test");
	settings.ca_file = settings.proxy = STR_NONE;
	http = http_client_new(rig.base, &settings, &err);
	ck_assert_msg(http != NULL, "%s", err.msg);
	served_start(&server, NULL);
	served_put(&server, "/hook", "x");
	if (script != NULL)
		served_put(&server, "/hook.script", script);
	rig_start(&(struct notify_sink){.key = STR_LIT("hook"),
	              .type = STR_LIT("webhook"),
	              .url = str_from(served_url(&server, "/hook")),
	              .secret_file = str_from(secret_file),
	              .headers = headers,
	              .header_count = 1,
	              .allow_private = allow_private,
	              .timeout_ms = 2000,
	              .concurrency = 4},
	    1);
	notify_set_http(rig.notify, http);
}

static void
end(void)
{
	notify_free(rig.notify);
	rig.notify = NULL;
	http_client_free(http);
	served_stop(&server);
	rig_end();
}

static void
send_row(int64_t row)
{
	struct err err;
	ck_assert_msg(rig_send("hook", row, NULL, &err) == 0, "%s", err.msg);
}

static const struct {
	const char *script;
	enum err_code code;
	const char *says;
} answers[] = {
    {"status 200 OK\n", ERR_NONE, ""},
    {"status 200 OK\nforever x\n", ERR_NONE, ""},
    {"raw\nreset\n", ERR_SINK_TEMPORARY, ""},
    {"status 204 Nothing\n", ERR_NONE, ""},
    {"status 301 Moved\nheader Location: /other\n", ERR_SINK_TEMPORARY, "answered 301"},
    {"status 400 Bad\nbody reason\n", ERR_SINK_REFUSED, "answered 400"},
    {"status 401 Who\n", ERR_SINK_TEMPORARY, "answered 401"},
    {"status 404 What\n", ERR_SINK_TEMPORARY, "answered 404"},
    {"status 410 Gone\n", ERR_SINK_GONE, "answered 410"},
    {"status 429 Slow\nheader Retry-After: 120\n", ERR_SINK_TEMPORARY, "answered 429"},
    {"status 500 Oh\n", ERR_SINK_TEMPORARY, "answered 500"},
    {"status 503 Busy\nheader Retry-After: 7\n", ERR_SINK_TEMPORARY, "answered 503"},
};

START_TEST(test_each_answer_has_its_outcome)
{
	start(answers[_i].script, NULL, true);
	send_row(0);
	rig_wait(1, 10);
	ck_assert_result(0, answers[_i].code, answers[_i].says);
	int64_t wait = strstr(answers[_i].script, "120")              ? 120000
	               : strstr(answers[_i].script, "Retry-After: 7") ? 7000
	                                                              : -1;
	ck_assert_int_eq(rig.results[0].retry_after_ms, wait);
	end();
}
END_TEST

START_TEST(test_a_private_address_must_be_allowed)
{
	start(NULL, NULL, false);
	send_row(0);
	rig_wait(1, 10);
	ck_assert_result(0, ERR_SINK_TEMPORARY, "loopback");
	ck_assert_uint_eq(served_count(&server, "POST"), 0);
	end();
}
END_TEST

START_TEST(test_a_server_that_is_away_is_temporary)
{
	start(NULL, NULL, true);
	served_stop(&server);
	send_row(0);
	rig_wait(1, 10);
	ck_assert_result(0, ERR_SINK_TEMPORARY, "refused");
	notify_free(rig.notify);
	http_client_free(http);
	rig.notify = NULL;
	rig_end();
}
END_TEST

START_TEST(test_what_is_under_way_at_the_end_is_told_once_whoever_ends_first)
{
	start("hang\n", NULL, true);
	for (int64_t i = 0; i < 3; i++)
		send_row(i);
	event_base_loop(rig.base, EVLOOP_NONBLOCK);
	if (_i == 0) {
		end();
	} else {
		http_client_free(http);
		http = NULL;
		end();
	}
	for (int64_t i = 0; i < 3; i++) {
		ck_assert_uint_eq(rig.calls[i], 1);
		ck_assert_int_ne(rig.results[i].error.code, ERR_NONE);
	}
}
END_TEST

static const char *
secret_file(const char *text, mode_t mode)
{
	const char *path = rig_path("secret");
	unlink(path);
	FILE *f = fopen(path, "w");
	fputs(text, f);
	fclose(f);
	ck_assert_int_eq(chmod(path, mode), 0);
	return path;
}

START_TEST(test_a_signature_is_that_of_an_independent_implementation)
{
	struct buf key, out;
	struct err err;
	buf_init(&key, 0);
	buf_init(&out, 0);
	/* python3: base64(hmac.new(b"sixteen byte key0123456789", b'n-0001.1795444500.{"a":1}', sha256)) */
	ck_assert_int_eq(secret_key(STR_LIT("whsec_c2l4dGVlbiBieXRlIGtleTAxMjM0NTY3ODk="), &key, &err), 0);
	ck_assert_str_is(buf_view(&key), "sixteen byte key0123456789");
	secret_sign(&out, buf_view(&key), STR_LIT("n-0001"), 1795444500, STR_LIT("{\"a\":1}"));
	ck_assert_str_is(buf_view(&out), "v1,Igq46lKgunysmqlm5fYVa9VTdBI/g7qOqR9sA4uG5T4=");
	buf_done(&out);
	buf_done(&key);
}
END_TEST

START_TEST(test_a_secret_that_others_can_read_is_refused_and_never_shown)
{
	static const struct {
		const char *text;
		mode_t mode;
		const char *says;
	} bad[] = {{"a good long secret value\n", 0644, "can be read by others"}, {"short\n", 0600, "shorter than 16"},
	    {"whsec_!!!!notbase64!!!!\n", 0600, "no base64"}, {"", 0600, "shorter than 16"}};
	struct err err;
	rig_start(NULL, 0);
	for (size_t i = 0; i < 4; i++) {
		struct notify_sink s = {.key = STR_LIT("k"),
		    .type = STR_LIT("webhook"),
		    .url = STR_LIT("https://a.example/"),
		    .secret_file = str_from(secret_file(bad[i].text, bad[i].mode))};
		ck_assert(notify_new(rig.base, &s, 1, &err) == NULL);
		ck_assert_msg(strstr(err.msg, bad[i].says) != NULL, "%s", err.msg);
		ck_assert(strstr(err.msg, "good long") == NULL && strstr(err.msg, "notbase64") == NULL);
	}
	rig_end();
}
END_TEST

START_TEST(test_a_credential_of_systemd_is_a_secret_too)
{
	static const char *const wrong[] = {
	    "credential:", "credential:../etc/passwd", "credential:a/b", "credential:missing"};
	struct err err;
	struct buf out;
	rig_start(NULL, 0);
	buf_init(&out, 0);
	ck_assert_int_eq(unsetenv("CREDENTIALS_DIRECTORY"), 0);
	ck_assert_int_lt(secret_read("credential:hook", &out, &err), 0);
	ck_assert_ptr_nonnull(strstr(err.msg, "LoadCredential=hook"));
	setenv("CREDENTIALS_DIRECTORY", rig.dir, 1);
	FILE *f = fopen(rig_path("hook"), "w");
	fputs("a secret of systemd\nmore\n", f);
	fclose(f);
	chmod(rig_path("hook"), 0440); /* as it looks with an access control list */
	ck_assert_int_eq(secret_read("credential:hook", &out, &err), 0);
	ck_assert_str_is(buf_view(&out), "a secret of systemd");
	chmod(rig_path("hook"), 0444);
	ck_assert_int_lt(secret_read("credential:hook", &out, &err), 0);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		ck_assert_int_lt(secret_read(wrong[i], &out, &err), 0);
	ck_assert_str_is(buf_view(&out), "a secret of systemd");
	unsetenv("CREDENTIALS_DIRECTORY");
	buf_done(&out);
	rig_end();
}
END_TEST

START_TEST(test_a_secret_changed_in_between_is_used_and_one_that_is_gone_is_temporary)
{
	rig_start(NULL, 0);
	notify_free(rig.notify);
	const char *path = secret_file("a good long secret value\n", 0600);
	start("status 200 OK\n", path, true);
	send_row(0);
	rig_wait(1, 10);
	ck_assert_result(0, ERR_NONE, "");
	unlink(path);
	send_row(1);
	rig_wait(2, 10);
	ck_assert_result(1, ERR_SINK_TEMPORARY, "cannot open the secret");
	secret_file("another long secret value\n", 0600);
	send_row(2);
	rig_wait(3, 10);
	ck_assert_result(2, ERR_NONE, "");
	end();
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_loop_test(tc, test_each_answer_has_its_outcome, 0, sizeof answers / sizeof *answers);
	tcase_add_test(tc, test_a_private_address_must_be_allowed);
	tcase_add_test(tc, test_a_server_that_is_away_is_temporary);
	tcase_add_loop_test(tc, test_what_is_under_way_at_the_end_is_told_once_whoever_ends_first, 0, 2);
	tcase_add_test(tc, test_a_signature_is_that_of_an_independent_implementation);
	tcase_add_test(tc, test_a_secret_that_others_can_read_is_refused_and_never_shown);
	tcase_add_test(tc, test_a_credential_of_systemd_is_a_secret_too);
	tcase_add_test(tc, test_a_secret_changed_in_between_is_used_and_one_that_is_gone_is_temporary);
}

int
main(void)
{
	return tap_run("notify/webhook", suite);
}
