#pragma once
/*
 * The pages that new items link to, for feeds with `article = yes`: wish (stored with the item) → robots.txt → the request,
 * noted in the store before it goes out → a worker reads its main text and matches it with the item → one transaction
 * with the outbox rows of sinks that were not told yet. The item itself was told long before. A page is asked for once,
 * whatever comes of it; every redirect is judged anew by the robots.txt of where it leads.
 */
#include "base/err.h"
#include "base/jsonw.h"

#define ARTICLES_PER_POLL_MAX 20u /* wishes that one poll may add */
#define ARTICLES_ACTIVE_MAX 32u   /* pages in hand at a time */
#define ARTICLE_BODY_MAX ((size_t)4 << 20)
#define ARTICLE_REDIRECTS_MAX 5u

struct daemon;
struct articles;

struct articles *articles_new(struct daemon *d, struct err *err);
/* After the HTTP client is gone. */
void articles_free(struct articles *a);
/* Wishes were committed: look for them in this turn of the loop. */
void articles_kick(struct articles *a);
/* Starts nothing more. What is on the way is lost, as if the server had not answered. */
void articles_stop(struct articles *a);
void articles_status(const struct articles *a, struct jsonw *w);
