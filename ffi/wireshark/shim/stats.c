/* Statistics > TCP Teardown, and `tshark -z teardown,tree`: connections by kind and by who closed, findings, segments
 * by role.
 *
 * How a connection ended is known in the end. While frames are seen for the first time, its connections are therefore
 * only remembered, and counted before the table is drawn; later each segment brings the result. */
#include "teardown.h"

#include <epan/stats_tree.h>
#include <epan/tap.h>

static int tap = -1;

/* What a segment brings: its role, and, if known for good, what became of its connection. */
typedef struct {
    uint64_t connection;
    bool is_final;
    uint8_t role;
} news_t;

/* What was counted of a connection: 0 for nothing. */
typedef struct {
    uint64_t findings;
    uint8_t kind;
    uint8_t initiator;
    bool is_settled;
} counted_t;

/* A table that is shown. */
typedef struct {
    stats_tree *tree;
    GHashTable *counted; /* by connection */
    int connections, initiators, findings, roles;
    bool is_listening;
} table_t;

static GHashTable *tables; /* by stats_tree */

static const char *const connections_name = "Connections by kind";
static const char *const initiators_name = "Closed first by";
static const char *const findings_name = "Findings";
static const char *const roles_name = "Segments by role";

void stats_queue(packet_info *pinfo, const fourwave_annotation *annotation)
{
    news_t *news = wmem_new0(pinfo->pool, news_t);

    news->connection = annotation->connection;
    news->is_final = PINFO_FD_VISITED(pinfo);
    news->role = annotation->role;
    tap_queue_packet(tap, pinfo, news);
}

bool stats_wanted(void)
{
    return have_tap_listener(tap);
}

/* Moves one from a word to another below a node; 0 is no word. */
static void move(const table_t *table, const char *name, int node, uint32_t vocabulary, uint32_t was, uint32_t is)
{
    if (was == is)
        return;
    if (was != 0)
        stats_tree_manip_node_int(MN_INCREASE, table->tree, word(vocabulary, was), node, FALSE, -1);
    else
        stats_tree_manip_node_int(MN_INCREASE, table->tree, name, 0, FALSE, 1);
    if (is != 0)
        stats_tree_manip_node_int(MN_INCREASE, table->tree, word(vocabulary, is), node, FALSE, 1);
    else
        stats_tree_manip_node_int(MN_INCREASE, table->tree, name, 0, FALSE, -1);
}

static uint64_t findings_of(const fourwave_connection *connection, size_t count)
{
    fourwave_finding finding = { .struct_size = sizeof finding };
    uint64_t findings = 0;

    for (size_t i = 0; i < count; i++)
        if (fourwave_connection_finding(connection, i, FOURWAVE_LANG_EN, &finding) == FOURWAVE_OK)
            findings |= UINT64_C(1) << finding.id;
    return findings;
}

/* Counts a connection as it is now, instead of as it was. */
static void count(const table_t *table, uint64_t number, counted_t *counted)
{
    fourwave_connection *connection = dissect_connection(number);
    fourwave_summary summary = { .struct_size = sizeof summary };

    if (fourwave_connection_summary(connection, &summary) == FOURWAVE_OK) {
        uint64_t findings = findings_of(connection, summary.findings);

        move(table, connections_name, table->connections, FOURWAVE_VOCABULARY_KIND, counted->kind, summary.kind);
        move(table, initiators_name, table->initiators, FOURWAVE_VOCABULARY_WHO, counted->initiator,
             summary.initiator);
        for (uint32_t finding = 1; finding < MOST_WORDS; finding++)
            move(table, findings_name, table->findings, FOURWAVE_VOCABULARY_FINDING,
                 FOURWAVE_HAS(counted->findings, finding) ? finding : 0, FOURWAVE_HAS(findings, finding) ? finding : 0);
        counted->findings = findings;
        counted->kind = summary.kind;
        counted->initiator = summary.initiator;
        counted->is_settled = summary.is_settled;
    }
    fourwave_connection_free(connection);
}

