/* An annotation in the tree: items that Wireshark marks as generated, and expert items. */
#include "teardown.h"

#define ROOM 256

typedef struct {
    tvbuff_t *tvb;
    packet_info *pinfo;
    proto_tree *tree;
    bool with_phrases; /* beside the codes */
} place_t;

static proto_item *add_text(const place_t *place, field_t which, const char *text)
{
    proto_item *item = proto_tree_add_string(place->tree, field(which), place->tvb, 0, 0, text);

    proto_item_set_generated(item);
    return item;
}

/* A code, and what it means. A format costs as much as several items. */
static proto_item *add_code(const place_t *place, field_t which, const char *code, const char *meaning)
{
    proto_item *item;

    if (!place->with_phrases)
        return add_text(place, which, code);
    item = proto_tree_add_string_format_value(place->tree, field(which), place->tvb, 0, 0, code, "%s (%s)", code,
                                              meaning);
    proto_item_set_generated(item);
    return item;
}

static proto_item *add_word(const place_t *place, field_t which, uint32_t vocabulary, uint32_t number)
{
    return add_code(place, which, word(vocabulary, number), phrase(vocabulary, number));
}

static void add_name(const place_t *place, field_t which, uint32_t state)
{
    add_text(place, which, word(FOURWAVE_VOCABULARY_STATE, state));
}

static void add_frame(const place_t *place, field_t which, uint64_t frame)
{
    if (frame != 0)
        proto_item_set_generated(
            proto_tree_add_uint(place->tree, field(which), place->tvb, 0, 0, (uint32_t)frame));
}

static void add_time(const place_t *place, field_t which, int64_t time_ns)
{
    const int64_t second = 1000000000;
    nstime_t time;

    if (time_ns == FOURWAVE_NO_TIME)
        return;
    time.secs = (time_t)(time_ns / second);
    time.nsecs = (int)(time_ns % second);
    if (time.nsecs < 0 && which == FIELD_TIME_WAIT_UNTIL) {
        /* Before 1970: a date counts its parts of a second upwards. */
        time.secs -= 1;
        time.nsecs += (int)second;
    }
    proto_item_set_generated(proto_tree_add_time(place->tree, field(which), place->tvb, 0, 0, &time));
}

/* A text as it grows; a piece that does not fit is left out. */
typedef struct {
    char octets[ROOM];
    size_t used;
} text_t;

static void append(text_t *text, const char *piece)
{
    size_t len = strlen(piece);

    if (text->used + len < sizeof text->octets) {
        memcpy(text->octets + text->used, piece, len + 1);
        text->used += len;
    }
}

static void append_change(text_t *text, uint32_t side, const fourwave_change *change)
{
    append(text, phrase(FOURWAVE_VOCABULARY_SIDE, side));
    append(text, " ");
    append(text, word(FOURWAVE_VOCABULARY_STATE, change->before.expected));
    if (change->before.expected != change->after.expected) {
        append(text, " -> ");
        append(text, word(FOURWAVE_VOCABULARY_STATE, change->after.expected));
    }
}

/* "second FIN [3]: server CLOSE-WAIT -> LAST-ACK, client FIN-WAIT-2 -> TIME-WAIT"; the sender first. */
static void append_states(text_t *text, const fourwave_annotation *annotation)
{
    bool by_client = annotation->from == FOURWAVE_SIDE_CLIENT;

    for (uint32_t wave = FOURWAVE_WAVE_1; wave <= FOURWAVE_WAVE_4; wave++) {
        if (FOURWAVE_HAS(annotation->waves, wave)) {
            append(text, " [");
            append(text, word(FOURWAVE_VOCABULARY_WAVE, wave));
            append(text, "]");
        }
    }
    append(text, ": ");
    if (by_client)
        append_change(text, FOURWAVE_SIDE_CLIENT, &annotation->client);
    else
        append_change(text, FOURWAVE_SIDE_SERVER, &annotation->server);
    append(text, ", ");
    if (by_client)
        append_change(text, FOURWAVE_SIDE_SERVER, &annotation->server);
    else
        append_change(text, FOURWAVE_SIDE_CLIENT, &annotation->client);
}

