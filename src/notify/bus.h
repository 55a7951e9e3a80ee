#pragma once
/*
 * A client's connection to a D-Bus message bus on the event loop: sd-bus speaks, libevent watches its descriptor and its
 * timeouts. Nothing here blocks, whatever the bus does. Internal to notify.
 * Source: the D-Bus specification, dbus.freedesktop.org/doc/dbus-specification.html.
 */
#include "base/buf.h"

#include <systemd/sd-bus.h>

struct bus;
struct event_base;

/*
 * Begins to connect to a bus of this address ("unix:path=…"; no other transport, since they would block). `lost` is called
 * from the loop, once, when the connection has ended or never came to be; it should call bus_close. NULL with
 * ERR_SINK_TEMPORARY.
 */
struct bus *bus_open(
    struct event_base *base, const char *address, void (*lost)(void *ctx, const char *why), void *ctx, struct err *err);
/* Not from within a callback of sd-bus. NULL is fine. */
void bus_close(struct bus *b);
/* To send with; messages are queued until the bus has let us in. After the last of them: bus_arm. */
sd_bus *bus_sd(const struct bus *b);
void bus_arm(struct bus *b);

/* Appends the address of the bus whose socket is at `path` or, when that is empty, of the session's:
 * DBUS_SESSION_BUS_ADDRESS, else XDG_RUNTIME_DIR/bus. ERR_CONFIG when there is none that can be used. */
int bus_address(struct buf *out, struct str path, struct err *err);
