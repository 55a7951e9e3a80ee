# The configuration that is shipped: always installed as examples, and into /etc only where there is none yet, so that
# an upgrade never changes what somebody has written.
SHIPPED_CONF = conf/tidings.conf
SHIPPED_FEEDS = conf/feeds.d/world-news.conf
SHIPPED_WATCHLISTS = conf/watchlists.d/ukraine-war.conf
EXTRA_DIST += $(SHIPPED_CONF) $(SHIPPED_FEEDS) $(SHIPPED_WATCHLISTS)

examplesdir = $(pkgdatadir)/examples
examplesfeedsdir = $(examplesdir)/feeds.d
exampleswatchlistsdir = $(examplesdir)/watchlists.d
examples_DATA = $(SHIPPED_CONF)
examplesfeeds_DATA = $(SHIPPED_FEEDS)
exampleswatchlists_DATA = $(SHIPPED_WATCHLISTS)

confdir = $(sysconfdir)/tidings

install-data-local: install-conf
install-conf:
	$(MKDIR_P) '$(DESTDIR)$(confdir)/feeds.d' '$(DESTDIR)$(confdir)/watchlists.d'
	if [ ! -e '$(DESTDIR)$(confdir)/tidings.conf' ]; then \
		for f in $(SHIPPED_CONF) $(SHIPPED_FEEDS) $(SHIPPED_WATCHLISTS); do \
			to='$(DESTDIR)$(confdir)'/"$${f#conf/}"; \
			[ -e "$$to" ] || $(INSTALL_DATA) "$(srcdir)/$$f" "$$to" || exit 1; \
		done; \
	fi

# Only what is still as it was shipped goes away again.
uninstall-local: uninstall-conf
uninstall-conf:
	for f in $(SHIPPED_CONF) $(SHIPPED_FEEDS) $(SHIPPED_WATCHLISTS); do \
		to='$(DESTDIR)$(confdir)'/"$${f#conf/}"; \
		if cmp -s "$(srcdir)/$$f" "$$to"; then rm -f "$$to"; fi; \
	done
	for d in '$(DESTDIR)$(confdir)/feeds.d' '$(DESTDIR)$(confdir)/watchlists.d' '$(DESTDIR)$(confdir)'; do \
		if [ -d "$$d" ]; then rmdir "$$d" 2>/dev/null || :; fi; \
	done
.PHONY: install-conf uninstall-conf
