#pragma once
/*
 * nats: publishes each notification as JSON (or the sink's own body) to a subject of NATS JetStream, which keeps it in the stream that
 * takes that subject. Delivered means that the stream has acknowledged it; the notification's identifier is the Nats-Msg-Id,
 * by which the stream drops repeats. Over a thread of its own (backstage.h), since the library blocks.
 */
#include "notify/broker.h"

int sink_nats_open(struct sink *s, struct err *err);
