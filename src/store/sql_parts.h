#pragma once
/* Parts of SQL that both the statements (sql.c) and the steps of the schema (schema.c) have. Within the room. */

/* SQL is laid out by hand. */
/* clang-format off */

#define TEXT_OF_(x) #x
#define TEXT_OF(x) TEXT_OF_(x)

/* The bytes of text that an item and its page hold, and an old text: what limits of size count. */
#define BYTES(x) "coalesce(length(CAST(" x " AS BLOB)), 0)"
#define ITEM_BYTES(guid, link, title, authors, categories, summary, content, summary_html, content_html)            \
	BYTES(guid)                                                                                                  \
	" + " BYTES(link) " + " BYTES(title) " + " BYTES(authors) " + " BYTES(categories) " + " BYTES(summary) " + " \
	BYTES(content) " + " BYTES(summary_html) " + " BYTES(content_html)
#define PAGE_BYTES(item) \
	"coalesce((SELECT length(CAST(a.text AS BLOB)) FROM articles AS a WHERE a.item_id = " item "), 0)"
#define REVISION_BYTES BYTES("title") " + " BYTES("link") " + " BYTES("summary") " + " BYTES("content")

/* What is indexed of an item: the words of its page behind those of its content. */
#define ITEM_WORDS \
	"i.title, i.summary, iif(a.text IS NULL, i.content, iif(i.content IS i.summary, ''," \
	" coalesce(i.content, '')) || char(10) || a.text)"
#define WORDED_ITEMS "items AS i LEFT JOIN articles AS a ON a.item_id = i.id"
