bin_PROGRAMS += tidings
tidings_SOURCES = \
	src/cli/cli.c src/cli/cli.h \
	src/cli/cmd_config.c \
	src/cli/cmd_match.c \
	src/cli/cmd_parse.c \
	src/cli/commands.c \
	src/cli/main.c
tidings_LDADD = src/store/libstore.a src/conf/libconf.a src/render/librender.a src/watch/libwatch.a src/feed/libfeed.a \
	src/story/libstory.a src/text/libtext.a src/base/libbase.a \
	$(SQLITE_LIBS) $(XML_LIBS) $(JANSSON_LIBS) $(ICU_LIBS) $(EVENT_LIBS) $(XXHASH_LIBS) -lm
