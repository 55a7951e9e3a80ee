#include "daemon/loop.h"

const int64_t loop_lag_bounds_ms[LOOP_BUCKETS - 1] = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000};

void
loop_lag_note(struct loop_lag *l, int64_t lag_ms)
{
	size_t i = 0;
	while (i < LOOP_BUCKETS - 1 && lag_ms > loop_lag_bounds_ms[i])
		i++;
	l->counts[i]++;
	if (lag_ms > l->max_ms)
		l->max_ms = lag_ms;
}

void
loop_lag_status(const struct loop_lag *l, struct jsonw *w)
{
	jsonw_kint(w, "loop_lag_max_ms", l->max_ms);
	jsonw_key(w, "loop_lag");
	jsonw_array(w);
	for (size_t i = 0; i < LOOP_BUCKETS; i++) {
		jsonw_object(w);
		jsonw_key(w, "le_ms");
		if (i < LOOP_BUCKETS - 1)
			jsonw_int(w, loop_lag_bounds_ms[i]);
		else
			jsonw_null(w);
		jsonw_kint(w, "count", l->counts[i]);
		jsonw_end(w);
	}
	jsonw_end(w);
}
