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

/* The candidate that a misspelt word most likely stands for, by edit distance (optimal string alignment); STR_NONE when
 * none is near. Offer candidates one by one. */
struct suggestion {
	struct str word; /* what was written */
	struct str best;
	size_t best_distance;
};
void suggestion_init(struct suggestion *s, struct str word);
void suggestion_offer(struct suggestion *s, struct str candidate);
/* "; did you mean “best”?" or "". out holds SUGGESTION_MAX bytes; returned. */
#define SUGGESTION_MAX 128
const char *suggestion_text(const struct suggestion *s, char out[SUGGESTION_MAX]);
