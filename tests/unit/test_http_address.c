#include "tap.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "http/address.h"

static const char *
judge(const char *ip)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	if (inet_pton(AF_INET, ip, &v4.sin_addr) == 1)
		return address_special((struct sockaddr *)&v4);
	ck_assert_int_eq(inet_pton(AF_INET6, ip, &v6.sin6_addr), 1);
	return address_special((struct sockaddr *)&v6);
}

static const struct {
	const char *ip, *word;
} rows[] = {
    {"0.0.0.0", "this-network"},
    {"0.255.255.255", "this-network"},
    {"1.0.0.0", NULL},
    {"9.255.255.255", NULL},
    {"10.0.0.0", "private"},
    {"10.255.255.255", "private"},
    {"11.0.0.0", NULL},
    {"100.63.255.255", NULL},
    {"100.64.0.0", "carrier-private"},
    {"100.127.255.255", "carrier-private"},
    {"100.128.0.0", NULL},
    {"127.0.0.1", "loopback"},
    {"127.255.255.254", "loopback"},
    {"128.0.0.1", NULL},
    {"169.253.255.255", NULL},
    {"169.254.169.254", "link-local"},
    {"172.15.255.255", NULL},
    {"172.16.0.0", "private"},
    {"172.31.255.255", "private"},
    {"172.32.0.0", NULL},
    {"192.0.0.8", "reserved"},
    {"192.0.1.1", NULL},
    {"192.0.2.5", "documentation"},
    {"192.88.99.1", "6to4"},
    {"192.167.255.255", NULL},
    {"192.168.1.1", "private"},
    {"192.169.0.0", NULL},
    {"198.17.255.255", NULL},
    {"198.18.0.1", "benchmarking"},
    {"198.19.255.255", "benchmarking"},
    {"198.20.0.0", NULL},
    {"198.51.100.9", "documentation"},
    {"203.0.113.9", "documentation"},
    {"223.255.255.255", NULL},
    {"224.0.0.1", "multicast"},
    {"239.255.255.255", "multicast"},
    {"240.0.0.1", "reserved"},
    {"255.255.255.255", "reserved"},
    {"8.8.8.8", NULL},
    {"::", "unspecified"},
    {"::1", "loopback"},
    {"::2", "reserved"},
    {"::127.0.0.1", "reserved"},
    {"::ffff:127.0.0.1", "loopback"},
    {"::ffff:10.1.2.3", "private"},
    {"::ffff:8.8.8.8", NULL},
    {"64:ff9b::7f00:1", "loopback"},
    {"64:ff9b::a9fe:a9fe", "link-local"},
    {"64:ff9b::808:808", NULL},
    {"64:ff9b:1::808:808", "private"},
    {"100::1", "reserved"},
    {"2001::1", "reserved"},
    {"2001:1ff::1", "reserved"},
    {"2001:200::1", NULL},
    {"2001:db8::1", "documentation"},
    {"2002:7f00:1::", "6to4"},
    {"2606:2800:220:1::", NULL},
    {"3fff::1", "documentation"},
    {"3fff:1000::1", NULL},
    {"4000::1", "reserved"},
    {"5f00::1", "reserved"},
    {"fbff::1", "reserved"},
    {"fc00::1", "private"},
    {"fd12:3456::1", "private"},
    {"fe80::1", "link-local"},
    {"febf::1", "link-local"},
    {"fec0::1", "site-local"},
    {"ff02::1", "multicast"},
};

START_TEST(test_each_special_block_is_known_up_to_its_edges)
{
	const char *got = judge(rows[_i].ip);
	if (rows[_i].word == NULL)
		ck_assert_msg(got == NULL, "%s is public, not %s", rows[_i].ip, got);
	else
		ck_assert_msg(got != NULL && strcmp(got, rows[_i].word) == 0, "%s is %s, not %s", rows[_i].ip,
		    rows[_i].word, got ? got : "public");
}
END_TEST

START_TEST(test_another_family_is_never_public)
{
	struct sockaddr sa = {.sa_family = AF_UNIX};
	ck_assert_str_eq(address_special(&sa), "unknown");
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_loop_test(tc, test_each_special_block_is_known_up_to_its_edges, 0, sizeof rows / sizeof *rows);
	tcase_add_test(tc, test_another_family_is_never_public);
}

int
main(void)
{
	return tap_run("http/address", suite);
}
