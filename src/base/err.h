#pragma once
/*
 * Errors. A function that can fail returns int (0 good, -1 failed) or a pointer (NULL failed) and takes a
 * `struct err *` last. The code drives behaviour (backoff, status words, counters) and is stable; the text
 * is for people and is made where the fact is known. Library rooms never log and never exit.
 */
#include <stdarg.h>

enum err_code {
#define ERR(name, word, weight, sentence) ERR_##name,
#include "base/err_codes.def"
#undef ERR
	ERR_CODE_COUNT
};

/* How hard a failure of this kind makes the scheduler back off. */
enum err_weight { ERR_WEIGHT_NONE, ERR_WEIGHT_TEMP, ERR_WEIGHT_SOFT, ERR_WEIGHT_HARD };

#define ERR_MSG_MAX 512

struct err {
	enum err_code code;
	char msg[ERR_MSG_MAX]; /* one line, NUL-terminated; may quote foreign text: make it safe before printing */
};

/* Fills *err (which may be NULL) and returns -1, so that `return err_set(...)` reads well. */
int err_set(struct err *err, enum err_code code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
int err_setv(struct err *err, enum err_code code, const char *fmt, va_list ap) __attribute__((format(printf, 3, 0)));
/* Puts "context: " before the message that is there; returns -1. */
int err_prefix(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* err_set with the meaning of errno: ENOSPC and EDQUOT become ERR_DISK_FULL, ENOMEM ERR_NO_MEMORY, else ERR_IO. */
int err_errno(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int err_oom(struct err *err);
void err_clear(struct err *err);

const char *err_word(enum err_code code);     /* "connect_refused" */
const char *err_sentence(enum err_code code); /* "the server refused the connection" */
enum err_weight err_weight(enum err_code code);
/* The code of a word; ERR_INTERNAL for an unknown one (a newer version may have stored it). */
enum err_code err_from_word(const char *word);
