/* A frame: into the engine when it is seen for the first time, out of it whenever somebody looks.
 *
 * A post-dissector: it is called for each frame when all other dissectors are done, also where no tree is built. It
 * reads the octets of the frame, so the engine needs no tree; items are made only where somebody looks. */
#include "teardown.h"

#include <epan/tap.h>
#include <wiretap/wtap.h>

static int proto = -1;
static int expert_proto, expert_tap;
static dissector_handle_t handle;
static fourwave_engine *engine;
static bool remembers; /* the engine */

static void start(void)
{
    fourwave_options *options = preference_options();

    /* Wireshark registers these after all handoffs. */
    expert_proto = proto_get_id_by_filter_name("_ws.expert");
    expert_tap = find_tap_id("expert");
    fourwave_engine_free(engine);
    engine = NULL;
    if (options != NULL)
        fourwave_engine_new(options, &engine);
    remembers = engine != NULL;
    fourwave_options_free(options);
    words_speak(preference_language());
    audience_reset();
}

static void stop(void)
{
    stats_forget();
    fourwave_engine_free(engine);
    engine = NULL;
}

int64_t time_ns_of(const nstime_t *time)
{
    const int64_t second = 1000000000;

    /* Damaged files hold any time. */
    if (time->secs >= INT64_MAX / second)
        return INT64_MAX;
    if (time->secs <= INT64_MIN / second)
        return INT64_MIN;
    return (int64_t)time->secs * second + time->nsecs;
}

static bool is_packet(const packet_info *pinfo)
{
    return pinfo->rec != NULL && pinfo->rec->rec_type == REC_TYPE_PACKET;
}

static fourwave_packet packet_of(const packet_info *pinfo, tvbuff_t *tvb)
{
    int encapsulation = pinfo->rec->rec_header.packet_header.pkt_encap;
    uint32_t captured = tvb_captured_length(tvb);
    fourwave_packet packet = {
        .struct_size = sizeof packet,
        .frame = pinfo->num,
        .time_ns = time_ns_of(&pinfo->abs_ts),
        .data = captured > 0 ? tvb_get_ptr(tvb, 0, (int)captured) : NULL,
        .captured_len = captured,
        .len = tvb_reported_length(tvb),
        .link_type = link_type_of(encapsulation),
    };

    if (encapsulation == WTAP_ENCAP_ETHERNET && pinfo->pseudo_header != NULL && pinfo->pseudo_header->eth.fcs_len > 0)
        packet.fcs_len = (uint8_t)pinfo->pseudo_header->eth.fcs_len;
    return packet;
}

/* True if a connection's result has a place at this segment. Before a frame is visited again only the segments of a
 * teardown say how it ended so far. */
static bool tells_of_connection(const packet_info *pinfo, const fourwave_annotation *annotation)
{
    return PINFO_FD_VISITED(pinfo) || fourwave_role_is_teardown(annotation->role);
}

fourwave_connection *dissect_connection(uint64_t number)
{
    fourwave_connection *connection = NULL;

    return fourwave_engine_connection(engine, number, &connection) == FOURWAVE_OK ? connection : NULL;
}

static bool is_shown(const fourwave_annotation *annotation)
{
    return preference_show() == SHOW_ALL || fourwave_role_is_teardown(annotation->role)
           || (annotation->findings | annotation->concluded) != 0;
}

/* True if Wireshark says that a filter, a column or a list of fields names one of a protocol; not of -1, which is none. */
static bool is_named(int protocol)
{
    return protocol >= 0 && proto_registrar_get_nth((unsigned)protocol)->ref_type != HF_REF_TYPE_NONE;
}

static bool is_asked_for(void)
{
    return is_named(proto);
}

/* True if the tree shows everything, whoever looks at it. */
static bool shows_all(proto_tree *tree)
{
    return tree != NULL && !is_asked_for() && proto_field_is_referenced(tree, field(FIELD_ROLE));
}

/* The findings that belong to this segment, each with its sentence if its connection has one. */
static void collect_remarks(seen_t *seen, const fourwave_connection *connection, packet_info *pinfo)
{
    uint64_t set = seen->annotation->findings | seen->annotation->concluded;
    fourwave_finding finding = { .struct_size = sizeof finding };

    for (uint32_t id = 1; id < MOST_WORDS; id++) {
        if (FOURWAVE_HAS(set, id)) {
            remark_t *remark = &seen->remarks[seen->remark_count++];

            remark->id = id;
            remark->severity = fourwave_finding_severity(id);
            remark->text = phrase(FOURWAVE_VOCABULARY_FINDING, id);
            for (size_t i = 0; fourwave_connection_finding(connection, i, words_language(), &finding) == FOURWAVE_OK; i++) {
                if (finding.id == id) {
                    remark->severity = finding.severity;
                    remark->text = wmem_strdup(pinfo->pool, finding.text);
                }
            }
        }
    }
}

