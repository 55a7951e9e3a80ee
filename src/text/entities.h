#pragma once
/*
 * Character references of HTML (HTML Standard, https://html.spec.whatwg.org/multipage/named-characters.html).
 */
#include "base/buf.h"
#include "base/str.h"

/* What the name of a reference, without '&' and ';', stands for, in UTF-8. Returns its bytes (at most 8), 0 for an
 * unknown name. Case matters: "Eacute" is not "eacute". */
size_t text_entity(struct str name, char out[8]);

/*
 * Reads the reference that starts at in.s[0] == '&' as a browser does: named (the old ones also without ';'), decimal,
 * hexadecimal; numbers that name no character give U+FFFD, 0x80–0x9F what windows-1252 has there. Returns how many
 * bytes of input it took and sets *out_len; 0 when the '&' is just an '&'. In an attribute "&copy=1" is no reference.
 */
size_t text_entity_at(struct str in, bool in_attribute, char out[8], size_t *out_len);

/* Appends the text with every reference decoded, once. False when the buffer is full or memory ran out. */
bool text_decode_entities(struct str in, struct buf *out);
