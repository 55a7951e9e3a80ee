noinst_LIBRARIES += src/sched/libsched.a
src_sched_libsched_a_SOURCES = src/sched/outage.c src/sched/outage.h src/sched/sched.c src/sched/sched.h src/sched/skip.c src/sched/skip.h
