#pragma once
/*
 * Private to watch: names of people of other scripts in Thai, Lao, Khmer and Burmese text, and in Chinese characters, whose words stand together
 * without spaces. Between the parts of a foreign name there is a space, in Chinese a middle dot (GB/T 15834-2011); what stands before the given
 * name and behind the family name is not parted from them.
 */
#include "watch/field.h"

/* Goes through a field that was gone through, and takes up full names of people there. */
void unspaced_match(const struct field_match *f);
