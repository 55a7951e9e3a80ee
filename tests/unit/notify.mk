# unit tests of notify
check_PROGRAMS += tests/unit/test_notify_exec tests/unit/test_notify_file tests/unit/test_notify_print tests/unit/test_notify_syslog tests/unit/test_notify_webhook
TESTS += tests/unit/test_notify_exec tests/unit/test_notify_file tests/unit/test_notify_print tests/unit/test_notify_syslog tests/unit/test_notify_webhook
tests_unit_test_notify_exec_SOURCES = tests/unit/test_notify_exec.c tests/unit/notify_rig.h tests/unit/sample_record.h
tests_unit_test_notify_exec_LDADD = $(LIB_TAP) $(LIB_NOTIFY) $(JANSSON_LIBS)
tests_unit_test_notify_print_SOURCES = tests/unit/test_notify_print.c tests/unit/notify_rig.h tests/unit/sample_record.h
tests_unit_test_notify_print_LDADD = $(LIB_TAP) $(LIB_NOTIFY)
tests_unit_test_notify_file_SOURCES = tests/unit/test_notify_file.c tests/unit/notify_rig.h tests/unit/sample_record.h
tests_unit_test_notify_file_LDADD = $(LIB_TAP) $(LIB_NOTIFY) $(JANSSON_LIBS)
tests_unit_test_notify_syslog_SOURCES = tests/unit/test_notify_syslog.c tests/unit/notify_rig.h tests/unit/sample_record.h
tests_unit_test_notify_syslog_LDADD = $(LIB_TAP) $(LIB_NOTIFY)
tests_unit_test_notify_webhook_SOURCES = tests/unit/test_notify_webhook.c tests/unit/notify_rig.h tests/unit/sample_record.h
tests_unit_test_notify_webhook_LDADD = $(LIB_TAP) $(LIB_SERVED) $(LIB_NOTIFY) $(JANSSON_LIBS)
check_PROGRAMS += tests/unit/test_notify_letter
TESTS += tests/unit/test_notify_letter
tests_unit_test_notify_letter_LDADD = $(LIB_TAP) $(LIB_NOTIFY)
