/*
 * Runs every file of the folders (or files) given as arguments through the fuzz target it is linked with; without
 * arguments the folder is taken from the program's name: fuzz_feed replays $top_srcdir/tests/fuzz/corpus/feed.
 * TAP on standard output: a file that comes back has passed, since a broken promise aborts.
 */
#include "fuzz.h"

#include "base/buf.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define FILE_BYTES_MAX (16u * 1024 * 1024)

static unsigned ran, failed;

static bool
read_file(const char *path, struct buf *out)
{
	FILE *f = fopen(path, "rb");
	size_t n = 1;
	if (f == NULL)
		return false;
	while (n > 0) {
		char *p = buf_reserve(out, 65536);
		n = p ? fread(p, 1, 65536, f) : 0;
		out->len += n;
	}
	bool good = !ferror(f) && !out->failed;
	fclose(f);
	return good;
}

static void
replay_file(const char *path)
{
	struct buf bytes;
	buf_init(&bytes, FILE_BYTES_MAX);
	bool good = read_file(path, &bytes);
	if (good)
		good = LLVMFuzzerTestOneInput((const uint8_t *)buf_view(&bytes).s, bytes.len) == 0;
	buf_done(&bytes);
	failed += !good;
	printf("%sok %u - %s\n", good ? "" : "not ", ++ran, path);
	fflush(stdout);
}

static int
visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void
replay(const char *path)
{
	struct dirent **names;
	struct stat st;
	if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode)) {
		replay_file(path);
		return;
	}
	int n = scandir(path, &names, visible, alphasort);
	for (int i = 0; i < n; i++) {
		char file[4096];
		snprintf(file, sizeof file, "%s/%s", path, names[i]->d_name);
		free(names[i]);
		replay_file(file);
	}
	if (n >= 0)
		free(names);
	if (n <= 0) {
		failed++;
		printf("not ok %u - %s holds files\n", ++ran, path);
	}
}

int
main(int argc, char **argv)
{
	char folder[4096];
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	if (argc < 2) {
		const char *top = getenv("top_srcdir"), *name = strrchr(argv[0], '/');
		name = strstr(name ? name : argv[0], "fuzz_");
		snprintf(folder, sizeof folder, "%s/tests/fuzz/corpus/%s", top ? top : ".", name ? name + 5 : "");
		replay(folder);
	}
	printf("1..%u\n", ran);
	return failed > 0;
}
