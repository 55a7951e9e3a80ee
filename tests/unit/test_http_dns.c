/*
 * Names that lead nowhere, nowhere good, or to nobody who answers: a name server of our own in a network and mount
 * namespace of our own. Needs the right to make these; skipped without it.
 */
#include "tap.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../tools/served.h"
#include "fetch.h"
#include "later.h"

#define SILENT 50
#define GOOD 20

/* ---- the name server: the first label says what to answer ---- */

enum { RCODE_OK = 0, RCODE_SERVFAIL = 2, RCODE_NXDOMAIN = 3 };

static const struct {
	const char *label;
	int rcode;
	const char *first, *later; /* addresses; the later ones from the second question for an A on */
} names[] = {
    {"nx", RCODE_NXDOMAIN, NULL, NULL},
    {"servfail", RCODE_SERVFAIL, NULL, NULL},
    {"good", RCODE_OK, "127.0.0.1", "127.0.0.1"},
    {"loop", RCODE_OK, "127.0.0.1", "127.0.0.1"},
    {"meta", RCODE_OK, "169.254.169.254", "169.254.169.254"},
    {"ten", RCODE_OK, "10.0.0.1", "10.0.0.1"},
    {"rebind", RCODE_OK, "8.8.8.8", "127.0.0.1"},
    {"moving", RCODE_OK, "127.0.0.1", "8.8.8.8"},
};

#define NAMES (sizeof names / sizeof *names)

/* Turns a question into its answer; 0 = say nothing. */
static size_t
make_answer(unsigned char *p, size_t n, unsigned asked[NAMES])
{
	size_t label = p[12], end = 12;
	while (end < n && p[end] != 0)
		end += p[end] + 1u;
	end += 5;
	if (n < 17 || end > n)
		return 0;
	bool is_a = p[end - 3] == 1;
	for (size_t i = 0; i < NAMES; i++) {
		size_t len = strlen(names[i].label);
		if (label < len || memcmp(p + 13, names[i].label, len) != 0)
			continue;
		const char *ip = is_a && asked[i] > 0 ? names[i].later : names[i].first;
		p[2] = 0x81;
		p[3] = (unsigned char)(0x80 | names[i].rcode);
		memset(p + 6, 0, 6);
		if (!is_a || ip == NULL)
			return end;
		static const unsigned char head[] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4};
		asked[i]++;
		p[7] = 1;
		memcpy(p + end, head, sizeof head);
		inet_pton(AF_INET, ip, p + end + sizeof head);
		return end + sizeof head + 4;
	}
	return 0;
}

static void
serve_names(int fd)
{
	unsigned asked[NAMES] = {0};
	for (;;) {
		unsigned char packet[1024] = {0};
		struct sockaddr_in from;
		socklen_t len = sizeof from;
		ssize_t n = recvfrom(fd, packet, 512, 0, (struct sockaddr *)&from, &len);
		size_t out = n > 0 ? make_answer(packet, (size_t)n, asked) : 0;
		if (out > 0)
			sendto(fd, packet, out, 0, (struct sockaddr *)&from, len);
	}
}

/* ---- the world ---- */

static bool
loopback_up(void)
{
	struct ifreq r = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	bool good = ioctl(fd, SIOCSIFFLAGS, &r) == 0;
	close(fd);
	return good;
}

static bool
write_text(int fd, const char *text)
{
	return fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
}

#define RESOLVER "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n"

static bool
use_resolver(void)
{
	char path[] = "/tmp/resolv.XXXXXX";
	int fd = mkstemp(path);
	bool good = write_text(fd, RESOLVER) && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	            mount(path, "/etc/resolv.conf", NULL, MS_BIND, NULL) == 0;
	close(fd);
	unlink(path);
	return good;
}

