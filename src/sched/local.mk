noinst_LIBRARIES += src/sched/libsched.a
src_sched_libsched_a_SOURCES =
