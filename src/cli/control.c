#include "cli/control.h"

#include "base/clock.h"
#include "cli/home.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int
dial(const char *path, struct err *err)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	size_t len = strlen(path);
	if (len >= sizeof sa.sun_path)
		return err_set(err, ERR_IO, "the path of the control socket is too long: %s", path);
	memcpy(sa.sun_path, path, len + 1);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&sa, sizeof sa) == 0)
		return fd;
	if (errno == ENOENT || errno == ECONNREFUSED)
		err_set(err, ERR_CONNECT_REFUSED, "no daemon listens at %s", path);
	else
		err_errno(err, "cannot reach the daemon at %s", path);
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Waits until the socket is ready; false when the time is over. */
static bool
ready(int fd, short events, int64_t until)
{
	struct pollfd p = {.fd = fd, .events = events};
	int64_t left;
	while ((left = until - clock_boot_ms()) > 0) {
		int r = poll(&p, 1, (int)left);
		if (r > 0)
			return true;
		if (r < 0 && errno != EINTR)
			break;
	}
	return false;
}

/* One step of reading: 1 more to come, 0 the end, -1 failed. */
static int
receive(int fd, struct buf *answer, struct err *err)
{
	char *p = buf_reserve(answer, 4096);
	if (p == NULL)
		return buf_check(answer, err);
	ssize_t n = read(fd, p, 4096);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 1 : err_errno(err, "the daemon's answer cannot be read");
	answer->len += (size_t)n;
	p[n] = '\0';
	return n > 0;
}

int
cli_control(const char *path, const char *request, struct buf *answer, struct err *err)
{
	char line[512];
	int64_t until = clock_boot_ms() + CLI_CONTROL_TIMEOUT_MS;
	int n = snprintf(line, sizeof line, "%s\n", request), more = 1;
	int fd = dial(path, err);
	if (fd < 0)
		return -1;
	if (n < 0 || (size_t)n >= sizeof line)
		more = err_set(err, ERR_USAGE, "the request is too long");
	else if (send(fd, line, (size_t)n, MSG_NOSIGNAL) != n)
		more = err_errno(err, "the daemon does not take the request");
	while (more > 0 && ready(fd, POLLIN, until))
		more = receive(fd, answer, err);
	if (more > 0)
		more = err_set(err, ERR_TIMEOUT, "the daemon does not answer at %s", path);
	close(fd);
	return more;
}

int
cli_ask(const struct cli *cli, const char *request, struct json_t **ret)
{
	struct cli_home home;
	struct buf answer;
	struct err err;

	*ret = NULL;
	buf_init(&answer, CLI_CONTROL_MAX);
	int rc = cli_home_find(&home, cli);
	if (rc == 0 && home.control_path == NULL)
		rc = cli_fail(CLI_NO_DAEMON, "no control socket is configured");
	if (rc == 0 && cli_control(home.control_path, request, &answer, &err) < 0)
		rc = cli_fail(CLI_NO_DAEMON, "%s", err.msg);
	if (rc == 0) {
		*ret = json_loadb(answer.data ? answer.data : "", answer.len, 0, NULL);
		const char *declined = json_string_value(json_object_get(*ret, "error"));
		if (!json_is_object(*ret))
			rc = cli_fail(CLI_NO_DAEMON, "what answers at %s is no daemon of ours", home.control_path);
		else if (declined != NULL)
			rc = cli_fail(CLI_NOTHING, "the daemon declines: %s", declined);
	}
	if (rc != 0) {
		json_decref(*ret);
		*ret = NULL;
	}
	buf_done(&answer);
	cli_home_done(&home);
	return rc;
}
