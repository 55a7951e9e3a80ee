#pragma once
/* Reading whole items back, within the room. */
#include "store/db.h"

/* 1 and the record, in the arena; 0 when there is no such item; -1. */
int records_read(struct store *s, int64_t id, struct arena *arena, struct record *ret, struct err *err);
