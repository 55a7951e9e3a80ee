#pragma once
/*
 * One fuzz target is one fuzz_<what>.c that defines this function, in the shape that libFuzzer calls it. It returns 0,
 * keeps nothing between calls and aborts when a promise is broken. Plain builds link replay.c instead, which runs every
 * file of a corpus through the target.
 */
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
