#pragma once
/* What the control socket is asked about notifications: outbox, silences, tests of sinks, what would become of an item. */
#include "base/jsonw.h"
#include "base/str.h"

struct daemon;

/* "retry|drop|release" and words id=… sink=… feed=… reason=…; at least one word: "all" for everything. */
void orders_outbox(struct daemon *d, struct str argument, struct jsonw *w);
/* "add for=SECONDS author=… [watch=… entity=… feed=… sink=… alarm=…] [reason=the rest of the line]"; "end ID". */
void orders_silence(struct daemon *d, struct str argument, struct jsonw *w);
/* A sink's key: puts a test notification into the outbox, and says its identifier. */
void orders_test(struct daemon *d, struct str argument, struct jsonw *w);
/* The number of an item: what would become of it, and why, if it were new. */
void orders_dry_run(struct daemon *d, struct str argument, struct jsonw *w);
/* "mark SECONDS" or "tell SECONDS": what came since then is matched again, and in the second case told as well. */
void orders_rematch(struct daemon *d, struct str argument, struct jsonw *w);
