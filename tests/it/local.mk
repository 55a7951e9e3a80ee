# The real programs against a scripted local server; see harness.py.
SCENARIOS = \
	tests/it/01-one-poll.py \
	tests/it/02-second-poll.py \
	tests/it/03-kill.py \
	tests/it/04-bad-input.py \
	tests/it/05-config-mistakes.py \
	tests/it/06-exit-codes.py \
	tests/it/07-flat-memory.py \
	tests/it/08-disk-full.py \
	tests/it/09-reload.py \
	tests/it/10-out-of-memory.py \
	tests/it/20-companion.py \
	tests/it/21-webhook.py \
	tests/it/22-discover.py \
	tests/it/23-article.py \
	tests/it/23-mail.py \
	tests/it/24-websub.py \
	tests/it/25-services.py \
	tests/it/26-feed-and-socket.py \
	tests/it/27-alarms.py \
	tests/it/28-brokers.py \
	tests/it/29-desktop.py \
	tests/it/30-query.py \
	tests/it/30-transport.py \
	tests/it/31-course.py \
	tests/it/32-manners.py \
	tests/it/33-many-feeds.py \
	tests/it/34-hostile-documents.py \
	tests/it/35-credentials.py \
	tests/it/36-network.py \
	tests/it/37-clock.py \
	tests/it/39-name-lists.py \
	tests/it/35-rematch.py \
	tests/it/38-one-answer.py \
	tests/it/40-workers.py \
	tests/it/50-identity.py \
	tests/it/51-parse-memory.py \
	tests/it/52-odd-items.py \
	tests/it/60-ledger.py \
	tests/it/61-routing.py
EXTRA_DIST += tests/it/brokers.py tests/it/desktop.py tests/it/harness.py tests/it/polls.py tests/it/receivers.py tests/it/atom.rng
if HAVE_PYTHON
TESTS += $(SCENARIOS)
endif
dist_check_SCRIPTS += $(SCENARIOS)
