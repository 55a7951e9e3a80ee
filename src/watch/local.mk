noinst_LIBRARIES += src/watch/libwatch.a
src_watch_libwatch_a_SOURCES = \
	src/watch/builder.c src/watch/builder.h \
	src/watch/compile.c \
	src/watch/field.h \
	src/watch/fields.def \
	src/watch/forms.c src/watch/forms.h \
	src/watch/import.c src/watch/import.h \
	src/watch/kinds.c \
	src/watch/list.c src/watch/list.h \
	src/watch/loose.c src/watch/loose.h \
	src/watch/match.c \
	src/watch/memo.c src/watch/memo.h \
	src/watch/mention.c src/watch/mention.h \
	src/watch/orgform.c src/watch/orgform.h \
	src/watch/person.c \
	src/watch/rule.h src/watch/rules.def \
	src/watch/shape.c src/watch/shape.h \
	src/watch/tokens.c src/watch/tokens.h \
	src/watch/tsv.c \
	src/watch/watch.h
