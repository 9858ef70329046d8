/* An annotation in the tree: items that Wireshark marks as generated, and expert items. */
#include "teardown.h"

#define ROOM 256
/* In sets, bit `number` stands for a word. */
#define HAS(set, number) (((set) >> (number)) & 1)
#define MOST_WORDS 64

typedef struct {
    tvbuff_t *tvb;
    packet_info *pinfo;
    proto_tree *tree;
} place_t;

static proto_item *add_text(const place_t *place, field_t which, const char *code, const char *text)
{
    proto_item *item;

    if (text[0] != '\0')
        item = proto_tree_add_string_format_value(place->tree, field(which), place->tvb, 0, 0, code, "%s (%s)", code,
                                                  text);
    else
        item = proto_tree_add_string(place->tree, field(which), place->tvb, 0, 0, code);
    proto_item_set_generated(item);
    return item;
}

static void add_name(const place_t *place, field_t which, uint32_t state)
{
    add_text(place, which, word(FOURWAVE_VOCABULARY_STATE, state), "");
}

static void add_frame(const place_t *place, field_t which, uint64_t frame)
{
    if (frame != 0)
        proto_item_set_generated(
            proto_tree_add_uint(place->tree, field(which), place->tvb, 0, 0, (uint32_t)frame));
}

static void add_time(const place_t *place, field_t which, int64_t time_ns)
{
    nstime_t time;

    if (time_ns == FOURWAVE_NO_TIME)
        return;
    time.secs = (time_t)(time_ns / 1000000000);
    time.nsecs = (int)(time_ns % 1000000000);
    proto_item_set_generated(proto_tree_add_time(place->tree, field(which), place->tvb, 0, 0, &time));
}

static void add_next(const place_t *place, uint32_t side, uint32_t state)
{
    fourwave_next next = { .struct_size = sizeof next };

    for (size_t i = 0; fourwave_state_next(state, i, &next) == FOURWAVE_OK; i++) {
        char text[ROOM];

        g_snprintf(text, sizeof text, "%s -> %s: %s, %s", word(FOURWAVE_VOCABULARY_SIDE, side),
                   word(FOURWAVE_VOCABULARY_STATE, next.to), word(FOURWAVE_VOCABULARY_ON, next.on),
                   word(FOURWAVE_VOCABULARY_CAUSE, next.by));
        add_text(place, FIELD_NEXT, text, "");
    }
}

/* "second FIN [3]: server CLOSE-WAIT -> LAST-ACK, client FIN-WAIT-2 -> TIME-WAIT" */
static void head(const fourwave_annotation *annotation, char *text, size_t size)
{
    const fourwave_change *changes[] = { NULL, &annotation->client, &annotation->server };
    uint32_t sender = annotation->from;
    uint32_t receiver = sender == FOURWAVE_SIDE_CLIENT ? FOURWAVE_SIDE_SERVER : FOURWAVE_SIDE_CLIENT;
    uint32_t sides[] = { sender, receiver };
    int used = g_snprintf(text, size, "%s", phrase(FOURWAVE_VOCABULARY_ROLE, annotation->role));

    for (uint32_t wave = FOURWAVE_WAVE_1; wave <= FOURWAVE_WAVE_4 && used < (int)size; wave++)
        if (HAS(annotation->waves, wave))
            used += g_snprintf(text + used, size - (size_t)used, " [%u]", wave);
    for (size_t i = 0; i < array_length(sides) && used < (int)size; i++) {
        const fourwave_change *change = changes[sides[i]];

        used += g_snprintf(text + used, size - (size_t)used, "%s %s %s", i == 0 ? ":" : ",",
                           phrase(FOURWAVE_VOCABULARY_SIDE, sides[i]),
                           word(FOURWAVE_VOCABULARY_STATE, change->before.expected));
        if (used < (int)size && change->before.expected != change->after.expected)
            used += g_snprintf(text + used, size - (size_t)used, " -> %s",
                               word(FOURWAVE_VOCABULARY_STATE, change->after.expected));
    }
}

/* A peer's state, and below it what is proved and what can come next. */
static void add_peer(const place_t *place, uint32_t side, const fourwave_bounds *state)
{
    bool client = side == FOURWAVE_SIDE_CLIENT;
    proto_item *item = add_text(place, client ? FIELD_CLIENT_STATE : FIELD_SERVER_STATE,
                                word(FOURWAVE_VOCABULARY_STATE, state->expected),
                                phrase(FOURWAVE_VOCABULARY_STATE, state->expected));
    place_t below = { place->tvb, place->pinfo, proto_item_add_subtree(item, field_subtree(SUBTREE_STATE)) };

    add_name(&below, client ? FIELD_CLIENT_CONFIRMED : FIELD_SERVER_CONFIRMED, state->confirmed);
    add_next(&below, side, state->expected);
}

/* The same from the segment's view. */
static void add_ends(const place_t *place, const fourwave_annotation *annotation)
{
    bool by_client = annotation->from == FOURWAVE_SIDE_CLIENT;
    const fourwave_change *sender = by_client ? &annotation->client : &annotation->server;
    const fourwave_change *receiver = by_client ? &annotation->server : &annotation->client;

    add_name(place, FIELD_SENDER_BEFORE, sender->before.expected);
    add_name(place, FIELD_SENDER_AFTER, sender->after.expected);
    add_name(place, FIELD_RECEIVER_BEFORE, receiver->before.expected);
    add_name(place, FIELD_RECEIVER_AFTER, receiver->after.expected);
}

