/* Any bytes as a configuration: refused with a reason, or read so that its dump reads back to the same. */
#include "fuzz.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "conf/conf.h"

#include <stdlib.h>

static void
promise(bool kept)
{
	if (!kept)
		abort();
}

static struct conf *
parse(struct str text)
{
	struct conf_report report;
	conf_report_init(&report);
	struct conf *c = conf_parse(text, STR_LIT("fuzz"), &report);
	promise((c == NULL) == (report.error_count > 0));
	promise(report.count + report.dropped >= report.error_count && report.count <= CONF_MESSAGES_MAX);
	for (size_t i = 0; i < report.count; i++) {
		promise(utf8_valid(report.messages[i]) && str_starts(report.messages[i], STR_LIT("fuzz")));
		promise(i == 0 || report.places[i - 1].line <= report.places[i].line);
	}
	conf_report_done(&report);
	return c;
}

static void
promise_watchlist(const struct conf *c)
{
	struct conf_report report;
	conf_report_init(&report);
	struct watchlist *w = conf_compile_watchlist(c, &report);
	promise((w == NULL) == (report.error_count > 0));
	watchlist_free(w);
	conf_report_done(&report);
}

static void
promise_round_trip(const struct conf *c, bool all)
{
	struct buf first, second;
	buf_init(&first, 0);
	buf_init(&second, 0);
	promise(conf_dump(c, all, &first) == 0);
	struct conf *again = parse(buf_view(&first));
	promise(again != NULL);
	promise(conf_dump(again, all, &second) == 0);
	promise(str_eq(buf_view(&first), buf_view(&second)));
	conf_free(again);
	buf_done(&first);
	buf_done(&second);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct conf *c = parse((struct str){(const char *)data, size});
	if (c == NULL)
		return 0;
	promise_round_trip(c, false);
	promise_round_trip(c, true);
	promise_watchlist(c);
	conf_free(c);
	return 0;
}
