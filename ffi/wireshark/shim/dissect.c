/* A frame: into the engine when it is seen for the first time, out of it whenever somebody looks.
 *
 * A post-dissector: it is called for each frame when all other dissectors are done, also where no tree is built. It
 * reads the octets of the frame, so it costs the same whether fields are wanted or not. */
#include "teardown.h"

#include <epan/tap.h>
#include <wiretap/wtap.h>

static int proto = -1;
static dissector_handle_t handle;
static int expert_tap = -1;
static fourwave_engine *engine;

static void start(void)
{
    fourwave_options *options = preference_options();

    fourwave_engine_free(engine);
    engine = NULL;
    fourwave_engine_new(options, &engine);
    words_speak(preference_language());
    fourwave_options_free(options);
}

static void stop(void)
{
    fourwave_engine_free(engine);
    engine = NULL;
}

/* False for a record that is no packet. */
static bool packet_of(packet_info *pinfo, tvbuff_t *tvb, fourwave_packet *packet)
{
    int encapsulation;

    if (pinfo->rec == NULL || pinfo->rec->rec_type != REC_TYPE_PACKET)
        return false;
    encapsulation = pinfo->rec->rec_header.packet_header.pkt_encap;
    memset(packet, 0, sizeof *packet);
    packet->struct_size = sizeof *packet;
    packet->frame = pinfo->num;
    packet->time_ns = (int64_t)pinfo->abs_ts.secs * 1000000000 + pinfo->abs_ts.nsecs;
    packet->captured_len = tvb_captured_length(tvb);
    packet->len = tvb_reported_length(tvb);
    packet->data = packet->captured_len > 0 ? tvb_get_ptr(tvb, 0, (int)packet->captured_len) : NULL;
    packet->link_type = link_type_of(encapsulation);
    if (encapsulation == WTAP_ENCAP_ETHERNET && pinfo->pseudo_header != NULL && pinfo->pseudo_header->eth.fcs_len > 0)
        packet->fcs_len = (uint8_t)pinfo->pseudo_header->eth.fcs_len;
    return true;
}

/* True if a connection's result has a place at this segment. Before a frame is visited again only the segments of a
 * teardown say how it ended so far. */
static bool tells_of_connection(const packet_info *pinfo, const fourwave_annotation *annotation)
{
    return PINFO_FD_VISITED(pinfo) || fourwave_role_is_teardown(annotation->role) || annotation->findings != 0;
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

static void present(const fourwave_annotation *annotation, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    fourwave_summary summary = { .struct_size = sizeof summary };
    seen_t seen = { .annotation = annotation };
    fourwave_connection *connection = NULL;

    if (tells_of_connection(pinfo, annotation))
        connection = dissect_connection(annotation->connection);
    if (fourwave_connection_summary(connection, &summary) == FOURWAVE_OK) {
        seen.connection = connection;
        seen.summary = &summary;
    }
    show(&seen, proto, tvb, pinfo, tree);
    fourwave_connection_free(connection);
}

/* True if somebody looks at what is put into the tree: all of it is shown, or one of our fields is asked for. (That a
 * protocol is referenced is no sign of it: in some trees all are.) */
static bool is_looked_at(proto_tree *tree)
{
    return tree != NULL
           && (proto_field_is_referenced(tree, field(FIELD_ROLE))
               || proto_registrar_get_nth((unsigned)proto)->ref_type != HF_REF_TYPE_NONE);
}

void dissect_collect(wmem_array_t *annotations, const fourwave_news *news)
{
    fourwave_annotation annotation = { .struct_size = sizeof annotation };

    for (size_t i = 0; i < news->annotations; i++)
        if (fourwave_engine_annotation(engine, i, &annotation) == FOURWAVE_OK)
            wmem_array_append_one(annotations, annotation);
}

/* Into the engine. What it says is collected unless that is NULL. */
static void push(packet_info *pinfo, proto_tree *tree, const fourwave_packet *packet, wmem_array_t *annotations)
{
    fourwave_news news = { .struct_size = sizeof news };

    if (preference_source() == FROM_DISSECTION)
        walk_push(engine, pinfo, tree, annotations);
    else if (annotations == NULL)
        fourwave_engine_push_packet(engine, packet, NULL);
    else if (fourwave_engine_push_packet(engine, packet, &news) == FOURWAVE_OK)
        dissect_collect(annotations, &news);
}

/* Out of the engine. */
static void look(fourwave_packet *packet, wmem_array_t *annotations)
{
    fourwave_news news = { .struct_size = sizeof news };

    if (preference_source() == FROM_DISSECTION)
        packet->captured_len = packet->len = 0; /* found by its number alone */
    if (fourwave_engine_look(engine, packet, &news) == FOURWAVE_OK)
        dissect_collect(annotations, &news);
}

static int dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    bool tree_wanted = is_looked_at(tree);
    bool shown = tree_wanted || have_tap_listener(expert_tap);
    wmem_array_t *annotations = NULL;
    fourwave_packet packet;

    if (engine == NULL || !packet_of(pinfo, tvb, &packet))
        return 0;
    if (shown || stats_wanted())
        annotations = wmem_array_new(pinfo->pool, sizeof(fourwave_annotation));
    if (!PINFO_FD_VISITED(pinfo))
        push(pinfo, tree, &packet, annotations);
    else if (annotations != NULL)
        look(&packet, annotations);
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
    expert_tap = find_tap_id("expert");
    walk_handoff(handle);
}
