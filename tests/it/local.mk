# The real programs against a scripted local server; see harness.py.
EXTRA_DIST += tests/it/harness.py
COMPANION_SCENARIOS = tests/it/20-companion.py
if HAVE_PYTHON
TESTS += $(COMPANION_SCENARIOS)
endif
dist_check_SCRIPTS += $(COMPANION_SCENARIOS)
