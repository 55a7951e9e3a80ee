#pragma once
/*
 * The clock of libcurl and libevent goes ahead, for tests of what grows old. These libraries ask the C library for the time; a program
 * that is linked with later.c is asked instead.
 */

/* So many seconds later, from now on. */
void later(long seconds);
