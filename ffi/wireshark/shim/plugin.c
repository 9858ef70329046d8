/* The protocol and its life. */
#include "teardown.h"

static int proto = -1;

static void register_protocol(void)
{
    proto = proto_register_protocol("TCP Teardown", "TCP Teardown", "teardown");
    words_load();
    fields_register(proto);
    preferences_register(proto);
    audience_register();
    stats_register();
    dissect_register(proto);
}

static void register_handoff(void)
{
    dissect_handoff();
    stats_handoff();
}

void fourwave_shim_register(uint32_t printed);

void fourwave_shim_register(uint32_t printed)
{
    static proto_plugin plugin;

    audience_reads((printed_t)printed);
    plugin.register_protoinfo = register_protocol;
    plugin.register_handoff = register_handoff;
    proto_register_plugin(&plugin);
}
