noinst_LIBRARIES += src/story/libstory.a
src_story_libstory_a_SOURCES = \
	src/story/content.c src/story/content.h \
	src/story/identity.c src/story/identity.h \
	src/story/link.c src/story/link.h \
	src/story/record.h \
	src/story/tracking.def
