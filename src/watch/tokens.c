#include "watch/tokens.h"

#include "watch/list.h"
#include "watch/query_build.h"

int
watch_tokenise(const struct watch_input *in, struct arena *arena, struct watch_tokens *out, struct err *err)
{
	*out = (struct watch_tokens){.lang = in->lang, .memo = in->memo};
	for (int i = 0; i < WATCH_FIELD_COUNT; i++) {
		out->texts[i] = in->fields[i];
		if (!str_empty(in->fields[i]) && text_words(arena, in->fields[i], &out->fields[i], err) < 0)
			return -1;
	}
	return 0;
}

int
tokens_names(const struct watchlist *w, const struct watch_tokens *tokens, struct arena *arena,
    struct watch_result *out, struct err *err)
{
	struct watch_tokens texts = *tokens;
	texts.fields[WATCH_FIELD_LINK].count = 0;
	return watch_match_tokens(w, &texts, arena, out, err);
}

int
watch_match_item(const struct watchlist *w, const struct watch_input *in, const struct watch_tokens *tokens,
    struct arena *arena, struct watch_result *out, struct err *err)
{
	if (tokens_names(w, tokens, arena, out, err) < 0)
		return -1;
	return w->queries ? query_set_hits(w->queries, in, tokens, arena, out, err) : 0;
}

int
watch_match(const struct watchlist *w, const struct watch_input *in, struct arena *arena, struct watch_result *out,
    struct err *err)
{
	struct watch_tokens tokens;
	*out = (struct watch_result){0};
	if (watchlist_count(w) == 0)
		return 0;
	if (watch_tokenise(in, arena, &tokens, err) < 0)
		return -1;
	return watch_match_item(w, in, &tokens, arena, out, err);
}
