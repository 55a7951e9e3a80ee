#include "http/address.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct prefix4 {
	uint32_t net;
	unsigned bits;
	const char *word;
};

#define IP4(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))

static const struct prefix4 table4[] = {
    {IP4(0, 0, 0, 0), 8, "this-network"},
    {IP4(10, 0, 0, 0), 8, "private"},
    {IP4(100, 64, 0, 0), 10, "carrier-private"},
    {IP4(127, 0, 0, 0), 8, "loopback"},
    {IP4(169, 254, 0, 0), 16, "link-local"},
    {IP4(172, 16, 0, 0), 12, "private"},
    {IP4(192, 0, 0, 0), 24, "reserved"},
    {IP4(192, 0, 2, 0), 24, "documentation"},
    {IP4(192, 88, 99, 0), 24, "6to4"},
    {IP4(192, 168, 0, 0), 16, "private"},
    {IP4(198, 18, 0, 0), 15, "benchmarking"},
    {IP4(198, 51, 100, 0), 24, "documentation"},
    {IP4(203, 0, 113, 0), 24, "documentation"},
    {IP4(224, 0, 0, 0), 4, "multicast"},
    {IP4(240, 0, 0, 0), 4, "reserved"},
};

struct prefix6 {
	unsigned char net[16];
	unsigned bits;
	const char *word; /* NULL: look at the IPv4 address in the last four bytes */
};

/* The first that fits decides; what is left over and outside 2000::/3 is unassigned. */
static const struct prefix6 table6[] = {
    {{0}, 128, "unspecified"},
    {{[15] = 1}, 128, "loopback"},
    {{[10] = 0xff, [11] = 0xff}, 96, NULL},
    {{0, 0x64, 0xff, 0x9b}, 96, NULL},
    {{0, 0x64, 0xff, 0x9b, 0, 1}, 48, "private"},
    {{0x20, 0x01, 0x0d, 0xb8}, 32, "documentation"},
    {{0x20, 0x01}, 23, "reserved"}, /* Teredo, ORCHID, benchmarking */
    {{0x20, 0x02}, 16, "6to4"},
    {{0x3f, 0xff}, 20, "documentation"},
    {{0xfc}, 7, "private"},
    {{0xfe, 0x80}, 10, "link-local"},
    {{0xfe, 0xc0}, 10, "site-local"},
    {{0xff}, 8, "multicast"},
};

static const char *
special4(uint32_t ip)
{
	for (size_t i = 0; i < sizeof table4 / sizeof *table4; i++)
		if ((ip ^ table4[i].net) >> (32 - table4[i].bits) == 0)
			return table4[i].word;
	return NULL;
}

static bool
in_prefix6(const unsigned char ip[16], const struct prefix6 *p)
{
	unsigned whole = p->bits / 8, rest = p->bits % 8;
	if (memcmp(ip, p->net, whole) != 0)
		return false;
	return rest == 0 || (ip[whole] ^ p->net[whole]) >> (8 - rest) == 0;
}

static const char *
special6(const unsigned char ip[16])
{
	for (size_t i = 0; i < sizeof table6 / sizeof *table6; i++) {
		if (!in_prefix6(ip, &table6[i]))
			continue;
		return table6[i].word ? table6[i].word : special4(IP4(ip[12], ip[13], ip[14], ip[15]));
	}
	return ip[0] >> 5 == 1 ? NULL : "reserved";
}

const char *
address_special(const struct sockaddr *sa)
{
	if (sa->sa_family == AF_INET)
		return special4(ntohl(((const struct sockaddr_in *)(const void *)sa)->sin_addr.s_addr));
	if (sa->sa_family == AF_INET6)
		return special6(((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr.s6_addr);
	return "unknown";
}
