#pragma once
/*
 * socket: a Unix stream socket at `path`, mode 0660, where any program may connect and gets each notification from then on as
 * JSON Lines. At most SINK_SOCKET_CLIENT_MAX bytes wait for a client (or one longer line). Once it is full the others
 * wait with it, but for no more than the timeout in all before it has read everything; then it is dropped. So is one
 * beyond the first SINK_SOCKET_CLIENTS_MAX. What clients send is read and thrown away. Never blocks.
 *
 * It is a live stream: delivered means put into the queue of every client there is, also when there is none. One that shuts its
 * sending half only reads on. The socket is made once the loop runs; where another program listens already it is left alone,
 * and notifications wait.
 */
#include "notify/sink.h"

#define SINK_SOCKET_CLIENT_MAX (4u << 20)
#define SINK_SOCKET_CLIENTS_MAX 64u
#define SINK_SOCKET_BACKLOG 16
#define SINK_SOCKET_KERNEL_BYTES 65536 /* beside those */

int sink_socket_open(struct sink *s, struct err *err);
void sink_socket_close(struct sink *s);
void sink_socket_render(const struct sink *s, struct buf *body, const struct notification *what);
void sink_socket_send(struct delivery *d, const struct notification *what);
