# unit tests of conf
check_PROGRAMS += tests/unit/test_conf_ini tests/unit/test_conf_load tests/unit/test_conf_parse tests/unit/test_conf_units
TESTS += tests/unit/test_conf_ini tests/unit/test_conf_load tests/unit/test_conf_parse tests/unit/test_conf_units
tests_unit_test_conf_ini_LDADD = $(LIB_TAP) src/conf/libconf.a $(LIB_BASE)
tests_unit_test_conf_load_LDADD = $(LIB_TAP) $(LIB_CONF)
tests_unit_test_conf_parse_LDADD = $(LIB_TAP) $(LIB_CONF)
tests_unit_test_conf_units_LDADD = $(LIB_TAP) src/conf/libconf.a $(LIB_BASE)
