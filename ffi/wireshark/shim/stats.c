/* Statistics > TCP Teardown, and `tshark -z teardown,tree`: connections by kind and by who closed, segments by role,
 * findings.
 *
 * How a connection ended is known in the end; each segment brings what is known by then, and what it says anew replaces
 * what the one before said. */
#include "teardown.h"

#include <epan/stats_tree.h>
#include <epan/tap.h>

static int tap = -1;

/* What a segment brings. */
typedef struct {
    uint64_t connection;
    uint64_t findings;
    uint8_t role;
    uint8_t kind;
    uint8_t initiator;
} news_t;

/* What was counted of a connection. */
typedef struct {
    uint64_t findings;
    uint8_t kind;
    uint8_t initiator;
} counted_t;

static GHashTable *counted;
static int connections, initiators, roles, findings;

static const char *const connections_name = "Connections by kind";
static const char *const initiators_name = "Closed first by";
static const char *const roles_name = "Segments by role";
static const char *const findings_name = "Findings";
static const char *const going_on_name = "no end seen so far";

void stats_queue(packet_info *pinfo, const seen_t *seen)
{
    news_t *news = wmem_new0(pinfo->pool, news_t);

    news->connection = seen->annotation->connection;
    news->role = seen->annotation->role;
    if (seen->summary != NULL) {
        news->kind = seen->summary->kind;
        news->initiator = seen->summary->initiator;
        for (size_t i = 0; i < seen->summary->findings; i++) {
            fourwave_finding finding = { .struct_size = sizeof finding };

            if (fourwave_connection_finding(seen->connection, i, FOURWAVE_LANG_EN, &finding) == FOURWAVE_OK)
                news->findings |= UINT64_C(1) << finding.id;
        }
    }
    tap_queue_packet(tap, pinfo, news);
}

bool stats_wanted(void)
{
    return have_tap_listener(tap);
}

static void count(stats_tree *tree, const char *name, int parent, int change)
{
    stats_tree_manip_node_int(MN_INCREASE, tree, name, parent, FALSE, change);
}

static const char *kind_name(uint32_t kind)
{
    return fourwave_kind_is_end(kind) ? word(FOURWAVE_VOCABULARY_KIND, kind) : going_on_name;
}

/* `was` and `is` are 0 for nothing. */
static void count_kind(stats_tree *tree, uint32_t was, uint32_t is)
{
    if (was != 0 && kind_name(was) == kind_name(is))
        return;
    if (was != 0)
        count(tree, kind_name(was), connections, -1);
    else
        count(tree, connections_name, 0, 1);
    count(tree, kind_name(is), connections, 1);
}

static void count_initiator(stats_tree *tree, uint32_t was, uint32_t is)
{
    if (was == is)
        return;
    if (was != 0)
        count(tree, word(FOURWAVE_VOCABULARY_WHO, was), initiators, -1);
    else
        count(tree, initiators_name, 0, 1);
    if (is != 0)
        count(tree, word(FOURWAVE_VOCABULARY_WHO, is), initiators, 1);
    else
        count(tree, initiators_name, 0, -1);
}

static void count_findings(stats_tree *tree, uint64_t was, uint64_t is)
{
    for (uint32_t finding = 1; finding < 64; finding++) {
        int change = (int)(is >> finding & 1) - (int)(was >> finding & 1);

        if (change != 0) {
            count(tree, findings_name, 0, change);
            count(tree, word(FOURWAVE_VOCABULARY_FINDING, finding), findings, change);
        }
    }
}

static tap_packet_status packet(stats_tree *tree, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *data,
                                tap_flags_t flags _U_)
{
    const news_t *news = (const news_t *)data;
    counted_t *before = (counted_t *)g_hash_table_lookup(counted, &news->connection);

    count(tree, roles_name, 0, 1);
    count(tree, word(FOURWAVE_VOCABULARY_ROLE, news->role), roles, 1);
    if (before == NULL) {
        uint64_t *key = g_new(uint64_t, 1);

        *key = news->connection;
        before = g_new0(counted_t, 1);
        g_hash_table_insert(counted, key, before);
    }
    if (news->kind != 0) {
        count_kind(tree, before->kind, news->kind);
        count_initiator(tree, before->initiator, news->initiator);
        count_findings(tree, before->findings, news->findings);
        before->kind = news->kind;
        before->initiator = news->initiator;
        before->findings = news->findings;
    }
    return TAP_PACKET_REDRAW;
}

static void forget(stats_tree *tree _U_)
{
    if (counted != NULL)
        g_hash_table_destroy(counted);
    counted = NULL;
}

static void start(stats_tree *tree)
{
    forget(tree);
    counted = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    connections = stats_tree_create_node(tree, connections_name, 0, STAT_DT_INT, TRUE);
    initiators = stats_tree_create_node(tree, initiators_name, 0, STAT_DT_INT, TRUE);
    roles = stats_tree_create_node(tree, roles_name, 0, STAT_DT_INT, TRUE);
    findings = stats_tree_create_node(tree, findings_name, 0, STAT_DT_INT, TRUE);
}

void stats_register(int proto _U_)
{
    tap = register_tap("teardown");
}

void stats_handoff(void)
{
    stats_tree_register_plugin("teardown", "teardown", "TCP Teardown", 0, packet, start, forget);
}
