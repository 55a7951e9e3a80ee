#pragma once
/*
 * Which addresses on the net are nobody's business but their network's. Pure. Judged is the address that a socket is about
 * to connect to, so that neither odd spellings, nor redirects, nor a name that changes its mind get round it.
 * Source: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and its updates), RFC 6052, RFC 3056.
 */
#include <sys/socket.h>

/* NULL for a public address, else the word for what it is: "loopback", "private", "link-local", … Anything that is
 * neither IPv4 nor IPv6 is "unknown". */
const char *address_special(const struct sockaddr *sa);
