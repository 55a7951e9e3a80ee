#include "base/err.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *word;
	enum err_weight weight;
	const char *sentence;
} codes[ERR_CODE_COUNT] = {
#define ERR(name, word, weight, sentence) [ERR_##name] = {word, ERR_WEIGHT_##weight, sentence},
#include "base/err_codes.def"
#undef ERR
};

int
err_setv(struct err *err, enum err_code code, const char *fmt, va_list ap)
{
	if (err == NULL)
		return -1;
	err->code = code;
	vsnprintf(err->msg, sizeof err->msg, fmt, ap);
	return -1;
}

int
err_set(struct err *err, enum err_code code, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	err_setv(err, code, fmt, ap);
	va_end(ap);
	return -1;
}

int
err_prefix(struct err *err, const char *fmt, ...)
{
	char old[ERR_MSG_MAX];
	va_list ap;

	if (err == NULL)
		return -1;
	memcpy(old, err->msg, sizeof old);
	va_start(ap, fmt);
	int n = vsnprintf(err->msg, sizeof err->msg, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n + 2 >= sizeof err->msg)
		return -1;
	memcpy(err->msg + n, ": ", 2);
	size_t at = (size_t)n + 2, len = strnlen(old, sizeof err->msg - at - 1);
	memcpy(err->msg + at, old, len);
	err->msg[at + len] = '\0';
	return -1;
}

int
err_errno(struct err *err, const char *fmt, ...)
{
	int saved = errno;
	enum err_code code = saved == ENOSPC || saved == EDQUOT ? ERR_DISK_FULL : saved == ENOMEM ? ERR_NO_MEMORY : ERR_IO;
	va_list ap;

	va_start(ap, fmt);
	err_setv(err, code, fmt, ap);
	va_end(ap);
	if (err != NULL) {
		size_t n = strlen(err->msg);
		snprintf(err->msg + n, sizeof err->msg - n, ": %s", strerror(saved));
	}
	errno = saved;
	return -1;
}

int
err_oom(struct err *err)
{
	return err_set(err, ERR_NO_MEMORY, "memory ran out");
}

void
err_clear(struct err *err)
{
	err->code = ERR_NONE;
	err->msg[0] = '\0';
}

const char *
err_word(enum err_code code)
{
	return codes[(unsigned)code < ERR_CODE_COUNT ? code : ERR_INTERNAL].word;
}

const char *
err_sentence(enum err_code code)
{
	return codes[(unsigned)code < ERR_CODE_COUNT ? code : ERR_INTERNAL].sentence;
}

enum err_weight
err_weight(enum err_code code)
{
	return codes[(unsigned)code < ERR_CODE_COUNT ? code : ERR_INTERNAL].weight;
}

enum err_code
err_from_word(const char *word)
{
	for (int i = 0; i < ERR_CODE_COUNT; i++) {
		if (strcmp(codes[i].word, word) == 0)
			return (enum err_code)i;
	}
	return ERR_INTERNAL;
}
