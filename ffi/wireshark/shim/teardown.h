/* What the files of the plugin share.
 *
 *   plugin.c       the protocol and its life
 *   preferences.c  what a user can set
 *   words.c        codes and phrases
 *   fields.c       the fields and expert items that are registered
 *   dissect.c      a frame: into the engine the first time, out of it every time
 *   audience.c     whether anybody can ask for what a frame brings, and for what of it
 *   link_type.c    how the octets of a frame are to be read
 *   walk.c         segments as Wireshark has found them, for those who ask for that
 *   show.c         an annotation in the tree
 *   stats.c        Statistics > TCP Teardown
 *
 * Everything of Wireshark is called from here, everything of TCP is asked of fourwave.h. No file knows a rule.
 */
#ifndef FOURWAVE_TEARDOWN_H
#define FOURWAVE_TEARDOWN_H

#include "compat.h"

#include <epan/expert.h>
#include <epan/packet.h>
#include <epan/prefs.h>

#include "fourwave.h"

/* Preferences. */
typedef enum { SHOW_ALL, SHOW_TEARDOWNS } show_t;
typedef enum { FROM_OCTETS, FROM_DISSECTION } source_t;
void preferences_register(int proto);
show_t preference_show(void);
source_t preference_source(void); /* of the engine that was made last */
bool preference_wants_dissection(void); /* of the next one */
uint32_t preference_language(void); /* FOURWAVE_LANG_... */
fourwave_options *preference_options(void);

/* Words. None is NULL. */
#define MOST_WORDS 64 /* of a vocabulary: as many as a set has bits */
void words_load(void);
void words_speak(uint32_t language); /* FOURWAVE_LANG_...: that of phrases */
uint32_t words_language(void);
const char *word(uint32_t vocabulary, uint32_t number); /* its code */
const char *phrase(uint32_t vocabulary, uint32_t number); /* its words */
const char *next_steps(uint32_t side, uint32_t state); /* what can come next */

/* Fields, by what they show. */
typedef enum {
    FIELD_CONNECTION,
    FIELD_ROLE,
    FIELD_WAVE,
    FIELD_MODIFIER,
    FIELD_SENDER_BEFORE,
    FIELD_SENDER_AFTER,
    FIELD_RECEIVER_BEFORE,
    FIELD_RECEIVER_AFTER,
    FIELD_CLIENT_STATE,
    FIELD_CLIENT_CONFIRMED,
    FIELD_SERVER_STATE,
    FIELD_SERVER_CONFIRMED,
    FIELD_NEXT,
    FIELD_INITIATOR,
    FIELD_KIND,
    FIELD_FIN_ACKED_IN,
    FIELD_ACKS_FIN_IN,
    FIELD_FIN_REPEATS,
    FIELD_ANSWERED_BY_RST_IN,
    FIELD_FIN1_ACK_TIME,
    FIELD_CLOSE_WAIT_TIME,
    FIELD_LAST_ACK_TIME,
    FIELD_TIME_WAIT_UNTIL,
    FIELD_FINDING,
    FIELD_COUNT
} field_t;
void fields_register(int proto);
int field(field_t which);
typedef enum { SUBTREE_ROOT, SUBTREE_ROLE, SUBTREE_STATE, SUBTREE_COUNT } subtree_t;
int field_subtree(subtree_t which); /* what the user has opened stays open, by these */
expert_field *field_expert(uint32_t finding, uint32_t severity);

/* Link types. */
void link_types_load(void);
uint16_t link_type_of(int encapsulation); /* a LINKTYPE_ number, or one that nobody reads */

/* Who asks. */
typedef enum { PRINTS_ANYTHING, PRINTS_OURS, PRINTS_OTHERS } printed_t; /* as in src/command_line.rs */
void audience_reads(printed_t printed); /* what the program prints of a tree that shows everything */
printed_t audience_printed(void);
void audience_register(void);
void audience_reset(void); /* a file is opened */
/* The first time a frame is seen: may it be shown again? `sees_all`: its whole tree is shown now. */
bool audience_may_come_back(packet_info *pinfo, bool sees_all);

/* A frame. */
void dissect_register(int proto);
void dissect_handoff(void);
int64_t time_ns_of(const nstime_t *time); /* the nearest that fits */
void dissect_collect(wmem_array_t *annotations, const fourwave_news *news); /* after a call of the engine */
fourwave_connection *dissect_connection(uint64_t number); /* what is known of it now; NULL for none */

/* Segments as Wireshark has found them. */
void walk_handoff(dissector_handle_t handle);
void walk_apply(void); /* the preference may have changed */
void walk_push(fourwave_engine *engine, packet_info *pinfo, proto_tree *tree, wmem_array_t *annotations);

/* What is to be said of a finding. */
typedef struct {
    uint32_t id;
    uint32_t severity;
    const char *text;
} remark_t;

/* One annotation, and what is known of its connection: `summary` is NULL if that is nothing. Lives as long as the
 * packet; adding items may leave by an exception, so nothing here needs to be freed. */
typedef struct {
    const fourwave_annotation *annotation;
    const fourwave_summary *summary;
    remark_t remarks[MOST_WORDS];
    size_t remark_count;
} seen_t;
void show(const seen_t *seen, int proto, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, bool in_full);

/* Statistics. */
void stats_register(void);
void stats_handoff(void);
void stats_forget(void); /* the connections counted: the file is closed */
bool stats_wanted(void);
void stats_queue(packet_info *pinfo, const fourwave_annotation *annotation);

#endif
