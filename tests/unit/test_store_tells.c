/* What becomes of wishes to tell: threads, holding, muting, joining; alarms, silences, and what is done by hand. */
#include "store_rig.h"

static struct store_sending answer;
static struct store_thread asked;
static struct store_tale story;
static const char *group;
static unsigned questions;

static void
decide(void *ctx, const struct store_tell *tell, const struct store_new_item *item, const struct store_tale *s,
    const struct store_thread *thread, int64_t now, struct arena *arena, struct store_sending *out)
{
	int severity = out->severity;
	asked = *thread;
	story = *s;
	questions++;
	*out = answer;
	if (out->severity == 0)
		out->severity = severity;
}

static const struct store_router router = {NULL, decide};

/* One item with one wish for the sink "desk". */
static void
tell(int64_t at, const char *guid, const char *title)
{
	int64_t feed = rig_feed("a");
	rig_draft(feed, at, &(struct draft){guid, NULL, title, "x", "desk"}, 1);
	struct store_tell *t = (struct store_tell *)rig.items[0].tells;
	t->group = group != NULL ? str_from(group) : STR_NONE;
	t->route = STR_LIT("r");
	rig.poll.router = &router;
	ck_assert_int_eq(rig_commit(), 0);
}

static struct notification *
take(int64_t now)
{
	struct notification *rows;
	size_t count;
	ck_assert_int_eq(store_outbox_take(rig.s, STR_LIT("desk"), now, 10, &rig.arena, &rows, &count, &rig.err), 0);
	return count > 0 ? rows : NULL;
}

static void
done(int64_t row, int64_t at)
{
	struct store_delivery d = {.row = row, .outcome = STORE_DONE, .at = at};
	ck_assert_int_eq(store_outbox_finish(rig.s, &d, 1, &rig.err), 0);
}

static void
setup(void)
{
	rig_setup();
	rig_open();
	answer = (struct store_sending){.at = TIME_NONE};
	group = NULL;
	questions = 0;
}

static struct store_outbox_counts
counts(void)
{
	struct store_outbox_counts c;
	ck_assert_int_eq(store_outbox_counts(rig.s, &c, &rig.err), 0);
	return c;
}

START_TEST(test_items_of_a_group_join_the_notification_that_waits)
{
	group = "g";
	answer.at = 9000;
	answer.reason = STR_LIT("group");
	tell(5000, "1", "Putin one");
	ck_assert(!asked.open && !asked.told);
	tell(6000, "2", "Putin two");
	ck_assert(asked.open);
	tell(7000, "3", "Putin three");
	ck_assert_int_eq(counts().held, 1);
	ck_assert_ptr_null(take(8999));
	struct notification *n = take(9000);
	ck_assert_ptr_nonnull(n);
	ck_assert_uint_eq(n->kind, NOTIFICATION_STORY);
	ck_assert_uint_eq(n->record_count, 3);
	ck_assert_uint_eq(n->item_count, 3);
	ck_assert_str_is(n->records[0].title, "Putin three");
	ck_assert_str_is(n->records[2].title, "Putin one");
	ck_assert_str_is(n->route, "r");
	rig_check_invariants();
}
END_TEST

START_TEST(test_after_its_first_attempt_a_notification_takes_no_more_items)
{
	group = "g";
	tell(5000, "1", "Putin one");
	struct notification *first = take(5000);
	tell(6000, "2", "Putin two");
	ck_assert(!asked.open && asked.told);
	done(first->row, 6500);
	tell(7000, "3", "Putin three"); /* joins the second */
	struct notification *second = take(7000);
	ck_assert_ptr_nonnull(second);
	ck_assert(str_eq(second->previous_id, first->id) && str_eq(second->thread_id, first->id));
	ck_assert_uint_eq(second->record_count, 2);
	done(second->row, 7500);
	tell(8000, "4", "Putin four");
	ck_assert_int_eq(asked.told_at, 7500);
	struct notification *third = take(8000);
	ck_assert(str_eq(third->previous_id, second->id) && str_eq(third->thread_id, first->id));
	rig_check_invariants();
}
END_TEST

START_TEST(test_what_is_muted_is_kept_with_its_reason_and_not_sent)
{
	answer.muted = true;
	answer.reason = STR_LIT("silence 3");
	tell(5000, "1", "Putin one");
	ck_assert_int_eq(counts().muted, 1);
	ck_assert_ptr_null(take(INT64_MAX));
	ck_assert_str_is(rig_text("SELECT reason FROM outbox"), "silence 3");
	ck_assert_int_eq(store_outbox_next_at(rig.s), TIME_NONE);
}
END_TEST

