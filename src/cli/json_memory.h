#pragma once
/*
 * jansson on an arena. jansson 2.14 does not check every allocation while it scans a string and reads past its buffer after a
 * failed one; here a refused allocation leaves the parser at once (longjmp) instead of returning NULL to it. Values live as
 * long as the arena and must not be given to json_decref. The arena's ceiling bounds what one document may build.
 */
#include "base/arena.h"

#include <jansson.h>

/* json_loadb into the arena. NULL with *error filled for bad JSON; NULL with arena_check() failing when memory ran out. */
json_t *json_memory_load(struct arena *arena, struct str text, size_t flags, json_error_t *error);
