# unit tests of cli
check_PROGRAMS += tests/unit/test_cli_page tests/unit/test_cli_when
TESTS += tests/unit/test_cli_page tests/unit/test_cli_when
tests_unit_test_cli_page_SOURCES = tests/unit/test_cli_page.c src/cli/page.c src/cli/page.h
tests_unit_test_cli_page_LDADD = $(LIB_TAP) $(LIB_RENDER)
tests_unit_test_cli_when_SOURCES = tests/unit/test_cli_when.c src/cli/when.c src/cli/when.h
tests_unit_test_cli_when_LDADD = $(LIB_TAP) $(LIB_BASE)
