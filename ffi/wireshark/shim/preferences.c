/* What a user can set, and the engine's options that follow from it. What the engine was made with holds until the
 * next one is made: Wireshark reads a file again when a preference changes. */
#include "teardown.h"

#include <stdlib.h>

static int show_preference = SHOW_ALL;
static int source_preference = FROM_OCTETS;
static source_t source_in_use = FROM_OCTETS;
static int profile_preference;
static unsigned msl_preference;
static int language_preference;
static int key_preference;

#define LONGEST_MSL 1000000000U /* that fourwave takes */

static const enum_val_t shows[] = {
    { "all", "Every TCP segment", SHOW_ALL },
    { "teardown", "Only segments of a teardown", SHOW_TEARDOWNS },
    { NULL, NULL, 0 },
};
static const enum_val_t sources[] = {
    { "octets", "The octets of the frame", FROM_OCTETS },
    { "dissection", "What Wireshark dissects as TCP", FROM_DISSECTION },
    { NULL, NULL, 0 },
};
static const enum_val_t profiles[] = {
    { "linux", "Linux (60 s)", 0 },
    { "rfc", "RFC 9293 (240 s)", 1 },
    { "freebsd", "FreeBSD (60 s)", 2 },
    { "macos", "macOS (30 s)", 3 },
    { "windows", "Windows (120 s)", 4 },
    { NULL, NULL, 0 },
};
static const enum_val_t languages[] = {
    { "auto", "That of the environment", 0 },
    { "en", "English", FOURWAVE_LANG_EN },
    { "zh-CN", "\xe4\xb8\xad\xe6\x96\x87", FOURWAVE_LANG_ZH_CN },
    { NULL, NULL, 0 },
};
static const enum_val_t keys[] = {
    { "addresses", "Addresses and ports alone", 0 },
    { "vlan", "VLANs, too", 1 },
    { "tunnel", "VLANs and tunnels, too", 2 },
    { NULL, NULL, 0 },
};

void preferences_register(int proto)
{
    module_t *module = prefs_register_protocol(proto, walk_apply);

    prefs_register_enum_preference(module, "show", "Show annotations on",
        "Whether segments that take no part in a teardown are annotated, too", &show_preference, shows, TRUE);
    prefs_register_enum_preference(module, "profile", "TIME-WAIT of",
        "The system whose TIME-WAIT (2 MSL) is assumed", &profile_preference, profiles, FALSE);
    prefs_register_uint_preference(module, "msl", "MSL in seconds",
        "Maximum segment lifetime: TIME-WAIT lasts twice as long. 0: as the system says", 10, &msl_preference);
    prefs_register_enum_preference(module, "language", "Language",
        "The language of phrases and sentences; codes and states are never translated", &language_preference,
        languages, FALSE);
    prefs_register_enum_preference(module, "key", "Connections differ by",
        "What makes two connections with the same addresses and ports different", &key_preference, keys, FALSE);
    prefs_register_enum_preference(module, "source", "Find segments in",
        "The octets are fast and agree with the fourwave program. What Wireshark dissects also has segments behind "
        "Decode As, decryption and link layers that only Wireshark reads; it costs time and memory for each of them",
        &source_preference, sources, TRUE);
}

show_t preference_show(void)
{
    return (show_t)show_preference;
}

source_t preference_source(void)
{
    return source_in_use;
}

bool preference_wants_dissection(void)
{
    return source_preference == FROM_DISSECTION;
}

uint32_t preference_language(void)
{
    static const char *const variables[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

    if (language_preference != 0)
        return (uint32_t)language_preference;
    for (size_t i = 0; i < array_length(variables); i++) {
        const char *locale = getenv(variables[i]);

        if (locale != NULL && *locale != '\0')
            return g_str_has_prefix(locale, "zh") ? FOURWAVE_LANG_ZH_CN : FOURWAVE_LANG_EN;
    }
    return FOURWAVE_LANG_EN;
}

fourwave_options *preference_options(void)
{
    fourwave_options *options = NULL;

    if (fourwave_options_new(&options) != FOURWAVE_OK)
        return NULL;
    source_in_use = (source_t)source_preference;
    /* Names and values of our own, within their limits: none of these can fail. */
    fourwave_options_set(options, "remember", "yes");
    fourwave_options_set(options, "profile", profiles[profile_preference].name);
    fourwave_options_set(options, "key", keys[key_preference].name);
    if (msl_preference != 0) {
        char seconds[16];

        g_snprintf(seconds, sizeof seconds, "%u", MIN(msl_preference, LONGEST_MSL));
        fourwave_options_set(options, "msl", seconds);
    }
    return options;
}
