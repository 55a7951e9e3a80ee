#pragma once
/*
 * The log: one line per event on standard error, at most LOG_LINE_MAX bytes, control and ill-formed bytes shown
 * as \xNN, so that no foreign text can forge a line or a priority. Only the shell rooms (daemon, cli's main,
 * notify's log sink) call it. Under journald (JOURNAL_STREAM names our stderr) each line starts with its
 * <priority>; otherwise with the time and the level's name.
 */
#include <stdbool.h>

#define LOG_LINE_MAX 2048

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_NOTICE, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

void log_init(enum log_level level);
void log_set_level(enum log_level level);
bool log_level_parse(const char *word, enum log_level *ret); /* "error" "warn" "notice" "info" "debug" */
void log_write(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#define log_error(...) log_write(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warn(...) log_write(LOG_LEVEL_WARN, __VA_ARGS__)
#define log_notice(...) log_write(LOG_LEVEL_NOTICE, __VA_ARGS__)
#define log_info(...) log_write(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) log_write(LOG_LEVEL_DEBUG, __VA_ARGS__)
