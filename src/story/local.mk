noinst_LIBRARIES += src/story/libstory.a
src_story_libstory_a_SOURCES =
