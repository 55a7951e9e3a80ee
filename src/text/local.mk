noinst_LIBRARIES += src/text/libtext.a
src_text_libtext_a_SOURCES =
src_text_libtext_a_CPPFLAGS = $(AM_CPPFLAGS) $(ICU_CFLAGS)
# the terminal
src_text_libtext_a_SOURCES += src/text/safe.c src/text/safe.h
# folding and words
src_text_libtext_a_SOURCES += \
	src/text/fold.c src/text/fold.h src/text/fold_table.h \
	src/text/words.c src/text/words.h src/text/words_block.c \
	src/text/words_wide.c src/text/words_wide.h \
	src/text/words_hash.h src/text/words_scan.h
src_text_libtext_a_SOURCES += src/text/language.c src/text/language.h
src_text_libtext_a_SOURCES += src/text/stem.c src/text/stem.h src/text/stem_languages.def
# HTML
src_text_libtext_a_SOURCES += \
	src/text/entities.c src/text/entities.h src/text/entities.def
src_text_libtext_a_SOURCES += \
	src/text/hanzi.c src/text/hanzi.h \
	src/text/html.h src/text/html_clean.c src/text/html_guess.c src/text/html_text.c \
	src/text/html_lex.c src/text/html_lex.h src/text/html_elements.def src/text/html_scan.h src/text/html_write.h \
	src/text/html_delta.c src/text/html_delta.h
# names across scripts and languages
src_text_libtext_a_SOURCES += \
	src/text/chinese.c src/text/chinese.h \
	src/text/exonyms.c src/text/exonyms.h src/text/exonyms.def src/text/institutions.def src/text/orgs.def src/text/places.def src/text/subdivisions.def \
	src/text/han_loan.c src/text/han_loan.h src/text/han_loan.def \
	src/text/hangul.c src/text/hangul.h \
	src/text/inflect.c src/text/inflect.h \
	src/text/inflect_tables.c src/text/inflect_tables.h \
	src/text/pinyin.c src/text/pinyin.h \
	src/text/slavic.c src/text/slavic.h \
	src/text/sound_distance.c \
	src/text/sound_key.c \
	src/text/southeast.c src/text/southeast.h \
	src/text/translit.c src/text/translit.h
# characters and time zones
src_text_libtext_a_SOURCES += \
	src/text/grapheme.c src/text/grapheme.h \
	src/text/zone.c src/text/zone.h
