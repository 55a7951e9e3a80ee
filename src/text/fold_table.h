#pragma once
/*
 * Private to text: the fold of characters of two bytes (U+0080 … U+07FF), packed, so that a letter costs one look.
 */
#include "text/fold.h"

struct fold_packed {
	uint8_t kind;   /* enum text_kind, or FOLD_PACKED_LONG: ask text_fold_cp() */
	uint8_t script; /* enum text_script */
	uint8_t upper, lower;
	uint8_t len;      /* of utf8 */
	char utf8[4 - 1]; /* what most fold to */
};

#define FOLD_PACKED_MAX 3u
#define FOLD_PACKED_LONG UINT8_MAX

extern struct fold_packed text_fold_two[0x800];
