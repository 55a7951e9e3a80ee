#pragma once
/* Private to watch: the rules by which a mention is found. The bolder one of several is told. */
enum watch_rule {
#define WATCH_RULE(name, word) WATCH_RULE_##name,
#include "watch/rules.def"
#undef WATCH_RULE
	WATCH_RULE_COUNT
};

const char *watch_rule_word(enum watch_rule rule);
