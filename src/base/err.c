#include "base/err.h"

#include "base/utf8.h"

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

/* vsnprintf counts bytes: what it cut off may have been the rest of a character. */
static void
drop_cut_character(struct err *err)
{
	struct str msg = str_from(err->msg);
	size_t last = utf8_prev(msg, msg.len), pos = last;
	if (utf8_next(msg, &pos) == UTF8_INVALID)
		err->msg[last] = '\0';
}

int
err_setv(struct err *err, enum err_code code, const char *fmt, va_list ap)
{
	if (err == NULL)
		return -1;
	err->code = code;
	if (vsnprintf(err->msg, sizeof err->msg, fmt, ap) >= (int)sizeof err->msg)
		drop_cut_character(err);
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

/* Puts ": tail" behind the message, as much of it as there is room for, cut between two characters. */
static void
append(struct err *err, const char *tail)
{
	size_t n = strlen(err->msg), room = sizeof err->msg - 1 - n;
	size_t sep = room < 2 ? room : 2;
	struct str rest = utf8_truncate(str_from(tail), room - sep);
	memcpy(err->msg + n, ": ", sep);
	memcpy(err->msg + n + sep, rest.s, rest.len);
	err->msg[n + sep + rest.len] = '\0';
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
	err_setv(err, err->code, fmt, ap);
	va_end(ap);
	append(err, old);
	return -1;
}

int
err_errno(struct err *err, const char *fmt, ...)
{
	int saved = errno;
	enum err_code code = saved == ENOSPC || saved == EDQUOT ? ERR_DISK_FULL
	                     : saved == ENOMEM                  ? ERR_NO_MEMORY
	                                                        : ERR_IO;
	va_list ap;

	va_start(ap, fmt);
	err_setv(err, code, fmt, ap);
	va_end(ap);
	if (err != NULL)
		append(err, strerror(saved));
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
