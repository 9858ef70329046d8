/* The words of fourwave, looked up once and not for every frame. */
#include "teardown.h"

#define MOST_VOCABULARIES 32
#define ROOM 512

static const char *codes[MOST_VOCABULARIES][MOST_WORDS];
static const char *phrases[MOST_VOCABULARIES][MOST_WORDS];
static char *steps[FOURWAVE_SIDE_SERVER + 1][MOST_WORDS];
static uint32_t language;

/* "client -> LAST-ACK: fin, self; CLOSED: rst, self": what can come next from a state. Short: a label has 240 octets. */
static char *steps_from(uint32_t side, uint32_t state)
{
    fourwave_next next = { .struct_size = sizeof next };
    GString *text = g_string_sized_new(ROOM);

    for (size_t i = 0; fourwave_state_next(state, i, &next) == FOURWAVE_OK; i++)
        g_string_append_printf(text, "%s%s: %s, %s", i == 0 ? "" : "; ", word(FOURWAVE_VOCABULARY_STATE, next.to),
                               word(FOURWAVE_VOCABULARY_ON, next.on), word(FOURWAVE_VOCABULARY_CAUSE, next.by));
    if (text->len > 0)
        g_string_prepend(g_string_prepend(text, " -> "), word(FOURWAVE_VOCABULARY_SIDE, side));
    return g_string_free(text, FALSE);
}

void words_load(void)
{
    for (uint32_t vocabulary = 1; vocabulary < MOST_VOCABULARIES; vocabulary++)
        for (uint32_t number = 1; number < MOST_WORDS; number++)
            codes[vocabulary][number] = fourwave_code(vocabulary, number);
    for (uint32_t side = FOURWAVE_SIDE_CLIENT; side <= FOURWAVE_SIDE_SERVER; side++)
        for (uint32_t state = 1; state < MOST_WORDS; state++)
            steps[side][state] = steps_from(side, state);
}

void words_speak(uint32_t lang)
{
    if (lang == language)
        return;
    language = lang;
    for (uint32_t vocabulary = 1; vocabulary < MOST_VOCABULARIES; vocabulary++)
        for (uint32_t number = 1; number < MOST_WORDS; number++)
            phrases[vocabulary][number] = fourwave_text(vocabulary, number, lang);
}

uint32_t words_language(void)
{
    return language;
}

static const char *look_up(const char *const words[][MOST_WORDS], uint32_t vocabulary, uint32_t number)
{
    const char *text = NULL;

    if (vocabulary < MOST_VOCABULARIES && number < MOST_WORDS)
        text = words[vocabulary][number];
    return text != NULL ? text : "";
}

const char *word(uint32_t vocabulary, uint32_t number)
{
    return look_up(codes, vocabulary, number);
}

const char *phrase(uint32_t vocabulary, uint32_t number)
{
    return look_up(phrases, vocabulary, number);
}

const char *next_steps(uint32_t side, uint32_t state)
{
    return side <= FOURWAVE_SIDE_SERVER && state < MOST_WORDS && steps[side][state] != NULL ? steps[side][state] : "";
}
