#pragma once
/*
 * socket: a Unix stream socket at `path`, mode 0660, where any program may connect and gets notifications as JSON Lines.
 *
 * One is delivered when a program has taken it: its line is whole in that program's own queue in the kernel, where it stays
 * readable whatever becomes of us. With `acknowledge` a program has taken it when it has sent the identifier back, on a line of
 * its own; so it survives the program's end too. Every program that is connected gets it, and it is done once at least one has
 * taken it and no other still may. One that has not taken a line within the timeout is cut off; so is one beyond the first
 * SINK_SOCKET_CLIENTS_MAX.
 *
 * While no program is connected deliveries fail at once, so that they wait in the outbox; a connection makes them due
 * (sink_back). At most SINK_SOCKET_CLIENT_MAX bytes wait here for a program (or one longer line); once it is full the others
 * wait with it. What programs send without being asked is read and thrown away. Never blocks.
 *
 * A program that shuts its sending half reads on, but for one that is to acknowledge. The socket is made once the loop runs; where
 * another program listens already it is left alone, and notifications wait.
 */
#include "notify/sink.h"

#define SINK_SOCKET_CLIENT_MAX (4u << 20)
#define SINK_SOCKET_CLIENTS_MAX 64u
#define SINK_SOCKET_BACKLOG 16
#define SINK_SOCKET_KERNEL_BYTES 65536 /* beside those */
#define SINK_SOCKET_LINE_MAX 4096      /* of what a program sends */

int sink_socket_open(struct sink *s, struct err *err);
void sink_socket_close(struct sink *s);
void sink_socket_render(const struct sink *s, struct buf *body, const struct notification *what);
void sink_socket_send(struct delivery *d, const struct notification *what);