static int
bind_name_server(void)
{
	struct sockaddr_in sa = {
	    .sin_family = AF_INET, .sin_port = htons(53), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return fd >= 0 && bind(fd, (struct sockaddr *)&sa, sizeof sa) == 0 ? fd : -1;
}

static struct served server;
static struct fetcher fetcher;
static struct fetched got;
static pid_t name_server;

static void
begin(void)
{
	int fd = bind_name_server();
	ck_assert_int_ge(fd, 0);
	name_server = fork();
	if (name_server == 0)
		serve_names(fd);
	close(fd);
	served_start(&server, NULL);
	served_put(&server, "/a.rss", "<rss/>");
	fetcher_init(&fetcher);
	fetcher_open(&fetcher);
}

static void
finish(void)
{
	fetcher_done(&fetcher);
	served_stop(&server);
	kill(name_server, SIGKILL);
	waitpid(name_server, NULL, 0);
}

static void
start(struct fetched *r, const char *host, bool allow_private)
{
	char url[256];
	struct err err;
	snprintf(url, sizeof url, "http://%s:%u/a.rss", host, server.port);
	fetched_init(r);
	struct http_options o = {.url = str_from(url), .allow_private = allow_private};
	ck_assert_msg(http_start(fetcher.client, &o, fetched_take, r, &err) != NULL, "%s", err.msg);
}

static void
ask(const char *host, bool allow_private, enum err_code want)
{
	start(&got, host, allow_private);
	fetcher_wait(&fetcher, &got, 1);
	ck_assert_msg(got.error.code == want, "%s: %s (%s)", host, err_word(got.error.code), got.error.msg);
	fetched_done(&got);
}

START_TEST(test_no_such_name_is_told_from_a_name_server_in_trouble)
{
	begin();
	ask("nx.test", true, ERR_DNS);
	ask("servfail.test", true, ERR_DNS_TEMPORARY);
	ask("silent.test", true, ERR_DNS_TEMPORARY);
	ask("good.test", true, ERR_NONE);
	finish();
}
END_TEST

START_TEST(test_a_name_that_leads_to_a_private_address_is_blocked)
{
	begin();
	ask("loop.test", false, ERR_ADDRESS_BLOCKED);
	ask("meta.test", false, ERR_ADDRESS_BLOCKED);
	ask("ten.test", false, ERR_ADDRESS_BLOCKED);
	ck_assert_uint_eq(served_count(&server, "\"path\""), 0);
	ask("loop.test", true, ERR_NONE);
	finish();
}
END_TEST

START_TEST(test_a_name_that_changes_its_mind_gains_nothing)
{
	begin();
	ask("rebind.test", false, ERR_UNREACHABLE); /* a public address, and no way out of this namespace */
	http_client_free(fetcher.client);           /* with it goes what it remembers of names */
	fetcher_open(&fetcher);
	ask("rebind.test", false, ERR_ADDRESS_BLOCKED);
	ck_assert_uint_eq(served_count(&server, "\"path\""), 0);
	finish();
}
END_TEST

/* Where a name leads is remembered for five minutes; connections are kept for two. */
START_TEST(test_a_name_is_asked_for_again_after_a_while)
{
	begin();
	ask("moving.test", true, ERR_NONE);
	later(4 * 60);
	ask("moving.test", true, ERR_NONE);
	later(2 * 60);
	ask("moving.test", true, ERR_UNREACHABLE);
	finish();
}
END_TEST

static unsigned
threads(void)
{
	unsigned n = 0;
	DIR *d = opendir("/proc/self/task");
	for (struct dirent *e; (e = readdir(d)) != NULL;)
		n += e->d_name[0] != '.';
	closedir(d);
	return n;
}

struct pulse {
	int64_t last, worst;
	unsigned most_threads;
};

static void
beat(evutil_socket_t fd, short what, void *ctx)
{
	struct pulse *p = ctx;
	int64_t now = clock_boot_ms();
	unsigned n = threads();
	(void)fd, (void)what;
	p->worst = now - p->last > p->worst ? now - p->last : p->worst;
	p->most_threads = n > p->most_threads ? n : p->most_threads;
	p->last = now;
}

/* What the machine itself does to a thread that only sleeps: under load that is no small time. */
struct sleeper {
	pthread_t thread;
	atomic_bool stop;
	atomic_llong worst;
};

static void *
sleep_and_measure(void *ctx)
{
	struct sleeper *s = ctx;
	for (int64_t last = clock_boot_ms(), now; !s->stop; last = now) {
		usleep(10000);
		now = clock_boot_ms();
		if (now - last > s->worst)
			s->worst = now - last;
	}
	return NULL;
}

START_TEST(test_a_dead_name_server_stalls_neither_the_loop_nor_other_names)
{
	static struct fetched silent[SILENT], good[GOOD];
	static const struct timeval tick = {.tv_usec = 10000};
	begin();
	static struct sleeper sleeper;
	ck_assert_int_eq(pthread_create(&sleeper.thread, NULL, sleep_and_measure, &sleeper), 0);
	struct pulse pulse = {.last = clock_boot_ms()};
	struct event *timer = event_new(fetcher.base, -1, EV_PERSIST, beat, &pulse);
	event_add(timer, &tick);
	for (int i = 0; i < SILENT + GOOD; i++) {
		char host[32];
		snprintf(host, sizeof host, i < SILENT ? "silent%d.test" : "good%d.test", i);
		start(i < SILENT ? &silent[i] : &good[i - SILENT], host, true);
	}
	int64_t from = clock_boot_ms();
	fetcher_wait(&fetcher, good, GOOD);
	ck_assert_int_lt(clock_boot_ms() - from, 4000 + 4 * sleeper.worst); /* a dead name server takes longer */
	fetcher_wait(&fetcher, silent, SILENT);
	for (int i = 0; i < SILENT + GOOD; i++) {
		struct fetched *r = i < SILENT ? &silent[i] : &good[i - SILENT];
		ck_assert_int_eq(r->error.code, i < SILENT ? ERR_DNS_TEMPORARY : ERR_NONE);
		fetched_done(r);
	}
	event_free(timer);
	sleeper.stop = true;
	pthread_join(sleeper.thread, NULL);
	ck_assert_int_lt(pulse.worst, 3000 + 4 * sleeper.worst); /* without care for it: 8 s and more */
	ck_assert_uint_le(pulse.most_threads, fetcher.settings.resolves_max + 31);
	while (threads() > 5 && clock_boot_ms() - from < 25000)
		usleep(20000);
	ck_assert_uint_le(threads(), 5);
	finish();
}
END_TEST

/* As above, but resolvers wait for half a minute: what they hold is held for the whole of this test. */
START_TEST(test_look_ups_that_were_abandoned_keep_their_places_and_nobody_waits_for_them)
{
	enum { PLACES = 4, NAMES_ASKED = 9 };
	static struct fetched r[NAMES_ASKED];
	int fd = open("/etc/resolv.conf", O_WRONLY | O_TRUNC | O_CLOEXEC);
	ck_assert(write_text(fd, "nameserver 127.0.0.1\noptions timeout:30 attempts:1\n"));
	begin();
	http_client_free(fetcher.client);
	fetcher.settings.resolves_max = PLACES;
	fetcher.settings.connect_timeout_ms = 200;
	fetcher_open(&fetcher);
	for (int i = 0; i < NAMES_ASKED; i++) {
		char host[32];
		snprintf(host, sizeof host, "silent%d.test", i);
		start(&r[i], host, true);
	}
	event_base_loop(fetcher.base, EVLOOP_NONBLOCK);
	ck_assert_uint_eq(http_active(fetcher.client), PLACES);
	fetcher_wait(&fetcher, r, PLACES);
	for (int i = 0; i < PLACES; i++)
		ck_assert_int_eq(r[i].error.code, ERR_DNS_TEMPORARY);
	event_base_loop(fetcher.base, EVLOOP_NONBLOCK);
	ck_assert_uint_eq(http_active(fetcher.client), 0); /* their threads are at it still */
	ck_assert_uint_eq(http_waiting(fetcher.client), NAMES_ASKED - PLACES);
	ck_assert_uint_gt(threads(), PLACES);
	http_client_free(fetcher.client);
	fetcher.client = NULL;
	for (int i = 0; i < NAMES_ASKED; i++)
		fetched_done(&r[i]);
	ck_assert_int_eq(ftruncate(fd, 0), 0);
	lseek(fd, 0, SEEK_SET);
	ck_assert(write_text(fd, RESOLVER));
	close(fd);
	finish();
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_no_such_name_is_told_from_a_name_server_in_trouble);
	tcase_add_test(tc, test_a_name_that_leads_to_a_private_address_is_blocked);
	tcase_add_test(tc, test_a_name_that_changes_its_mind_gains_nothing);
	tcase_add_test(tc, test_a_name_is_asked_for_again_after_a_while);
	tcase_add_test(tc, test_a_dead_name_server_stalls_neither_the_loop_nor_other_names);
	tcase_add_test(tc, test_look_ups_that_were_abandoned_keep_their_places_and_nobody_waits_for_them);
}

int
main(void)
{
	if (unshare(CLONE_NEWNET | CLONE_NEWNS) != 0 || !loopback_up() || !use_resolver()) {
		printf("1..0 # SKIP needs a network and mount namespace of its own\n");
		return 0;
	}
	return tap_run("http/dns", suite);
}
