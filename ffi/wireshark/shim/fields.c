/* The fields that can be shown, filtered and put into columns, and an expert item for each finding. */
#include "teardown.h"

static int fields[FIELD_COUNT];
static int subtrees[SUBTREE_COUNT];

/* Expert items by finding; those of 0 are for numbers that are none. */
static ei_register_info *experts;
static uint32_t expert_count;
static expert_field long_close_wait = EI_INIT;

static int severity_of(uint32_t severity)
{
    switch (severity) {
    case FOURWAVE_SEVERITY_INFO:
        return PI_CHAT;
    case FOURWAVE_SEVERITY_NOTE:
        return PI_NOTE;
    case FOURWAVE_SEVERITY_WARN:
        return PI_WARN;
    default:
        return PI_ERROR;
    }
}

static void fill_expert(ei_register_info *item, expert_field *ids, const char *name, uint32_t finding,
                        uint32_t severity)
{
    item->ids = ids;
    item->eiinfo.name = name;
    item->eiinfo.group = PI_SEQUENCE;
    item->eiinfo.severity = severity_of(severity);
    item->eiinfo.summary = fourwave_text(FOURWAVE_VOCABULARY_FINDING, finding, FOURWAVE_LANG_EN);
}

static void experts_register(int proto)
{
    /* A severity belongs to an item, and one finding has two. */
    static ei_register_info second[1];
    static expert_field *ids;
    expert_module_t *module = expert_register_protocol(proto);

    for (expert_count = 1; word(FOURWAVE_VOCABULARY_FINDING, expert_count)[0] != '\0'; expert_count++)
        ;
    experts = g_new0(ei_register_info, expert_count);
    ids = g_new0(expert_field, expert_count);
    for (uint32_t finding = 1; finding < expert_count; finding++) {
        /* In a filter a hyphen can be a minus. */
        char *name = g_strdup_printf("teardown.finding.%s", word(FOURWAVE_VOCABULARY_FINDING, finding));

        g_strdelimit(name, "-", '_');
        ids[finding] = long_close_wait; /* EI_INIT */
        fill_expert(&experts[finding], &ids[finding], name, finding, fourwave_finding_severity(finding));
    }
    fill_expert(&second[0], &long_close_wait, "teardown.finding.close_wait_dwell.long",
                FOURWAVE_FINDING_CLOSE_WAIT_DWELL, FOURWAVE_SEVERITY_WARN);
    expert_register_field_array(module, experts + 1, (int)expert_count - 1);
    expert_register_field_array(module, second, array_length(second));
}

