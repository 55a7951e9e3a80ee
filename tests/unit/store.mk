# unit tests of store; all but words link the rig: a database in a directory of its own
STORE_RIG = tests/unit/store_rig.c tests/unit/store_rig.h
LIB_STORE_TEST = $(LIB_TAP) $(LIB_STORE)

check_PROGRAMS += tests/unit/test_store_words tests/unit/test_store_helper tests/unit/test_store_migrate tests/unit/test_store_open tests/unit/test_store_feeds \
	tests/unit/test_store_polls tests/unit/test_store_outbox tests/unit/test_store_tells tests/unit/test_store_query tests/unit/test_store_stories tests/unit/test_store_guard tests/unit/test_store_purge
TESTS += tests/unit/test_store_words tests/unit/test_store_helper tests/unit/test_store_migrate tests/unit/test_store_open tests/unit/test_store_feeds \
	tests/unit/test_store_polls tests/unit/test_store_outbox tests/unit/test_store_tells tests/unit/test_store_query tests/unit/test_store_stories tests/unit/test_store_guard tests/unit/test_store_purge
tests_unit_test_store_words_LDADD = $(LIB_STORE_TEST)
tests_unit_test_store_helper_LDADD = $(LIB_STORE_TEST)
tests_unit_test_store_migrate_SOURCES = tests/unit/test_store_migrate.c $(STORE_RIG)
tests_unit_test_store_migrate_LDADD = $(LIB_STORE_TEST)
tests_unit_test_store_open_SOURCES = tests/unit/test_store_open.c $(STORE_RIG)
tests_unit_test_store_open_LDADD = $(LIB_STORE_TEST)
tests_unit_test_store_feeds_SOURCES = tests/unit/test_store_feeds.c $(STORE_RIG)
tests_unit_test_store_feeds_LDADD = $(LIB_STORE_TEST)
tests_unit_test_store_polls_SOURCES = tests/unit/test_store_polls.c $(STORE_RIG)
tests_unit_test_store_polls_LDADD = $(LIB_STORE_TEST)
tests_unit_test_store_outbox_SOURCES = tests/unit/test_store_outbox.c $(STORE_RIG)
tests_unit_test_store_outbox_LDADD = $(LIB_STORE_TEST)
tests_unit_test_store_query_SOURCES = tests/unit/test_store_query.c $(STORE_RIG)
tests_unit_test_store_query_LDADD = $(LIB_STORE_TEST)

tests_unit_test_store_stories_SOURCES = tests/unit/test_store_stories.c $(STORE_RIG)
tests_unit_test_store_stories_LDADD = $(LIB_STORE_TEST)

tests_unit_test_store_guard_SOURCES = tests/unit/test_store_guard.c $(STORE_RIG)
tests_unit_test_store_guard_LDADD = $(LIB_STORE_TEST)

tests_unit_test_store_purge_SOURCES = tests/unit/test_store_purge.c $(STORE_RIG)
tests_unit_test_store_purge_LDADD = $(LIB_STORE_TEST)

check_PROGRAMS += tests/unit/test_store_pages
TESTS += tests/unit/test_store_pages
tests_unit_test_store_pages_SOURCES = tests/unit/test_store_pages.c $(STORE_RIG)
tests_unit_test_store_pages_LDADD = $(LIB_STORE_TEST)

# what goes wrong: disks, kills, memory
check_PROGRAMS += tests/unit/test_store_faults tests/unit/test_store_crash tests/unit/test_store_memory
TESTS += tests/unit/test_store_faults tests/unit/test_store_crash tests/unit/test_store_memory
tests_unit_test_store_faults_SOURCES = tests/unit/test_store_faults.c tests/unit/faultvfs.c tests/unit/faultvfs.h $(STORE_RIG)
tests_unit_test_store_faults_LDADD = $(LIB_STORE_TEST)
tests_unit_test_store_crash_SOURCES = tests/unit/test_store_crash.c tests/unit/faultvfs.c tests/unit/faultvfs.h $(STORE_RIG)
tests_unit_test_store_crash_LDADD = $(LIB_STORE_TEST)
tests_unit_test_store_memory_SOURCES = tests/unit/test_store_memory.c tests/unit/failing_alloc.c $(STORE_RIG)
tests_unit_test_store_memory_LDADD = $(LIB_STORE_TEST)
tests_unit_test_store_memory_LDFLAGS = $(AM_LDFLAGS) $(WRAP_ALLOC_FLAGS)
check_PROGRAMS += tests/unit/test_store_cache
TESTS += tests/unit/test_store_cache
tests_unit_test_store_cache_SOURCES = tests/unit/test_store_cache.c $(STORE_RIG)
tests_unit_test_store_cache_LDADD = $(LIB_STORE_TEST)

check_PROGRAMS += tests/unit/test_store_bulk
TESTS += tests/unit/test_store_bulk
tests_unit_test_store_bulk_SOURCES = tests/unit/test_store_bulk.c tests/unit/faultvfs.c tests/unit/faultvfs.h $(STORE_RIG)
tests_unit_test_store_bulk_LDADD = $(LIB_STORE_TEST)
tests_unit_test_store_tells_SOURCES = tests/unit/test_store_tells.c $(STORE_RIG)
tests_unit_test_store_tells_LDADD = $(LIB_STORE_TEST)

check_PROGRAMS += tests/unit/test_store_index
TESTS += tests/unit/test_store_index
tests_unit_test_store_index_SOURCES = tests/unit/test_store_index.c tests/unit/faultvfs.c tests/unit/faultvfs.h $(STORE_RIG)
tests_unit_test_store_index_LDADD = $(LIB_STORE_TEST)

check_PROGRAMS += tests/unit/test_store_gather
TESTS += tests/unit/test_store_gather
tests_unit_test_store_gather_SOURCES = tests/unit/test_store_gather.c tests/unit/faultvfs.c tests/unit/faultvfs.h
tests_unit_test_store_gather_LDADD = $(LIB_STORE_TEST)

check_PROGRAMS += tests/unit/test_store_segment
TESTS += tests/unit/test_store_segment
tests_unit_test_store_segment_LDADD = $(LIB_STORE_TEST)

check_PROGRAMS += tests/unit/test_store_placer
TESTS += tests/unit/test_store_placer
tests_unit_test_store_placer_SOURCES = tests/unit/test_store_placer.c
tests_unit_test_store_placer_LDADD = $(LIB_STORE_TEST)
