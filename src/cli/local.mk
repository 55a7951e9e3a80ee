bin_PROGRAMS += tidings
tidings_SOURCES = \
	src/cli/args.c \
	src/cli/asked.c src/cli/asked.h \
	src/cli/cli.c src/cli/cli.h \
	src/cli/cmd_actor.c \
	src/cli/cmd_config.c \
	src/cli/cmd_ask.c \
	src/cli/cmd_discover.c \
	src/cli/cmd_events.c \
	src/cli/cmd_explain.c \
	src/cli/cmd_feeds.c \
	src/cli/cmd_follow.c \
	src/cli/cmd_help.c \
	src/cli/cmd_import_query.c \
	src/cli/cmd_import_names.c src/cli/cmd_items.c \
	src/cli/cmd_match.c \
	src/cli/cmd_notify.c \
	src/cli/cmd_outbox.c \
	src/cli/cmd_parse.c \
	src/cli/cmd_silence.c \
	src/cli/cmd_show.c \
	src/cli/cmd_status.c \
	src/cli/cmd_stories.c src/cli/cmd_story.c \
	src/cli/cmd_test.c \
	src/cli/commands.c \
	src/cli/control.c src/cli/control.h \
	src/cli/fetch.c src/cli/fetch.h \
	src/cli/home.c src/cli/home.h \
	src/cli/json_memory.c src/cli/json_memory.h \
	src/cli/listing.c src/cli/listing.h \
	src/cli/main.c \
	src/cli/page.c src/cli/page.h \
	src/cli/query.c src/cli/query.h \
	src/cli/when.c src/cli/when.h
tidings_CPPFLAGS = $(AM_CPPFLAGS) $(EVENT_CFLAGS)
tidings_LDADD = src/http/libhttp.a src/store/libstore.a src/conf/libconf.a src/route/libroute.a src/render/librender.a src/watch/libwatch.a src/feed/libfeed.a \
	src/story/libstory.a src/text/libtext.a src/base/libbase.a \
	$(SQLITE_LIBS) $(CURL_LIBS) $(XML_LIBS) $(JANSSON_LIBS) $(CLD2_LIBS) $(ICU_LIBS) $(STEMMER_LIBS) $(PCRE2_LIBS) $(EVENT_LIBS) $(XXHASH_LIBS) -lm
bashcompletiondir = $(datadir)/bash-completion/completions
dist_bashcompletion_DATA = src/cli/completions/tidings
zshcompletiondir = $(datadir)/zsh/site-functions
dist_zshcompletion_DATA = src/cli/completions/_tidings
fishcompletiondir = $(datadir)/fish/vendor_completions.d
dist_fishcompletion_DATA = src/cli/completions/tidings.fish
