#include "base/mailbox.h"

bool
mailbox_ok(struct str address)
{
	ptrdiff_t at = str_find(address, STR_LIT("@"), 0);
	if (at <= 0 || (size_t)at + 1 >= address.len || address.len > MAILBOX_MAX ||
	    str_find(address, STR_LIT("@"), (size_t)at + 1) >= 0)
		return false;
	for (size_t i = 0; i < address.len; i++) {
		unsigned char c = (unsigned char)address.s[i];
		if (c <= 0x20 || c >= 0x7f || strchr("<>()[]\\,;:\"", c) != NULL)
			return false;
	}
	return true;
}

bool
mailbox_parse(struct str s, struct mailbox *ret)
{
	s = str_trim(s);
	ptrdiff_t open = str_find(s, STR_LIT("<"), 0);
	*ret = (struct mailbox){.name = STR_LIT(""), .address = s};
	if (open >= 0) {
		if (s.s[s.len - 1] != '>')
			return false;
		struct str name = str_trim((struct str){s.s, (size_t)open});
		if (name.len >= 2 && name.s[0] == '"' && name.s[name.len - 1] == '"')
			name = (struct str){name.s + 1, name.len - 2};
		ret->name = name;
		ret->address = (struct str){s.s + open + 1, s.len - (size_t)open - 2};
	}
	for (size_t i = 0; i < ret->name.len; i++)
		if ((unsigned char)ret->name.s[i] < 0x20 || ret->name.s[i] == 0x7f)
			return false;
	return mailbox_ok(ret->address);
}