START_TEST(test_another_group_takes_the_place_of_the_tells)
{
	answer.group = STR_LIT("digest");
	answer.kind = NOTIFICATION_DIGEST;
	answer.at = 9000;
	group = "one";
	tell(5000, "1", "Putin one");
	group = "two";
	tell(6000, "2", "Putin two");
	struct notification *n = take(9000);
	ck_assert_uint_eq(n->kind, NOTIFICATION_DIGEST);
	ck_assert_uint_eq(n->item_count, 2);
	ck_assert_uint_eq(n->source_count, 1);
	ck_assert_int_eq(n->since_at, 5000);
}
END_TEST

START_TEST(test_a_wish_may_come_to_nothing)
{
	answer.skip = true;
	tell(5000, "1", "Putin one");
	ck_assert_uint_eq(questions, 1);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM outbox"), 0);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM items"), 1);
}
END_TEST

START_TEST(test_a_held_poll_waits_until_somebody_releases_it)
{
	struct store_outbox_order order = {
	    .act = STORE_ACT_RELEASE, .id = STR_NONE, .feed = STR_LIT("a"), .reason = STR_LIT("flood")};
	int64_t n;
	int64_t feed = rig_feed("a");
	const struct draft drafts[] = {{"1", NULL, "Putin one", "x", "desk"}, {"2", NULL, "Putin two", "y", "desk"}};
	answer.at = STORE_NEVER;
	answer.reason = STR_LIT("flood");
	rig_draft(feed, 5000, drafts, 2);
	rig.poll.router = &router;
	ck_assert_int_eq(rig_commit(), 0);
	ck_assert_int_eq(counts().held, 2);
	ck_assert_ptr_null(take(TIME_MAX));
	order.feed = STR_LIT("b");
	ck_assert_int_eq(store_outbox_act(rig.s, &order, 8000, &n, &rig.err), 0);
	ck_assert_int_eq(n, 0);
	order.feed = STR_LIT("a");
	ck_assert_int_eq(store_outbox_act(rig.s, &order, 8000, &n, &rig.err), 0);
	ck_assert_int_eq(n, 2);
	ck_assert_ptr_nonnull(take(8000));
	ck_assert_int_eq(counts().in_flight, 2);
	rig_check_invariants();
}
END_TEST

START_TEST(test_the_dead_can_be_retried_and_the_pending_dropped)
{
	struct store_outbox_order order = {.act = STORE_ACT_DROP, .id = STR_NONE, .by = STR_LIT("dropped by ann")};
	int64_t n;
	tell(5000, "1", "Putin one");
	ck_assert_int_eq(store_outbox_act(rig.s, &order, 6000, &n, &rig.err), 0);
	ck_assert_int_eq(n, 1);
	ck_assert_int_eq(counts().dead, 1);
	ck_assert_str_is(rig_text("SELECT error FROM outbox"), "dropped by ann");
	order.act = STORE_ACT_RETRY;
	order.id = rig_text("SELECT id FROM outbox");
	ck_assert_int_eq(store_outbox_act(rig.s, &order, 7000, &n, &rig.err), 0);
	ck_assert_int_eq(n, 1);
	struct notification *row = take(7000);
	ck_assert(row != NULL && str_eq(row->id, order.id));
	done(row->row, 7500);
	ck_assert_int_eq(store_outbox_act(rig.s, &order, 8000, &n, &rig.err), 0);
	ck_assert_int_eq(n, 0); /* what is done stays done */
	rig_check_invariants();
}
END_TEST

START_TEST(test_alarms_are_told_by_themselves_and_thread)
{
	struct store_alarm alarm = {.alarm = STR_LIT("feed_failing"),
	    .subject = STR_LIT("a"),
	    .title = STR_LIT("a is failing"),
	    .text = STR_LIT("404"),
	    .since_at = 4000,
	    .group = STR_LIT("feed_failing a")};
	struct store_sending at_once = {.at = TIME_NONE, .severity = 2};
	struct store_thread thread;
	ck_assert_int_eq(store_tell_alarm(rig.s, &alarm, STR_LIT("desk"), STR_LIT("r"), &at_once, 5000, &rig.err), 0);
	alarm.title = STR_LIT("a is still failing"); /* not sent yet: brought up to date */
	ck_assert_int_eq(store_tell_alarm(rig.s, &alarm, STR_LIT("desk"), STR_LIT("r"), &at_once, 5500, &rig.err), 0);
	ck_assert_int_eq(counts().pending, 1);
	struct notification *n = take(6000);
	ck_assert_uint_eq(n->kind, NOTIFICATION_ALARM);
	ck_assert_str_is(n->title, "a is still failing");
	ck_assert_str_is(n->alarm, "feed_failing");
	ck_assert_uint_eq(n->record_count, 0);
	done(n->row, 6000);
	ck_assert_int_eq(store_alarm_thread(rig.s, STR_LIT("desk"), alarm.group, &thread, &rig.err), 0);
	ck_assert(thread.told && !thread.open && thread.told_at == 6000);
	ck_assert_int_eq(store_tell_alarm(rig.s, &alarm, STR_LIT("desk"), STR_LIT("r"), &at_once, 9000, &rig.err), 0);
	struct notification *next = take(9000);
	ck_assert(str_eq(next->previous_id, n->id) && !str_eq(next->id, n->id));
	rig_check_invariants();
}
END_TEST

