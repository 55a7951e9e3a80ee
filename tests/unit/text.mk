# unit tests of text
check_PROGRAMS += tests/unit/test_text_safe
TESTS += tests/unit/test_text_safe
tests_unit_test_text_safe_LDADD = $(LIB_TAP) $(LIB_TEXT)
check_PROGRAMS += tests/unit/test_text_fold
TESTS += tests/unit/test_text_fold
tests_unit_test_text_fold_LDADD = $(LIB_TAP) $(LIB_TEXT)
check_PROGRAMS += tests/unit/test_text_words
TESTS += tests/unit/test_text_words
tests_unit_test_text_words_LDADD = $(LIB_TAP) $(LIB_TEXT)
check_PROGRAMS += tests/unit/test_text_entities
TESTS += tests/unit/test_text_entities
tests_unit_test_text_entities_LDADD = $(LIB_TAP) $(LIB_TEXT)
check_PROGRAMS += tests/unit/test_text_hangul
TESTS += tests/unit/test_text_hangul
tests_unit_test_text_hangul_LDADD = $(LIB_TAP) $(LIB_TEXT)
check_PROGRAMS += tests/unit/test_text_html
TESTS += tests/unit/test_text_html
tests_unit_test_text_html_LDADD = $(LIB_TAP) $(LIB_TEXT)
# characters and time zones
check_PROGRAMS += tests/unit/test_text_zone
TESTS += tests/unit/test_text_zone
tests_unit_test_text_zone_LDADD = $(LIB_TAP) $(LIB_TEXT)

check_PROGRAMS += tests/unit/test_text_html_delta
TESTS += tests/unit/test_text_html_delta
tests_unit_test_text_html_delta_LDADD = $(LIB_TAP) $(LIB_TEXT)
check_PROGRAMS += tests/unit/test_text_language
TESTS += tests/unit/test_text_language
tests_unit_test_text_language_LDADD = $(LIB_TAP) $(LIB_TEXT)
check_PROGRAMS += tests/unit/test_text_chinese
TESTS += tests/unit/test_text_chinese
tests_unit_test_text_chinese_LDADD = $(LIB_TAP) $(LIB_TEXT)
check_PROGRAMS += tests/unit/test_text_inflect
TESTS += tests/unit/test_text_inflect
tests_unit_test_text_inflect_LDADD = $(LIB_TAP) $(LIB_TEXT)
