noinst_LIBRARIES += src/watch/libwatch.a
src_watch_libwatch_a_SOURCES = \
	src/watch/arabic.c src/watch/arabic.h \
	src/watch/builder.c src/watch/builder.h \
	src/watch/chinese.c src/watch/chinese.h \
	src/watch/common.c src/watch/common.h \
	src/watch/compile.c \
	src/watch/field.h \
	src/watch/fields.def \
	src/watch/form.h \
	src/watch/forms.c src/watch/forms.h \
	src/watch/forms_org.c src/watch/forms_person.c \
	src/watch/given.c src/watch/given.h \
	src/watch/import.c src/watch/import.h \
	src/watch/import_classes.def \
	src/watch/import_entity.c src/watch/import_entity.h \
	src/watch/import_json.c \
	src/watch/import_query.c src/watch/import_query.h \
	src/watch/kinds.c \
	src/watch/korean.c src/watch/korean.h \
	src/watch/kin.c src/watch/kin.h src/watch/kin.def \
	src/watch/press.c src/watch/press.h \
	src/watch/letters.c src/watch/letters.h \
	src/watch/late.c src/watch/late.h \
	src/watch/list.c src/watch/list.h \
	src/watch/list_group.c \
	src/watch/loose.c src/watch/loose.h \
	src/watch/match.c \
	src/watch/scan.c \
	src/watch/memo.c src/watch/memo.h \
	src/watch/mention.c src/watch/mention.h \
	src/watch/orgform.c src/watch/orgform.h \
	src/watch/person.c \
	src/watch/query.h \
	src/watch/query_atoms.c src/watch/query_atoms.h \
	src/watch/query_build.c src/watch/query_build.h \
	src/watch/query_check.c \
	src/watch/query_code.c src/watch/query_code.h \
	src/watch/query_doc.c src/watch/query_doc.h \
	src/watch/query_fast.c src/watch/query_fast.h \
	src/watch/query_foreign.c \
	src/watch/query_gather.c src/watch/query_gather.h \
	src/watch/query_given_up.c \
	src/watch/query_index.c src/watch/query_index.h \
	src/watch/query_item.c src/watch/query_item.h \
	src/watch/query_naive.c src/watch/query_naive.h \
	src/watch/query_needs.c \
	src/watch/query_leaf.c \
	src/watch/query_pack.c \
	src/watch/query_parse.c src/watch/query_parse.h \
	src/watch/query_print.c \
	src/watch/query_regex.c src/watch/query_regex.h \
	src/watch/query_run.c \
	src/watch/query_set.c src/watch/query_set.h \
	src/watch/query_signs.c src/watch/query_signs.h \
	src/watch/query_term.c \
	src/watch/query_why.c \
	src/watch/regnal.c src/watch/regnal.h src/watch/regnal.def \
	src/watch/rule.h src/watch/rules.def \
	src/watch/sift.c src/watch/sift.h \
	src/watch/shape.c src/watch/shape.h \
	src/watch/show.c src/watch/show.h \
	src/watch/thing.c src/watch/thing.h \
	src/watch/tokens.c src/watch/tokens.h \
	src/watch/tsv.c \
	src/watch/unspaced.c src/watch/unspaced.h \
	src/watch/watch.h
