# unit tests of render
check_PROGRAMS += tests/unit/test_render_human tests/unit/test_render_ink tests/unit/test_render_json tests/unit/test_render_line \
	tests/unit/test_render_notification
TESTS += tests/unit/test_render_human tests/unit/test_render_ink tests/unit/test_render_json tests/unit/test_render_line \
	tests/unit/test_render_notification
tests_unit_test_render_human_SOURCES = tests/unit/test_render_human.c tests/unit/sample_record.h
tests_unit_test_render_human_LDADD = $(LIB_TAP) $(LIB_RENDER)
tests_unit_test_render_ink_LDADD = $(LIB_TAP) $(LIB_RENDER)
tests_unit_test_render_json_SOURCES = tests/unit/test_render_json.c tests/unit/sample_record.h
tests_unit_test_render_json_LDADD = $(LIB_TAP) $(LIB_RENDER) $(JANSSON_LIBS)
tests_unit_test_render_line_SOURCES = tests/unit/test_render_line.c tests/unit/sample_record.h
tests_unit_test_render_line_LDADD = $(LIB_TAP) $(LIB_RENDER)
tests_unit_test_render_notification_SOURCES = tests/unit/test_render_notification.c tests/unit/sample_record.h
tests_unit_test_render_notification_LDADD = $(LIB_TAP) $(LIB_RENDER) $(JANSSON_LIBS)
check_PROGRAMS += tests/unit/test_render_template
TESTS += tests/unit/test_render_template
tests_unit_test_render_template_SOURCES = tests/unit/test_render_template.c tests/unit/sample_record.h
tests_unit_test_render_template_LDADD = $(LIB_TAP) $(LIB_RENDER)
