#pragma once
/*
 * Paragraphs on a terminal or in plain text: wrapping by display columns, colour, marked words. Internal to render, and to the companion's tables.
 *
 * Text comes in composed: made safe already (so that it holds no control character of its own), with INK_MARK and
 * INK_UNMARK round the words to mark. On a terminal these become colour, in HTML <mark>, elsewhere [brackets].
 */
#include "base/buf.h"

#define INK_MARK "\x01"
#define INK_UNMARK "\x02"

struct ink {
	struct buf *out;
	bool html; /* paragraphs of HTML, everything escaped; colour and width mean nothing then */
	bool colour;
	unsigned width; /* columns; 0 = do not wrap */
	bool foreign; /* all of the text is somebody else's: isolate lines with right-to-left letters (UAX #9) as a whole */
};

enum ink_tone { INK_PLAIN, INK_BOLD, INK_DIM, INK_LINK };

/*
 * Appends one paragraph and a line end. Its first line begins with `label`, its others are indented by as many columns;
 * white space runs count as one space. A word longer than a line is cut.
 */
void ink_paragraph(const struct ink *ink, const char *label, enum ink_tone tone, struct str composed);
/* The same when the caller has written the label, which took so many columns. */
void ink_hanging(const struct ink *ink, size_t indent, enum ink_tone tone, struct str composed);
/* The same without wrapping: for addresses, which must stay whole to be of use. */
void ink_unwrapped(const struct ink *ink, const char *label, enum ink_tone tone, struct str composed);
