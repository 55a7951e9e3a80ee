#pragma once
/*
 * Where an item is about: georss (simple and GML, georss.org) and W3C geo's positions, latitude first, become the
 * geometry of GeoJSON (RFC 7946), longitude first. Degrees keep seven decimals, about a centimetre.
 */
#include "base/arena.h"
#include "base/buf.h"

enum geometry_shape { GEOMETRY_POINT, GEOMETRY_LINE, GEOMETRY_POLYGON, GEOMETRY_BOX };

#define GEOMETRY_POINTS_MAX 256u

/* "45.256 -71.92 46.46 -109.48", also with commas. The JSON text lives in the arena; STR_NONE for what is no such
 * geometry: a number missing or out of range, too few points or more than GEOMETRY_POINTS_MAX, or memory ran out. A
 * polygon that is not closed is closed. `scratch` is emptied. */
struct str geometry_parse(enum geometry_shape shape, struct str text, struct arena *arena, struct buf *scratch);
/* Are these positions of which the last is the first again? */
bool geometry_is_ring(struct str text);
