#pragma once
/*
 * Private to watch: rulers and heads of churches, whose names the press translates (regnal.def): Pope Francis, papież Franciszek;
 * Elizabeth II, Елизавета II. The forms are paths of the name itself; they are made when all names are listed.
 */
#include "watch/list.h"

/* In a list of more of them they are looked for as they are listed: each has some hundred forms. */
#define REGNAL_MAX 256u

struct regnal; /* the table, read */

struct regnal *regnal_open(struct err *err);
void regnal_free(struct regnal *r);

/* Is it a number in Roman digits, folded? */
bool regnal_is_number(struct str fold);
/* May the name be such: a person's who has neither a given nor a family name? */
bool regnal_may_be(const struct watchlist *w, uint32_t name);
/* Is it such: with a style before it or a number behind? 1 or 0; this and the next return -1 with an error when memory ran out. */
int regnal_is(struct regnal *r, const struct watchlist *w, uint32_t name, struct err *err);
/* Adds its forms when it is such. */
int regnal_add(struct regnal *r, struct watchlist *w, uint32_t name, struct err *err);