static void present(const fourwave_annotation *annotation, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    fourwave_summary summary = { .struct_size = sizeof summary };
    seen_t seen = { .annotation = annotation };
    fourwave_connection *connection = NULL;
    bool in_full = PINFO_FD_VISITED(pinfo) || is_asked_for() || audience_printed() == PRINTS_OURS;

    if (annotation->findings != 0 || (in_full && tells_of_connection(pinfo, annotation)))
        connection = dissect_connection(annotation->connection);
    if (fourwave_connection_summary(connection, &summary) == FOURWAVE_OK)
        seen.summary = &summary;
    collect_remarks(&seen, connection, pinfo);
    fourwave_connection_free(connection);
    show(&seen, proto, tvb, pinfo, tree, in_full);
}

/* True if the expert items of all frames are collected. */
static bool experts_wanted(void)
{
    return have_tap_listener(expert_tap);
}

/* True if somebody looks at what is put into the tree: all of it is shown and may be read, or one of our fields or of
 * those of expert items is asked for. (That Wireshark calls a protocol referenced is no sign of it: in some trees all
 * are.) */
static bool is_looked_at(proto_tree *tree)
{
    return (tree != NULL && (is_asked_for() || is_named(expert_proto)))
           || (shows_all(tree) && audience_printed() != PRINTS_OTHERS);
}

void dissect_collect(wmem_array_t *annotations, const fourwave_news *news)
{
    fourwave_annotation annotation = { .struct_size = sizeof annotation };

    for (size_t i = 0; i < news->annotations; i++)
        if (fourwave_engine_annotation(engine, i, &annotation) == FOURWAVE_OK)
            wmem_array_append_one(annotations, annotation);
}

/* Into the engine. What it says is collected unless that is NULL. */
static void push(packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree, wmem_array_t *annotations)
{
    fourwave_packet packet = packet_of(pinfo, tvb);
    fourwave_news news = { .struct_size = sizeof news };

    if (preference_source() == FROM_DISSECTION)
        walk_push(engine, pinfo, tree, annotations);
    else if (annotations == NULL)
        fourwave_engine_push_packet(engine, &packet, NULL);
    else if (fourwave_engine_push_packet(engine, &packet, &news) == FOURWAVE_OK)
        dissect_collect(annotations, &news);
}

/* What was taken in need not be kept. */
static void forget(void)
{
    if (remembers)
        fourwave_engine_forget(engine);
    remembers = false;
}

/* Into the engine, unless nobody asks for it, now or later. */
static void take_in(packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree, wmem_array_t *annotations)
{
    bool may_come_back = audience_may_come_back(pinfo, shows_all(tree));

    if (!may_come_back && !stats_wanted())
        forget();
    if (may_come_back || annotations != NULL)
        push(pinfo, tvb, tree, annotations);
}

/* Out of the engine. */
static void look(packet_info *pinfo, tvbuff_t *tvb, wmem_array_t *annotations)
{
    fourwave_packet packet = packet_of(pinfo, tvb);
    fourwave_news news = { .struct_size = sizeof news };

    if (preference_source() == FROM_DISSECTION)
        packet.captured_len = packet.len = 0; /* found by its number alone */
    if (fourwave_engine_look(engine, &packet, &news) == FOURWAVE_OK)
        dissect_collect(annotations, &news);
}

static int dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    bool tree_wanted = is_looked_at(tree);
    bool shown = tree_wanted || experts_wanted();
    wmem_array_t *annotations = NULL;

    if (engine == NULL || !is_packet(pinfo))
        return 0;
    if (shown || stats_wanted())
        annotations = wmem_array_new(pinfo->pool, sizeof(fourwave_annotation));
    if (!PINFO_FD_VISITED(pinfo))
        take_in(pinfo, tvb, tree, annotations);
    else if (annotations != NULL)
        look(pinfo, tvb, annotations);
    for (unsigned i = 0; annotations != NULL && i < wmem_array_get_count(annotations); i++) {
        const fourwave_annotation *annotation = (const fourwave_annotation *)wmem_array_index(annotations, i);

        if (stats_wanted())
            stats_queue(pinfo, annotation);
        if (shown && is_shown(annotation))
            present(annotation, tvb, pinfo, tree_wanted ? tree : NULL);
    }
    return 0;
}

void dissect_register(int protocol)
{
    proto = protocol;
    handle = register_dissector("teardown", dissect, proto);
    register_init_routine(start);
    register_cleanup_routine(stop);
    register_postdissector(handle);
}

void dissect_handoff(void)
{
    link_types_load();
    walk_handoff(handle);
}
