noinst_LIBRARIES += src/render/librender.a
src_render_librender_a_SOURCES = \
	src/render/common.c \
	src/render/human.c \
	src/render/ink.c src/render/ink.h \
	src/render/json.c \
	src/render/line.c \
	src/render/mark.c src/render/mark.h \
	src/render/notification.c \
	src/render/render.h \
	src/render/row.c \
	src/render/template.c src/render/template.h