void fields_register(int proto)
{
#define TEXT FT_STRING, BASE_NONE, NULL, 0
#define FRAME(type) FT_FRAMENUM, BASE_NONE, FRAMENUM_TYPE(type), 0
#define TIME FT_RELATIVE_TIME, BASE_NONE, NULL, 0
    static hf_register_info infos[] = {
        { &fields[FIELD_CONNECTION], { "Connection", "teardown.connection", FT_UINT64, BASE_DEC, NULL, 0,
            "Connections, reused ports told apart, in the order of their first segments", HFILL } },
        { &fields[FIELD_ROLE], { "Role", "teardown.role", TEXT,
            "What the segment does to the end of its connection", HFILL } },
        { &fields[FIELD_WAVE], { "Wave", "teardown.wave", FT_UINT8, BASE_DEC, NULL, 0,
            "Which of the four waves of a close it carries", HFILL } },
        { &fields[FIELD_MODIFIER], { "Modifier", "teardown.modifier", TEXT,
            "What the segment is beside its role", HFILL } },
        { &fields[FIELD_SENDER_BEFORE], { "Sender before", "teardown.sender.before", TEXT,
            "State of the sender before the segment, as expected", HFILL } },
        { &fields[FIELD_SENDER_AFTER], { "Sender after", "teardown.sender.after", TEXT,
            "State of the sender after the segment, as expected", HFILL } },
        { &fields[FIELD_RECEIVER_BEFORE], { "Receiver before", "teardown.receiver.before", TEXT,
            "State of the receiver before the segment, as expected", HFILL } },
        { &fields[FIELD_RECEIVER_AFTER], { "Receiver after", "teardown.receiver.after", TEXT,
            "State of the receiver after the segment, as expected", HFILL } },
        { &fields[FIELD_CLIENT_STATE], { "Client state", "teardown.client.state", TEXT,
            "State of the client after the segment, if everything seen arrives", HFILL } },
        { &fields[FIELD_CLIENT_CONFIRMED], { "Client confirmed", "teardown.client.confirmed", TEXT,
            "The state that the client's own segments prove", HFILL } },
        { &fields[FIELD_SERVER_STATE], { "Server state", "teardown.server.state", TEXT,
            "State of the server after the segment, if everything seen arrives", HFILL } },
        { &fields[FIELD_SERVER_CONFIRMED], { "Server confirmed", "teardown.server.confirmed", TEXT,
            "The state that the server's own segments prove", HFILL } },
        { &fields[FIELD_NEXT], { "Next", "teardown.next", TEXT,
            "A step that a peer can take next", HFILL } },
        { &fields[FIELD_INITIATOR], { "Closed first by", "teardown.initiator", TEXT,
            "Who began the close: as known by then in the first pass, for good in later ones", HFILL } },
        { &fields[FIELD_KIND], { "Kind of ending", "teardown.kind", TEXT,
            "How the connection ended: as known by then in the first pass, for good in later ones", HFILL } },
        { &fields[FIELD_FIN_ACKED_IN], { "This FIN is acknowledged in", "teardown.fin_acked_in",
            FRAME(FT_FRAMENUM_ACK), "The first acknowledgment of this FIN", HFILL } },
        { &fields[FIELD_ACKS_FIN_IN], { "This acknowledges the FIN in", "teardown.acks_fin_in",
            FRAME(FT_FRAMENUM_ACK), "The FIN that this acknowledges", HFILL } },
        { &fields[FIELD_FIN_REPEATS], { "This repeats", "teardown.fin_repeats",
            FRAME(FT_FRAMENUM_RETRANS_PREV), "The first copy of what this repeats", HFILL } },
        { &fields[FIELD_ANSWERED_BY_RST_IN], { "This is answered by the RST in", "teardown.answered_by_rst_in",
            FRAME(FT_FRAMENUM_RESPONSE), "The RST that answers this segment", HFILL } },
        { &fields[FIELD_FIN1_ACK_TIME], { "Time to the ACK of the first FIN", "teardown.fin1_ack_time", TIME,
            "Wave 1 to wave 2", HFILL } },
        { &fields[FIELD_CLOSE_WAIT_TIME], { "Time in CLOSE-WAIT", "teardown.close_wait_time", TIME,
            "Wave 2 to wave 3", HFILL } },
        { &fields[FIELD_LAST_ACK_TIME], { "Time to the last ACK", "teardown.last_ack_time", TIME,
            "Wave 3 to wave 4", HFILL } },
        { &fields[FIELD_TIME_WAIT_UNTIL], { "TIME-WAIT until", "teardown.time_wait_until", FT_ABSOLUTE_TIME,
            ABSOLUTE_TIME_LOCAL, NULL, 0, "When 2 MSL are over", HFILL } },
        { &fields[FIELD_FINDING], { "Finding", "teardown.finding", TEXT,
            "What is worth a remark; each also is an expert item", HFILL } },
    };
    static int *trees[] = { &subtrees[SUBTREE_ROOT], &subtrees[SUBTREE_ROLE], &subtrees[SUBTREE_STATE] };

    for (int i = 0; i < SUBTREE_COUNT; i++)
        subtrees[i] = -1;
    proto_register_field_array(proto, infos, array_length(infos));
    proto_register_subtree_array(trees, array_length(trees));
    experts_register(proto);
}

int field(field_t which)
{
    return fields[which];
}

int field_subtree(subtree_t which)
{
    return subtrees[which];
}

expert_field *field_expert(uint32_t finding, uint32_t severity)
{
    if (finding == 0 || finding >= expert_count)
        return NULL;
    if (finding == FOURWAVE_FINDING_CLOSE_WAIT_DWELL && severity == FOURWAVE_SEVERITY_WARN)
        return &long_close_wait;
    return experts[finding].ids;
}
