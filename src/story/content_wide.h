#pragma once
/*
 * The letters of a text where the processor has AVX-512. Inside of content.h.
 */
#include "base/cpu.h"
#include "base/str.h"

#define CONTENT_SLACK 64u /* so many bytes may be written behind the letters */

/* Copies what is a letter or digit of ASCII, or not ASCII. Returns how many bytes these are. Only where cpu_is_wide(). */
size_t content_letters_wide(char *to, struct str text);