static bool enters_time_wait(const fourwave_change *change)
{
    return change->after.expected == FOURWAVE_STATE_TIME_WAIT && change->before.expected != FOURWAVE_STATE_TIME_WAIT;
}

/* Durations stand at the wave that ends them. */
static void add_times(const place_t *place, const seen_t *seen)
{
    const fourwave_annotation *annotation = seen->annotation;
    const fourwave_summary *summary = seen->summary;
    uint64_t frame = annotation->frame;

    if (frame == summary->waves[1].frame)
        add_time(place, FIELD_FIN1_ACK_TIME, summary->fin1_ack_ns);
    if (frame == summary->waves[2].frame)
        add_time(place, FIELD_CLOSE_WAIT_TIME, summary->close_wait_ns);
    if (frame == summary->waves[3].frame)
        add_time(place, FIELD_LAST_ACK_TIME, summary->last_ack_ns);
    if (enters_time_wait(&annotation->client))
        add_time(place, FIELD_TIME_WAIT_UNTIL, summary->client_time_wait_until_ns);
    if (enters_time_wait(&annotation->server))
        add_time(place, FIELD_TIME_WAIT_UNTIL, summary->server_time_wait_until_ns);
}

static void add_finding(const place_t *place, const seen_t *seen, uint32_t id)
{
    const char *code = word(FOURWAVE_VOCABULARY_FINDING, id);
    const char *text = phrase(FOURWAVE_VOCABULARY_FINDING, id);
    uint32_t severity = fourwave_finding_severity(id);
    size_t count = seen->summary != NULL ? seen->summary->findings : 0;
    expert_field *expert;
    proto_item *item;

    for (size_t i = 0; i < count; i++) {
        fourwave_finding finding = { .struct_size = sizeof finding };

        if (fourwave_connection_finding(seen->connection, i, preference_language(), &finding) == FOURWAVE_OK
            && finding.id == id) {
            text = finding.text;
            severity = finding.severity;
        }
    }
    item = add_text(place, FIELD_FINDING, code, phrase(FOURWAVE_VOCABULARY_FINDING, id));
    expert = field_expert(id, severity);
    if (expert != NULL)
        expert_add_info_format(place->pinfo, item, expert, "%s", text);
}

void show(const seen_t *seen, int proto, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    const fourwave_annotation *annotation = seen->annotation;
    place_t place = { tvb, pinfo, NULL };
    place_t below = place;
    proto_item *root = NULL;

    if (tree != NULL) {
        char text[ROOM];

        head(annotation, text, sizeof text);
        root = proto_tree_add_protocol_format(tree, proto, tvb, 0, 0, "TCP Teardown: %s", text);
        proto_item_set_generated(root);
        place.tree = proto_item_add_subtree(root, field_subtree(SUBTREE_ROOT));
    }
    proto_item_set_generated(proto_tree_add_uint64(place.tree, field(FIELD_CONNECTION), tvb, 0, 0,
                                                   annotation->connection));
    below.tree = proto_item_add_subtree(add_text(&place, FIELD_ROLE, word(FOURWAVE_VOCABULARY_ROLE, annotation->role),
                                                 phrase(FOURWAVE_VOCABULARY_ROLE, annotation->role)),
                                        field_subtree(SUBTREE_ROLE));
    add_ends(&below, annotation);
    for (uint32_t wave = FOURWAVE_WAVE_1; wave <= FOURWAVE_WAVE_4; wave++)
        if (HAS(annotation->waves, wave))
            proto_item_set_generated(
                proto_tree_add_uint_format_value(place.tree, field(FIELD_WAVE), tvb, 0, 0, wave, "%u (%s)", wave,
                                                 phrase(FOURWAVE_VOCABULARY_WAVE, wave)));
    for (uint32_t modifier = 1; modifier < MOST_WORDS; modifier++)
        if (HAS(annotation->modifiers, modifier))
            add_text(&place, FIELD_MODIFIER, word(FOURWAVE_VOCABULARY_MODIFIER, modifier),
                     phrase(FOURWAVE_VOCABULARY_MODIFIER, modifier));
    add_peer(&place, FOURWAVE_SIDE_CLIENT, &annotation->client.after);
    add_peer(&place, FOURWAVE_SIDE_SERVER, &annotation->server.after);
    add_frame(&place, FIELD_ACKS_FIN_IN, annotation->acks_fin_frame);
    add_frame(&place, FIELD_FIN_ACKED_IN, annotation->fin_acked_frame);
    add_frame(&place, FIELD_FIN_REPEATS, annotation->repeats_frame);
    add_frame(&place, FIELD_ANSWERED_BY_RST_IN, annotation->answered_by_rst_frame);
    if (seen->summary != NULL) {
        add_times(&place, seen);
        if (seen->summary->initiator != 0)
            add_text(&place, FIELD_INITIATOR, word(FOURWAVE_VOCABULARY_WHO, seen->summary->initiator),
                     word(FOURWAVE_VOCABULARY_CERTAINTY, seen->summary->initiator_certainty));
        add_text(&place, FIELD_KIND, word(FOURWAVE_VOCABULARY_KIND, seen->summary->kind),
                 phrase(FOURWAVE_VOCABULARY_KIND, seen->summary->kind));
    }
    for (uint32_t finding = 1; finding < MOST_WORDS; finding++)
        if (HAS(annotation->findings | annotation->concluded, finding))
            add_finding(&place, seen, finding);
}