START_TEST(test_newest_first_and_only_what_became_due_lately)
{
	struct notification *rows;
	size_t count;
	for (int i = 0; i < 4; i++)
		tell(5000 + i * 1000, (const char *[]){"1", "2", "3", "4"}[i], "Putin");
	struct store_take t = {
	    .sink = STR_LIT("desk"), .now = 9000, .due_after_at = 6000, .newest_first = true, .max = 10};
	ck_assert_int_eq(store_outbox_take_some(rig.s, &t, &rig.arena, &rows, &count, &rig.err), 0);
	ck_assert_uint_eq(count, 2);
	ck_assert_int_eq(rows[0].created_at, 8000);
	ck_assert_int_eq(rows[1].created_at, 7000);
}
END_TEST

START_TEST(test_the_outbox_is_listed_newest_first_by_state_sink_or_id)
{
	struct store_outbox_query q = {.state = -1, .limit = 10};
	struct store_outbox_row *rows;
	size_t count;
	tell(5000, "1", "Putin one");
	done(take(5000)->row, 5500);
	tell(6000, "2", "Putin two");
	ck_assert_int_eq(store_outbox_list(rig.s, &q, &rig.arena, &rows, &count, &rig.err), 0);
	ck_assert_uint_eq(count, 2);
	ck_assert_str_is(rows[0].title, "Putin two");
	ck_assert(rows[0].state == STORE_STATE_PENDING && rows[1].state == STORE_STATE_DONE);
	ck_assert(rows[0].next_try_at == 6000 && rows[1].next_try_at == TIME_NONE);
	ck_assert_str_is(rows[0].watches, "talks");
	q.id = rows[1].id;
	ck_assert_int_eq(store_outbox_list(rig.s, &q, &rig.arena, &rows, &count, &rig.err), 0);
	ck_assert(count == 1 && rows[0].state == STORE_STATE_DONE);
	q = (struct store_outbox_query){.state = STORE_STATE_PENDING, .sink = STR_LIT("desk"), .limit = 10};
	ck_assert_int_eq(store_outbox_list(rig.s, &q, &rig.arena, &rows, &count, &rig.err), 0);
	ck_assert_uint_eq(count, 1);
	q.sink = STR_LIT("phone");
	ck_assert_int_eq(store_outbox_list(rig.s, &q, &rig.arena, &rows, &count, &rig.err), 0);
	ck_assert_uint_eq(count, 0);
}
END_TEST

START_TEST(test_silences_are_kept_and_end)
{
	struct store_silence s = {.created_at = 1000,
	    .ends_at = 9000,
	    .author = STR_LIT("ann"),
	    .reason = STR_LIT("maintenance"),
	    .feed = STR_LIT("a")};
	struct store_silence *all;
	size_t count;
	int64_t id;
	ck_assert_int_eq(store_silence_add(rig.s, &s, &id, &rig.err), 0);
	ck_assert_int_eq(store_silence_list(rig.s, 5000, 10, &rig.arena, &all, &count, &rig.err), 0);
	ck_assert(count == 1 && all[0].id == id && all[0].watch.s == NULL);
	ck_assert_str_is(all[0].author, "ann");
	ck_assert_str_is(all[0].feed, "a");
	ck_assert_int_eq(store_silence_end(rig.s, id, 6000, &rig.err), 0);
	ck_assert_int_eq(store_silence_end(rig.s, id, 7000, &rig.err), -1);
	ck_assert_int_eq(rig.err.code, ERR_NOT_FOUND);
	ck_assert_int_eq(store_silence_list(rig.s, 6000, 10, &rig.arena, &all, &count, &rig.err), 0);
	ck_assert_uint_eq(count, 0);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, rig_teardown);
	tcase_add_test(tc, test_items_of_a_group_join_the_notification_that_waits);
	tcase_add_test(tc, test_after_its_first_attempt_a_notification_takes_no_more_items);
	tcase_add_test(tc, test_what_is_muted_is_kept_with_its_reason_and_not_sent);
	tcase_add_test(tc, test_another_group_takes_the_place_of_the_tells);
	tcase_add_test(tc, test_a_wish_may_come_to_nothing);
	tcase_add_test(tc, test_a_held_poll_waits_until_somebody_releases_it);
	tcase_add_test(tc, test_the_dead_can_be_retried_and_the_pending_dropped);
	tcase_add_test(tc, test_alarms_are_told_by_themselves_and_thread);
	tcase_add_test(tc, test_newest_first_and_only_what_became_due_lately);
	tcase_add_test(tc, test_the_outbox_is_listed_newest_first_by_state_sink_or_id);
	tcase_add_test(tc, test_silences_are_kept_and_end);
}

int
main(void)
{
	return tap_run("store/tells", suite);
}
