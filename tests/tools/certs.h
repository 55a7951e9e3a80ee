#pragma once
/* For tests: certificates made on the spot, good and bad ones. */
#include <stdbool.h>

struct certs_wish {
	const char *host;     /* the subject's alternative name: an address ("127.0.0.1") or a DNS name */
	long from_s, until_s; /* validity, seconds from now */
	bool self_signed;     /* by nobody but itself */
	bool by_stranger;     /* by an authority that is not in ca.pem */
};

/* Writes `file` (certificate and key, PEM) as wished, and `ca_file` with the authority that is to be trusted. */
bool certs_make(const struct certs_wish *wish, const char *file, const char *ca_file);