/* A peer's state, and below it what is proved and what can come next. */
static void add_peer(const place_t *place, uint32_t side, const fourwave_bounds *state, bool is_teardown)
{
    bool client = side == FOURWAVE_SIDE_CLIENT;
    proto_item *item = add_word(place, client ? FIELD_CLIENT_STATE : FIELD_SERVER_STATE, FOURWAVE_VOCABULARY_STATE,
                                state->expected);
    place_t below = *place;

    below.tree = proto_item_add_subtree(item, field_subtree(SUBTREE_STATE));
    add_name(&below, client ? FIELD_CLIENT_CONFIRMED : FIELD_SERVER_CONFIRMED, state->confirmed);
    if (is_teardown)
        add_text(&below, FIELD_NEXT, next_steps(side, state->expected));
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

static void add_remark(const place_t *place, const remark_t *remark)
{
    proto_item *item = add_word(place, FIELD_FINDING, FOURWAVE_VOCABULARY_FINDING, remark->id);
    expert_field *expert = field_expert(remark->id, remark->severity);

    if (expert != NULL)
        expert_add_info_format(place->pinfo, item, expert, "%s", remark->text);
}

static void add_connection(const place_t *place, const seen_t *seen)
{
    const fourwave_summary *summary = seen->summary;

    add_times(place, seen);
    if (summary->initiator != 0)
        add_code(place, FIELD_INITIATOR, word(FOURWAVE_VOCABULARY_WHO, summary->initiator),
                 phrase(FOURWAVE_VOCABULARY_CERTAINTY, summary->initiator_certainty));
    add_word(place, FIELD_KIND, FOURWAVE_VOCABULARY_KIND, summary->kind);
}

static proto_tree *add_root(int proto, const fourwave_annotation *annotation, tvbuff_t *tvb, proto_tree *tree,
                            bool with_text)
{
    text_t text = { .used = 0 };
    proto_item *root;

    if (tree == NULL)
        return NULL;
    if (with_text) {
        append(&text, phrase(FOURWAVE_VOCABULARY_ROLE, annotation->role));
        append_states(&text, annotation);
        root = proto_tree_add_protocol_format(tree, proto, tvb, 0, 0, "TCP Teardown: %s", text.octets);
    } else {
        root = proto_tree_add_item(tree, proto, tvb, 0, 0, ENC_NA);
    }
    proto_item_set_generated(root);
    return proto_item_add_subtree(root, field_subtree(SUBTREE_ROOT));
}

static void add_modifiers(const place_t *place, uint64_t modifiers)
{
    for (uint32_t modifier = 1; modifier < MOST_WORDS && modifiers >> modifier != 0; modifier++)
        if (FOURWAVE_HAS(modifiers, modifier))
            add_word(place, FIELD_MODIFIER, FOURWAVE_VOCABULARY_MODIFIER, modifier);
}

static void add_waves(const place_t *place, uint8_t waves)
{
    for (uint32_t wave = FOURWAVE_WAVE_1; wave <= FOURWAVE_WAVE_4; wave++)
        if (FOURWAVE_HAS(waves, wave))
            proto_item_set_generated(
                proto_tree_add_uint(place->tree, field(FIELD_WAVE), place->tvb, 0, 0, wave));
}

static void add_links(const place_t *place, const fourwave_annotation *annotation)
{
    add_frame(place, FIELD_ACKS_FIN_IN, annotation->acks_fin_frame);
    add_frame(place, FIELD_FIN_ACKED_IN, annotation->fin_acked_frame);
    add_frame(place, FIELD_FIN_REPEATS, annotation->repeats_frame);
    add_frame(place, FIELD_ANSWERED_BY_RST_IN, annotation->answered_by_rst_frame);
}

/* Where a tree shows everything in the first pass (`tshark -V`, `-T json` and its like), each item costs all frames and
 * may interest nobody. There, what the segment says itself must do: role, waves, both states, links, findings. What
 * follows from that, and what is known of the connection, comes when it is asked for or looked at
 * again. */
void show(const seen_t *seen, int proto, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, bool in_full)
{
    const fourwave_annotation *annotation = seen->annotation;
    bool is_teardown = fourwave_role_is_teardown(annotation->role) != 0;
    place_t place = {
        .tvb = tvb,
        .pinfo = pinfo,
        .tree = add_root(proto, annotation, tvb, tree, in_full || is_teardown),
        .with_phrases = in_full && audience_printed() != PRINTS_OURS, /* lists of fields have values only */
    };
    place_t below = place;
    proto_item *role = add_word(&place, FIELD_ROLE, FOURWAVE_VOCABULARY_ROLE, annotation->role);

    add_waves(&place, annotation->waves);
    if (in_full) {
        add_peer(&place, FOURWAVE_SIDE_CLIENT, &annotation->client.after, is_teardown);
        add_peer(&place, FOURWAVE_SIDE_SERVER, &annotation->server.after, is_teardown);
    } else {
        add_name(&place, FIELD_CLIENT_STATE, annotation->client.after.expected);
        add_name(&place, FIELD_SERVER_STATE, annotation->server.after.expected);
    }
    add_links(&place, annotation);
    if (in_full) {
        proto_item_set_generated(
            proto_tree_add_uint64(place.tree, field(FIELD_CONNECTION), tvb, 0, 0, annotation->connection));
        below.tree = proto_item_add_subtree(role, field_subtree(SUBTREE_ROLE));
        add_ends(&below, annotation);
        add_modifiers(&place, annotation->modifiers);
    }
    if (in_full && seen->summary != NULL)
        add_connection(&place, seen);
    for (size_t i = 0; i < seen->remark_count; i++)
        add_remark(&place, &seen->remarks[i]);
}
