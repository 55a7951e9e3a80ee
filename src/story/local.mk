noinst_LIBRARIES += src/story/libstory.a
src_story_libstory_a_SOURCES = \
	src/story/compare.c src/story/compare.h \
	src/story/content.c src/story/content.h src/story/content_wide.c src/story/content_wide.h \
	src/story/identity.c src/story/identity.h \
	src/story/diff.c src/story/diff.h \
	src/story/features.c src/story/features.h \
	src/story/habits.c src/story/habits.h \
	src/story/index.c src/story/index.h \
	src/story/link.c src/story/link.h \
	src/story/rank.c src/story/rank.h \
	src/story/recent.c src/story/recent.h \
	src/story/record.c src/story/record.h \
	src/story/signature.c src/story/signature.h \
	src/story/tracking.def \
	src/story/sounds.def \
	src/story/units.def \
	src/story/weigh.c src/story/weigh.h \
	src/story/window.c src/story/window.h
