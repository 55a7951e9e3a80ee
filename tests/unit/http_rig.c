#include "http_rig.h"

#include "tap.h"

struct served server;
struct fetcher fetcher;
struct fetched got;

void
rig_begin(void)
{
	served_start(&server, NULL);
	fetcher_init(&fetcher);
}

void
rig_finish(void)
{
	fetcher_done(&fetcher);
	served_stop(&server);
}

void
rig_ask(const char *path)
{
	fetch(&fetcher, served_url(&server, path), &got);
}

void
rig_expect_error(enum err_code code)
{
	ck_assert_msg(
	    got.error.code == code, "got %s (%s), want %s", err_word(got.error.code), got.error.msg, err_word(code));
	if (code != ERR_NONE)
		ck_assert_uint_gt(strlen(got.error.msg), 10);
}

void
rig_scripted(const char *script)
{
	rig_begin();
	served_put(&server, "/x.script", script);
	fetcher_open(&fetcher);
	rig_ask("/x");
}

void
rig_end_scripted(void)
{
	fetched_done(&got);
	rig_finish();
}
