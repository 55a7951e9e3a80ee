# The unit and the user it runs as; --with-systemdsystemunitdir=no leaves both out.
EXTRA_DIST += systemd/tidingsd.service.in systemd/sysusers.d/tidings.conf
CLEANFILES += systemd/tidingsd.service
if WITH_SYSTEMD
systemdsystemunit_DATA = systemd/tidingsd.service
sysusersdir = $(systemdsystemunitdir)/../../sysusers.d
sysusers_DATA = systemd/sysusers.d/tidings.conf
endif

systemd/tidingsd.service: systemd/tidingsd.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) systemd && \
	sed -e 's|@sbindir[@]|$(sbindir)|g' -e 's|@sysconfdir[@]|$(sysconfdir)|g' $(srcdir)/systemd/tidingsd.service.in >$@.new && mv $@.new $@
