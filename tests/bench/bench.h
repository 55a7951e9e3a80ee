#pragma once
/* What several benchmarks need and nothing else does. */
#include "base/str.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

/* A number on the command line. */
static inline size_t
bench_argument(int argc, char **argv, int i, size_t otherwise)
{
	int64_t v;
	return argc > i && str_int(str_from(argv[i]), 1, 100000000, &v) ? (size_t)v : otherwise;
}

/* A directory of files, and nothing below it. */
static inline void
bench_remove_dir(const char *dir)
{
	char path[512];
	struct dirent *e;
	DIR *d = opendir(dir);
	while (d != NULL && (e = readdir(d)) != NULL) {
		snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
		unlink(path);
	}
	if (d != NULL)
		closedir(d);
	rmdir(dir);
}
