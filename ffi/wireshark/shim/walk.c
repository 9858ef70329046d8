/* Segments as Wireshark has found them: the TCP headers at the top level of the tree, each with the IP header before
 * it.
 *
 * For those who ask for it. It finds what only Wireshark can take apart, and costs a tree for every frame. A TCP header
 * that an ICMP message quotes is not at the top level, and is no segment. */
#include "teardown.h"

static dissector_handle_t handle;
static int tcp, ip, ipv6, tcp_len;

typedef struct {
    fourwave_engine *engine;
    const packet_info *pinfo;
    wmem_array_t *annotations;
    field_info *ip;
    unsigned layer;
} walk_t;

static void find_len(proto_node *node, void *data)
{
    field_info *field = PNODE_FINFO(node);

    if (field != NULL && field->hfinfo->id == tcp_len)
        *(uint32_t *)data = fvalue_get_uinteger(FIELD_VALUE(field));
}

static void push_tcp(walk_t *walk, proto_node *node, const field_info *header)
{
    fourwave_news news = { .struct_size = sizeof news };
    fourwave_segment segment = { .struct_size = sizeof segment };
    bool v4 = walk->ip->hfinfo->id == ip;
    int addresses = v4 ? 12 : 8, length = v4 ? 4 : 16;
    int captured = tvb_captured_length_remaining(header->ds_tvb, header->start);
    int header_len = MIN(header->length, captured);
    const uint8_t *octets;

    if (header_len <= 0 || walk->layer > UINT8_MAX
        || tvb_captured_length_remaining(walk->ip->ds_tvb, walk->ip->start) < addresses + 2 * length)
        return;
    octets = tvb_get_ptr(walk->ip->ds_tvb, walk->ip->start, addresses + 2 * length);
    proto_tree_children_foreach((proto_tree *)node, find_len, &segment.payload_len);
    segment.frame = walk->pinfo->num;
    segment.time_ns = time_ns_of(&walk->pinfo->abs_ts);
    segment.src = octets + addresses;
    segment.dst = octets + addresses + length;
    segment.address_len = (size_t)length;
    segment.ttl = octets[v4 ? 8 : 7];
    segment.has_ip_id = v4;
    segment.ip_id = (uint16_t)(octets[4] << 8 | octets[5]);
    segment.layer = (uint8_t)walk->layer++;
    if (captured > header_len)
        segment.payload_captured_len = MIN((uint32_t)(captured - header_len), segment.payload_len);
    segment.tcp = tvb_get_ptr(header->ds_tvb, header->start, header_len + (int)segment.payload_captured_len);
    segment.tcp_len = (size_t)header_len;
    segment.payload = segment.tcp + header_len;
    if (walk->annotations == NULL)
        fourwave_engine_push_segment(walk->engine, &segment, NULL);
    else if (fourwave_engine_push_segment(walk->engine, &segment, &news) == FOURWAVE_OK)
        dissect_collect(walk->annotations, &news);
}

static void top_level(proto_node *node, void *data)
{
    walk_t *walk = (walk_t *)data;
    field_info *field = PNODE_FINFO(node);

    if (field == NULL)
        return;
    if (field->hfinfo->id == ip || field->hfinfo->id == ipv6)
        walk->ip = field;
    else if (field->hfinfo->id == tcp && walk->ip != NULL)
        push_tcp(walk, node, field);
}

void walk_push(fourwave_engine *engine, packet_info *pinfo, proto_tree *tree, wmem_array_t *annotations)
{
    walk_t walk = { engine, pinfo, annotations, NULL, 0 };

    if (tree != NULL)
        proto_tree_children_foreach(tree, top_level, &walk);
}

void walk_apply(void)
{
    GArray *wanted;

    if (handle == NULL)
        return;
    wanted = g_array_new(FALSE, FALSE, sizeof(int));
    if (preference_wants_dissection()) {
        g_array_append_val(wanted, tcp);
        g_array_append_val(wanted, ip);
        g_array_append_val(wanted, ipv6);
        g_array_append_val(wanted, tcp_len);
    }
    set_postdissector_wanted_hfids(handle, wanted); /* keeps the array */
}

void walk_handoff(dissector_handle_t postdissector)
{
    handle = postdissector;
    tcp = proto_get_id_by_filter_name("tcp");
    ip = proto_get_id_by_filter_name("ip");
    ipv6 = proto_get_id_by_filter_name("ipv6");
    tcp_len = proto_registrar_get_id_byname("tcp.len");
}
