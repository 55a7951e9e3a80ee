#pragma once
/*
 * conf/report: how the room itself fills a struct conf_report. Messages stand in the order of files and lines, however
 * they come in.
 */
#include "conf/conf.h"

void conf_report_error(struct conf_report *r, const struct conf_origin *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void conf_report_warning(struct conf_report *r, const struct conf_origin *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* An error whose message names its own place already when its code is ERR_CONFIG (as those of the watch room do). */
void conf_report_placed(struct conf_report *r, const struct conf_origin *at, const struct err *err);
/* Whether one more message would still be shown: what is costly to say need not be worked out otherwise. */
bool conf_report_open(const struct conf_report *r);