static tap_packet_status packet(stats_tree *tree, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *data,
                                tap_flags_t flags _U_)
{
    const news_t *news = (const news_t *)data;
    table_t *table = (table_t *)g_hash_table_lookup(tables, tree);
    counted_t *counted;

    if (table == NULL)
        return TAP_PACKET_DONT_REDRAW;
    stats_tree_manip_node_int(MN_INCREASE, tree, roles_name, 0, FALSE, 1);
    stats_tree_manip_node_int(MN_INCREASE, tree, word(FOURWAVE_VOCABULARY_ROLE, news->role), table->roles, FALSE, 1);
    counted = (counted_t *)g_hash_table_lookup(table->counted, &news->connection);
    if (counted == NULL) {
        uint64_t *key = g_new(uint64_t, 1);

        *key = news->connection;
        counted = g_new0(counted_t, 1);
        g_hash_table_insert(table->counted, key, counted);
    }
    if (news->is_final && counted->kind == 0)
        count(table, news->connection, counted);
    return TAP_PACKET_REDRAW;
}

static void draw_one(void *key, void *value, void *table)
{
    counted_t *counted = (counted_t *)value;

    if (!counted->is_settled)
        count((const table_t *)table, *(const uint64_t *)key, counted);
}

/* Of a listener of our own, which comes before that of the table. */
static void draw(void *data)
{
    table_t *table = (table_t *)data;

    g_hash_table_foreach(table->counted, draw_one, table);
}

static tap_packet_status notice(void *table _U_, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                const void *data _U_, tap_flags_t flags _U_)
{
    return TAP_PACKET_REDRAW;
}

/* Our listener is gone. At the end of the program it goes first, and must not be removed again. */
static void stop_listening(void *data)
{
    ((table_t *)data)->is_listening = false;
}

static void forget_table(void *data)
{
    table_t *table = (table_t *)data;

    g_hash_table_destroy(table->counted);
    g_free(table);
}

static void close_table(stats_tree *tree)
{
    table_t *table = (table_t *)g_hash_table_lookup(tables, tree);

    if (table == NULL)
        return;
    if (table->is_listening)
        remove_tap_listener(table);
    g_hash_table_remove(tables, tree);
}

/* Also called when an open table begins again. */
static void open_table(stats_tree *tree)
{
    table_t *table = (table_t *)g_hash_table_lookup(tables, tree);

    if (table == NULL) {
        GString *error;

        table = g_new0(table_t, 1);
        table->tree = tree;
        table->counted = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
        g_hash_table_insert(tables, tree, table);
        error = register_tap_listener("teardown", table, NULL, TL_REQUIRES_NOTHING, NULL, notice, draw,
                                      stop_listening);
        table->is_listening = error == NULL;
        if (error != NULL)
            g_string_free(error, TRUE);
    } else {
        g_hash_table_remove_all(table->counted);
    }
    table->connections = stats_tree_create_node(tree, connections_name, 0, STAT_DT_INT, TRUE);
    table->initiators = stats_tree_create_node(tree, initiators_name, 0, STAT_DT_INT, TRUE);
    table->findings = stats_tree_create_node(tree, findings_name, 0, STAT_DT_INT, TRUE);
    table->roles = stats_tree_create_node(tree, roles_name, 0, STAT_DT_INT, TRUE);
}

static void forget_counted(void *tree _U_, void *table, void *data _U_)
{
    g_hash_table_remove_all(((table_t *)table)->counted);
}

void stats_forget(void)
{
    g_hash_table_foreach(tables, forget_counted, NULL);
}

void stats_register(void)
{
    tap = register_tap("teardown");
    tables = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, forget_table);
}

void stats_handoff(void)
{
    stats_tree_register_plugin("teardown", "teardown", "TCP Teardown", 0, packet, open_table, close_table);
}
