# unit tests of base
BASE_TESTS = \
	tests/unit/test_base_str \
	tests/unit/test_base_arena \
	tests/unit/test_base_buf \
	tests/unit/test_base_clock \
	tests/unit/test_base_err \
	tests/unit/test_base_heap \
	tests/unit/test_base_jsonw \
	tests/unit/test_base_log \
	tests/unit/test_base_mailbox \
	tests/unit/test_base_map \
	tests/unit/test_base_pages \
	tests/unit/test_base_suggest \
	tests/unit/test_base_utf8 \
	tests/unit/test_base_memory
check_PROGRAMS += $(BASE_TESTS)
TESTS += $(BASE_TESTS)
EXTRA_DIST += tests/unit/rng.h tests/unit/failing_alloc.h

# For tests that make every allocation fail in turn: add the source and these flags.
WRAP_ALLOC_FLAGS = -Wl,--wrap=malloc -Wl,--wrap=calloc -Wl,--wrap=realloc -Wl,--wrap=aligned_alloc

tests_unit_test_base_str_LDADD = $(LIB_TAP) $(LIB_BASE)
tests_unit_test_base_arena_LDADD = $(LIB_TAP) $(LIB_BASE)
tests_unit_test_base_buf_LDADD = $(LIB_TAP) $(LIB_BASE)
tests_unit_test_base_clock_LDADD = $(LIB_TAP) $(LIB_BASE)
tests_unit_test_base_err_LDADD = $(LIB_TAP) $(LIB_BASE)
tests_unit_test_base_heap_LDADD = $(LIB_TAP) $(LIB_BASE)
tests_unit_test_base_log_LDADD = $(LIB_TAP) $(LIB_BASE)
tests_unit_test_base_mailbox_LDADD = $(LIB_TAP) $(LIB_BASE)
tests_unit_test_base_map_LDADD = $(LIB_TAP) $(LIB_BASE)
tests_unit_test_base_pages_LDADD = $(LIB_TAP) $(LIB_BASE)
tests_unit_test_base_suggest_LDADD = $(LIB_TAP) $(LIB_BASE)
tests_unit_test_base_utf8_LDADD = $(LIB_TAP) $(LIB_BASE)
tests_unit_test_base_jsonw_LDADD = $(LIB_TAP) $(LIB_BASE) $(JANSSON_LIBS)
tests_unit_test_base_jsonw_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_base_memory_SOURCES = tests/unit/test_base_memory.c tests/unit/failing_alloc.c
tests_unit_test_base_memory_LDADD = $(LIB_TAP) $(LIB_BASE)
tests_unit_test_base_memory_LDFLAGS = $(AM_LDFLAGS) $(WRAP_ALLOC_FLAGS)
