# unit tests of story
check_PROGRAMS += tests/unit/test_story_link tests/unit/test_story_content tests/unit/test_story_identity
TESTS += tests/unit/test_story_link tests/unit/test_story_content tests/unit/test_story_identity
tests_unit_test_story_link_LDADD = $(LIB_TAP) $(LIB_STORY)
tests_unit_test_story_content_LDADD = $(LIB_TAP) $(LIB_STORY)
tests_unit_test_story_identity_LDADD = $(LIB_TAP) $(LIB_STORY)
