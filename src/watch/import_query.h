#pragma once
/*
 * Queries of other services in the house's language (tidings-query(7)). Pure; texts are UTF-8.
 *
 *   emm         alert definitions of the Europe Media Monitor: patterns with weights and a threshold; combinations, of whose groups
 *               one word each must stand there, all within the proximity, and none of the words of “not”
 *   factiva     and or not, same, adjN, wN, nearN, atleastN, /Fn/, hd= hlp= la= sn= by=, *, ?, $n; operators in any case
 *   meltwater   AND OR NOT, NEAR/n (4), ONEAR/n, title: language:, !"exact case"
 *   brandwatch  AND OR NOT, NEAR/n, NEAR/nf (ordered), title: author: language:, raw:word and {word} for exact case
 *
 * What has no counterpart here (wc>n, country:, reach …) is a mistake that is told, never left out in silence; so is what comes
 * out as no query.
 */
#include "base/buf.h"
#include "base/err.h"

enum watch_dialect { WATCH_DIALECT_EMM, WATCH_DIALECT_FACTIVA, WATCH_DIALECT_MELTWATER, WATCH_DIALECT_BRANDWATCH };

bool watch_dialect_parse(struct str word, enum watch_dialect *ret); /* "emm" "factiva" "meltwater" "brandwatch" */

#define WATCH_IMPORT_ALERTS_MAX 10000u /* in one file */
#define WATCH_IMPORT_GROUPS_MAX 60u    /* of one combination */

/* One query, in canonical form, behind what stands in `out`. -1: ERR_CONFIG or ERR_LIMIT with what is wrong and where. */
int watch_import_query(struct str text, enum watch_dialect dialect, struct buf *out, struct err *err);

/* Alert definitions. key: of the alert; query: as above; live until the callback returns. */
struct watch_alerts {
	void (*tell)(void *ctx, struct str key, struct str query);
	void (*complain)(void *ctx, const struct err *err); /* of an alert; the others are read */
	void *ctx;
};
/* How many were refused; -1: the text breaks off or is none, or memory ran out. */
int watch_import_alerts(struct str text, const struct watch_alerts *to, struct err *err);
