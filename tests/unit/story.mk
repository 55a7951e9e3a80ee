# unit tests of story
check_PROGRAMS += tests/unit/test_story_link tests/unit/test_story_content tests/unit/test_story_identity
TESTS += tests/unit/test_story_link tests/unit/test_story_content tests/unit/test_story_identity
tests_unit_test_story_link_LDADD = $(LIB_TAP) $(LIB_STORY)
tests_unit_test_story_content_LDADD = $(LIB_TAP) $(LIB_STORY)
tests_unit_test_story_identity_LDADD = $(LIB_TAP) $(LIB_STORY)

check_PROGRAMS += tests/unit/test_story_habits tests/unit/test_story_features tests/unit/test_story_window tests/unit/test_story_compare tests/unit/test_story_recent \
	tests/unit/test_story_index tests/unit/test_story_weigh tests/unit/test_story_rank
TESTS += tests/unit/test_story_habits tests/unit/test_story_features tests/unit/test_story_window tests/unit/test_story_compare tests/unit/test_story_recent \
	tests/unit/test_story_index tests/unit/test_story_weigh tests/unit/test_story_rank
tests_unit_test_story_habits_LDADD = $(LIB_TAP) $(LIB_STORY)
tests_unit_test_story_compare_LDADD = $(LIB_TAP) $(LIB_STORY)
tests_unit_test_story_recent_LDADD = $(LIB_TAP) $(LIB_STORY)
tests_unit_test_story_weigh_LDADD = $(LIB_TAP) $(LIB_STORY)
tests_unit_test_story_rank_LDADD = $(LIB_TAP) $(LIB_STORY)
tests_unit_test_story_index_LDADD = $(LIB_TAP) $(LIB_STORY)
tests_unit_test_story_features_LDADD = $(LIB_TAP) $(LIB_STORY)
tests_unit_test_story_window_SOURCES = tests/unit/test_story_window.c tests/unit/failing_alloc.c
tests_unit_test_story_window_LDADD = $(LIB_TAP) $(LIB_STORY)
tests_unit_test_story_window_LDFLAGS = $(AM_LDFLAGS) $(WRAP_ALLOC_FLAGS)

check_PROGRAMS += tests/unit/test_story_diff
TESTS += tests/unit/test_story_diff
tests_unit_test_story_diff_LDADD = $(LIB_TAP) $(LIB_STORY)
