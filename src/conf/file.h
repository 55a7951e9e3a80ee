#pragma once
/*
 * conf/file: one file of a configuration, read as a whole.
 */
#include "base/buf.h"

struct conf_file {
	struct buf text;
	bool open_to_all; /* anybody on this machine may read it */
};

/*
 * In place; undo with conf_file_done, also after a failure. The file may be a pipe only where that is said: the main file
 * may well come from one, but one among drop-ins would hang the start. -1: ERR_IO, ERR_TOO_LARGE (more than CONF_FILE_BYTES_MAX)
 * or ERR_NO_MEMORY; the message fits behind "FILE: ".
 */
int conf_file_read(const char *path, bool pipe_allowed, struct conf_file *file, struct err *err);
void conf_file_done(struct conf_file *file);
