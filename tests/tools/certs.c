#include "certs.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>

struct issuer {
	EVP_PKEY *key;
	X509 *cert;
};

static bool
add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	bool good = e != NULL && X509_add_ext(cert, e, -1) == 1;
	X509_EXTENSION_free(e);
	return good;
}

static bool
set_names(X509 *cert, X509 *issuer, const char *name)
{
	X509_NAME *n = X509_get_subject_name(cert);
	return X509_NAME_add_entry_by_txt(n, "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0) == 1 &&
	       X509_set_issuer_name(cert, X509_get_subject_name(issuer)) == 1;
}

/* Signed by `by`, or by itself when that is NULL. */
static bool
make(struct issuer *out, const struct issuer *by, const char *name, bool authority, long from_s, long until_s)
{
	static long serial = 1;
	out->key = EVP_EC_gen("P-256");
	out->cert = X509_new();
	if (out->key == NULL || out->cert == NULL)
		return false;
	X509 *c = out->cert, *issuer = by ? by->cert : c;
	char alternative[128];
	bool address = name[0] >= '0' && name[0] <= '9';
	snprintf(alternative, sizeof alternative, "%s:%s", address ? "IP" : "DNS", name);
	X509_set_version(c, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(c), serial++);
	X509_gmtime_adj(X509_getm_notBefore(c), from_s);
	X509_gmtime_adj(X509_getm_notAfter(c), until_s);
	return X509_set_pubkey(c, out->key) == 1 && set_names(c, issuer, name) &&
	       add_extension(c, issuer, NID_basic_constraints, authority ? "critical,CA:TRUE" : "CA:FALSE") &&
	       (authority || add_extension(c, issuer, NID_subject_alt_name, alternative)) &&
	       X509_sign(c, by ? by->key : out->key, EVP_sha256()) > 0;
}

static void
drop(struct issuer *i)
{
	EVP_PKEY_free(i->key);
	X509_free(i->cert);
}

static bool
write_pem(const char *path, const struct issuer *i, bool with_key)
{
	FILE *f = fopen(path, "we");
	bool good = f != NULL && PEM_write_X509(f, i->cert) == 1 &&
	            (!with_key || PEM_write_PrivateKey(f, i->key, NULL, NULL, 0, NULL, NULL) == 1);
	return f != NULL && fclose(f) == 0 && good;
}

bool
certs_make(const struct certs_wish *wish, const char *file, const char *ca_file)
{
	struct issuer ca = {0}, stranger = {0}, leaf = {0};
	const struct issuer *by = wish->self_signed ? NULL : wish->by_stranger ? &stranger : &ca;
	bool good = make(&ca, NULL, "Test Authority", true, -3600, 3600) &&
	            make(&stranger, NULL, "Strange Authority", true, -3600, 3600) &&
	            make(&leaf, by, wish->host, false, wish->from_s, wish->until_s) && write_pem(file, &leaf, true) &&
	            write_pem(ca_file, &ca, false);
	drop(&ca);
	drop(&stranger);
	drop(&leaf);
	return good;
}
