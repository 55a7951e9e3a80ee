# The real programs against a scripted local server; see harness.py.
EXTRA_DIST += tests/it/harness.py
