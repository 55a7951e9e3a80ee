# The real programs against a scripted local server; see harness.py.
SCENARIOS =
SCENARIOS += tests/it/01-one-poll.py
SCENARIOS += tests/it/02-second-poll.py
SCENARIOS += tests/it/03-kill.py
SCENARIOS += tests/it/04-bad-input.py
SCENARIOS += tests/it/05-config-mistakes.py
SCENARIOS += tests/it/06-exit-codes.py
SCENARIOS += tests/it/07-flat-memory.py
SCENARIOS += tests/it/08-disk-full.py
SCENARIOS += tests/it/09-reload.py
SCENARIOS += tests/it/10-out-of-memory.py
SCENARIOS += tests/it/20-companion.py
SCENARIOS += tests/it/21-webhook.py
SCENARIOS += tests/it/22-discover.py
SCENARIOS += tests/it/23-mail.py
SCENARIOS += tests/it/30-transport.py
SCENARIOS += tests/it/31-course.py
SCENARIOS += tests/it/32-manners.py
SCENARIOS += tests/it/33-many-feeds.py
SCENARIOS += tests/it/40-workers.py
	tests/it/31-course.py \
	tests/it/32-manners.py
SCENARIOS += tests/it/30-transport.py
SCENARIOS += tests/it/31-course.py
SCENARIOS += tests/it/50-identity.py
	tests/it/23-article.py
SCENARIOS += tests/it/23-article.py
SCENARIOS += tests/it/23-mail.py
SCENARIOS += tests/it/24-websub.py
SCENARIOS += tests/it/30-transport.py
SCENARIOS += tests/it/31-course.py
EXTRA_DIST += tests/it/harness.py
if HAVE_PYTHON
TESTS += $(SCENARIOS)
endif
dist_check_SCRIPTS += $(SCENARIOS)
