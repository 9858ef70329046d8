/* How TCP connections end, for C.
 *
 * Made from the source by `UPDATE_HEADER=1 cargo test -p fourwave-ffi --test header`; do not edit.
 *
 * Pointers: every handle and structure is the caller's. A pointer argument is NULL, or points to what its type says
 * for as long as the call lasts; NULL where something is needed gives FOURWAVE_NULL. Every _free takes NULL.
 * Texts are UTF-8 and end with NUL; how long a text lives stands at its function, "static" is for ever.
 * Structures: set struct_size to sizeof, and the rest of what you hand in to 0 where you do not know it.
 * Threads: a handle may move from thread to thread, but be used by one at a time; handles share nothing.
 * Versions: compare FOURWAVE_ABI_VERSION with fourwave_abi_version() once, before anything else.
 */

#ifndef FOURWAVE_H
#define FOURWAVE_H

#include <stddef.h>
#include <stdint.h>

/* The numbers of all words. They never change; new ones may come. */

/* 1 if a word is in a set: its bit, counted from 0, is its number. */
#define FOURWAVE_HAS(set, number) ((int)((set) >> (number) & 1))

/* Languages. */
enum {
    FOURWAVE_LANG_EN = 1, /* en */
    FOURWAVE_LANG_ZH_CN = 2, /* zh-CN */
};

/* Vocabularies, for fourwave_code and fourwave_text. */
enum {
    FOURWAVE_VOCABULARY_SIDE = 1, /* An end of a connection. */
    FOURWAVE_VOCABULARY_STATE = 2, /* A state of RFC 9293, or UNKNOWN: no statement. */
    FOURWAVE_VOCABULARY_ROLE = 3, /* What a segment does to the end of its connection. */
    FOURWAVE_VOCABULARY_WAVE = 4, /* One of the four waves of a close. */
    FOURWAVE_VOCABULARY_MODIFIER = 5, /* What a segment is beside its role. */
    FOURWAVE_VOCABULARY_KIND = 6, /* How a connection ended. */
    FOURWAVE_VOCABULARY_CONNECTION_MODIFIER = 7, /* What a connection is beside its kind. */
    FOURWAVE_VOCABULARY_CLIENT_BASIS = 8, /* What the roles of client and server rest on. */
    FOURWAVE_VOCABULARY_WHO = 9, /* Who began a close. */
    FOURWAVE_VOCABULARY_BY = 10, /* What shows who began. */
    FOURWAVE_VOCABULARY_CERTAINTY = 11, /* How firm a statement is. */
    FOURWAVE_VOCABULARY_FINDING = 12, /* Something worth a remark. */
    FOURWAVE_VOCABULARY_SEVERITY = 13, /* How much a finding matters. */
    FOURWAVE_VOCABULARY_DUTY = 14, /* What a peer must send whatever its application does. */
    FOURWAVE_VOCABULARY_CAUSE = 15, /* Who causes a step that can come next. */
    FOURWAVE_VOCABULARY_ON = 16, /* What such a step is. */
    FOURWAVE_VOCABULARY_RESET_FORM = 17, /* The shape of a RST. */
};

/* An end of a connection. */
enum {
    FOURWAVE_SIDE_CLIENT = 1, /* client */
    FOURWAVE_SIDE_SERVER = 2, /* server */
};

/* A state of RFC 9293, or UNKNOWN: no statement. */
enum {
    FOURWAVE_STATE_UNKNOWN = 1, /* nothing can be said */
    FOURWAVE_STATE_CLOSED = 2, /* no connection */
    FOURWAVE_STATE_LISTEN = 3, /* waits for a SYN */
    FOURWAVE_STATE_SYN_SENT = 4, /* sent a SYN and waits for the answer */
    FOURWAVE_STATE_SYN_RECEIVED = 5, /* has the peer's SYN and waits for the ACK of its own */
    FOURWAVE_STATE_ESTABLISHED = 6, /* open: data flows both ways */
    FOURWAVE_STATE_FIN_WAIT_1 = 7, /* sent its FIN and waits for the ACK of it */
    FOURWAVE_STATE_FIN_WAIT_2 = 8, /* its FIN is acknowledged; waits for the peer's FIN */
    FOURWAVE_STATE_CLOSE_WAIT = 9, /* has the peer's FIN; its own application has not closed */
    FOURWAVE_STATE_CLOSING = 10, /* both FINs crossed; waits for the ACK of its own */
    FOURWAVE_STATE_LAST_ACK = 11, /* sent its FIN as the second and waits for the ACK of it */
    FOURWAVE_STATE_TIME_WAIT = 12, /* all is acknowledged; waits 2MSL for old segments to die out */
};

/* What a segment does to the end of its connection. */
enum {
    FOURWAVE_ROLE_FIN_1 = 1, /* first FIN */
    FOURWAVE_ROLE_ACK_OF_FIN_1 = 2, /* ACK of first FIN */
    FOURWAVE_ROLE_FIN_2 = 3, /* second FIN */
    FOURWAVE_ROLE_ACK_OF_FIN_2 = 4, /* ACK of second FIN */
    FOURWAVE_ROLE_FIN_ACK_COMBINED = 5, /* second FIN + ACK of first */
    FOURWAVE_ROLE_FIN_SIMULTANEOUS = 6, /* second FIN, crossing */
    FOURWAVE_ROLE_FIN_RETRANSMISSION = 7, /* FIN again */
    FOURWAVE_ROLE_FIN_CONFLICT = 8, /* contradicts the FIN */
    FOURWAVE_ROLE_REACK_OF_FIN = 9, /* ACK of FIN again */
    FOURWAVE_ROLE_HALF_CLOSE_DATA = 10, /* data after half-close */
    FOURWAVE_ROLE_CROSSING_DATA = 11, /* data crossing the FIN */
    FOURWAVE_ROLE_RST_REFUSED = 12, /* RST: refused */
    FOURWAVE_ROLE_RST_HANDSHAKE = 13, /* RST in handshake */
    FOURWAVE_ROLE_RST_ABORT = 14, /* RST: abort */
    FOURWAVE_ROLE_RST_INSTEAD_OF_FIN = 15, /* RST instead of FIN */
    FOURWAVE_ROLE_RST_AFTER_FIN = 16, /* RST after own FIN */
    FOURWAVE_ROLE_RST_TO_LATE_DATA = 17, /* RST to late data */
    FOURWAVE_ROLE_RST_IN_RESPONSE = 18, /* RST: no such connection */
    FOURWAVE_ROLE_RST_INTO_TIME_WAIT = 19, /* RST into TIME-WAIT */
    FOURWAVE_ROLE_RST_AFTER_CLOSE = 20, /* RST after close */
    FOURWAVE_ROLE_RST_IGNORED = 21, /* RST, not acceptable */
    FOURWAVE_ROLE_RST_REPEAT = 22, /* RST again */
    FOURWAVE_ROLE_CHALLENGE_ACK = 23, /* challenge ACK */
    FOURWAVE_ROLE_AFTER_OWN_RST = 24, /* goes on after own RST */
    FOURWAVE_ROLE_LATE_SEGMENT = 25, /* crossed the RST */
    FOURWAVE_ROLE_SYN_IN_SYNCHRONIZED = 26, /* SYN into connection */
    FOURWAVE_ROLE_REUSE_SYN = 27, /* SYN: ports reused */
    FOURWAVE_ROLE_STRAY = 28, /* stray */
    FOURWAVE_ROLE_ILLEGAL_FLAGS = 29, /* illegal flags */
    FOURWAVE_ROLE_OPEN = 30, /* handshake */
    FOURWAVE_ROLE_DATA = 31, /* data */
    FOURWAVE_ROLE_ACK = 32, /* ACK */
    FOURWAVE_ROLE_KEEPALIVE = 33, /* keepalive */
    FOURWAVE_ROLE_ZERO_WINDOW_PROBE = 34, /* window probe */
    FOURWAVE_ROLE_TIME_WAIT_EXPIRED = 35, /* 2MSL over */
};

/* One of the four waves of a close. */
enum {
    FOURWAVE_WAVE_1 = 1, /* the first FIN */
    FOURWAVE_WAVE_2 = 2, /* the other peer acknowledges it */
    FOURWAVE_WAVE_3 = 3, /* the other peer's FIN */
    FOURWAVE_WAVE_4 = 4, /* the first closer acknowledges that */
};

/* What a segment is beside its role. */
enum {
    FOURWAVE_MODIFIER_DATA = 1, /* carries data */
    FOURWAVE_MODIFIER_FILLS_GAP = 2, /* fills a gap in what was seen */
    FOURWAVE_MODIFIER_RETRANSMISSION = 3, /* repeats octets seen before */
    FOURWAVE_MODIFIER_ALREADY_ACKED = 4, /* what it repeats was already acknowledged */
    FOURWAVE_MODIFIER_GAP_BEFORE = 5, /* octets before it were not seen */
    FOURWAVE_MODIFIER_ACKS_UNSEEN = 6, /* acknowledges octets that were not seen */
    FOURWAVE_MODIFIER_MAYBE_ACKS_UNSEEN_FIN = 7, /* the one unseen octet it acknowledges may be a FIN */
    FOURWAVE_MODIFIER_INFERS_UNSEEN_FIN = 8, /* shows that a FIN was sent that was not seen */
    FOURWAVE_MODIFIER_LATE_CAPTURE = 9, /* recorded after its own acknowledgment */
    FOURWAVE_MODIFIER_OLD_SEQ = 10, /* too old: its receiver does not look at its ACK */
    FOURWAVE_MODIFIER_ACK_INVALID = 11, /* its ACK number cannot be meant */
    FOURWAVE_MODIFIER_REPEAT = 12, /* a copy; the first one counts */
    FOURWAVE_MODIFIER_DUPLICATE = 13, /* the same packet again */
    FOURWAVE_MODIFIER_ZERO_WINDOW = 14, /* announces a closed window */
    FOURWAVE_MODIFIER_EXACT = 15, /* RST at exactly the expected number */
    FOURWAVE_MODIFIER_EXACT_FIN_1 = 16, /* RST at the number of its sender's own FIN */
    FOURWAVE_MODIFIER_IN_WINDOW = 17, /* RST in the window, but not at the expected number */
    FOURWAVE_MODIFIER_OUT_OF_WINDOW = 18, /* outside the window */
    FOURWAVE_MODIFIER_UNKNOWN = 19, /* the expected number was not seen */
    FOURWAVE_MODIFIER_ANSWERS_BAD_ACK = 20, /* answers an ACK that does not fit the handshake */
    FOURWAVE_MODIFIER_REORDERED = 21, /* out of order */
    FOURWAVE_MODIFIER_RST_NOT_RECEIVED = 22, /* its sender has not accepted the peer's RST */
    FOURWAVE_MODIFIER_FROM_TIME_WAIT = 23, /* its receiver is expected in TIME-WAIT */
    FOURWAVE_MODIFIER_EVICTED = 24, /* its connection was dropped from memory */
};

/* How a connection ended. */
enum {
    FOURWAVE_KIND_STRAY_ONLY = 1, /* no connection seen */
    FOURWAVE_KIND_REFUSED = 2, /* connection refused */
    FOURWAVE_KIND_SUPERSEDED = 3, /* end not seen, ports reused */
    FOURWAVE_KIND_HANDSHAKE_RESET = 4, /* reset during the handshake */
    FOURWAVE_KIND_RESET_DURING_CLOSE = 5, /* both closed, then reset before the end */
    FOURWAVE_KIND_SIMULTANEOUS = 6, /* simultaneous close */
    FOURWAVE_KIND_HALF_CLOSE = 7, /* half-close with data */
    FOURWAVE_KIND_THREE_SEGMENT = 8, /* waves 2 and 3 merged */
    FOURWAVE_KIND_FOUR_WAY = 9, /* four-way close */
    FOURWAVE_KIND_FIN_THEN_RESET_BY_CLOSER = 10, /* FIN, then reset by the closer */
    FOURWAVE_KIND_FIN_THEN_RESET_BY_PEER = 11, /* FIN, then reset by the peer */
    FOURWAVE_KIND_ONE_WAY_CLOSE = 12, /* one direction captured, closed */
    FOURWAVE_KIND_HALF_CLOSED_OPEN = 13, /* one side closed, no end of the other seen */
    FOURWAVE_KIND_FIN_UNANSWERED = 14, /* FIN without answer */
    FOURWAVE_KIND_RESET = 15, /* reset */
    FOURWAVE_KIND_HANDSHAKE_INCOMPLETE = 16, /* handshake not completed */
    FOURWAVE_KIND_ONE_WAY_OPEN = 17, /* one direction captured, open */
    FOURWAVE_KIND_OPEN_AT_END = 18, /* no end seen before the capture ends */
};

/* What a connection is beside its kind. */
enum {
    FOURWAVE_CONNECTION_MODIFIER_MID_STREAM = 1, /* the capture begins after the handshake */
    FOURWAVE_CONNECTION_MODIFIER_ONE_WAY = 2, /* only one direction was seen */
    FOURWAVE_CONNECTION_MODIFIER_SYN_NOT_SEEN = 3, /* a SYN was not seen */
    FOURWAVE_CONNECTION_MODIFIER_SIMULTANEOUS_OPEN = 4, /* both peers opened at the same time */
    FOURWAVE_CONNECTION_MODIFIER_OOO_OVERFLOW = 5, /* too many gaps to follow; the rest is taken as received */
    FOURWAVE_CONNECTION_MODIFIER_MPTCP = 6, /* a subflow of Multipath TCP: the states are those of this subflow only */
    FOURWAVE_CONNECTION_MODIFIER_TRUNCATED_BY_END = 7, /* cut off by the end of the capture */
    FOURWAVE_CONNECTION_MODIFIER_EVICTED = 8, /* no longer followed before an end was seen */
};

/* What the roles of client and server rest on. */
enum {
    FOURWAVE_CLIENT_BASIS_SYN = 1, /* its SYN was seen */
    FOURWAVE_CLIENT_BASIS_SYN_ACK = 2, /* the server's SYN-ACK was seen */
    FOURWAVE_CLIENT_BASIS_PORT = 3, /* likely, by the port numbers */
    FOURWAVE_CLIENT_BASIS_FIRST_PACKET = 4, /* a guess: it sent the first packet seen */
};

/* Who began a close. */
enum {
    FOURWAVE_WHO_CLIENT = 1, /* client */
    FOURWAVE_WHO_SERVER = 2, /* server */
    FOURWAVE_WHO_BOTH = 3, /* both peers */
};

/* What shows who began. */
enum {
    FOURWAVE_BY_FIN = 1, /* FIN */
    FOURWAVE_BY_FIN_INFERRED = 2, /* a FIN that was not seen but follows from acknowledgments */
    FOURWAVE_BY_RST = 3, /* RST */
};

/* How firm a statement is. */
enum {
    FOURWAVE_CERTAINTY_CERTAIN = 1, /* certain */
    FOURWAVE_CERTAINTY_LIKELY = 2, /* likely */
};

/* Something worth a remark. */
enum {
    FOURWAVE_FINDING_THREE_SEGMENT_CLOSE = 1, /* Three-segment close */
    FOURWAVE_FINDING_SIMULTANEOUS_CLOSE = 2, /* Simultaneous close */
    FOURWAVE_FINDING_HALF_CLOSE = 3, /* Half-close */
    FOURWAVE_FINDING_CLOSE_WAIT_DWELL = 4, /* Slow to close */
    FOURWAVE_FINDING_CLOSE_WAIT_LEAK = 5, /* Possible socket leak */
    FOURWAVE_FINDING_FIN_UNANSWERED = 6, /* FIN without answer */
    FOURWAVE_FINDING_FIN_RETRANSMITTED = 7, /* FIN retransmitted */
    FOURWAVE_FINDING_FIN_RETRANSMISSION_STORM = 8, /* FIN sent again and again */
    FOURWAVE_FINDING_FINAL_ACK_LOST = 9, /* Final ACK perhaps lost */
    FOURWAVE_FINDING_FINAL_ACK_MISSING = 10, /* Final ACK not seen */
    FOURWAVE_FINDING_FIN_BEHIND_GAP = 11, /* FIN ahead of missing data */
    FOURWAVE_FINDING_FIN_CONFLICT = 12, /* Contradicting FIN */
    FOURWAVE_FINDING_RST_ABORT = 13, /* Aborted by RST */
    FOURWAVE_FINDING_RST_UNREAD_DATA = 14, /* Perhaps closed with unread data */
    FOURWAVE_FINDING_RST_INSTEAD_OF_FIN = 15, /* RST in answer to a close */
    FOURWAVE_FINDING_RST_AFTER_FIN = 16, /* FIN, then RST */
    FOURWAVE_FINDING_DATA_AFTER_CLOSE = 17, /* Data to a closed peer */
    FOURWAVE_FINDING_RST_DATA_LOSS = 18, /* Unacknowledged data at a reset */
    FOURWAVE_FINDING_RST_WITH_PAYLOAD = 19, /* RST with a text */
    FOURWAVE_FINDING_RST_AFTER_CLOSE = 20, /* Harmless RST after the close */
    FOURWAVE_FINDING_RST_IGNORED = 21, /* RST at a wrong number */
    FOURWAVE_FINDING_RST_CHALLENGED = 22, /* RST challenged */
    FOURWAVE_FINDING_CHALLENGE_ACK_LOOP = 23, /* Loop of challenge ACKs */
    FOURWAVE_FINDING_RST_INJECTION_SUSPECTED = 24, /* RST perhaps forged */
    FOURWAVE_FINDING_IDLE_CLOSE = 25, /* Closed after silence */
    FOURWAVE_FINDING_HALF_OPEN_DISCOVERED = 26, /* Half-open connection */
    FOURWAVE_FINDING_TIME_WAIT_REUSE = 27, /* Ports reused in TIME-WAIT */
    FOURWAVE_FINDING_TIME_WAIT_ASSASSINATION = 28, /* TIME-WAIT ended by RST */
    FOURWAVE_FINDING_CONNECTION_REFUSED = 29, /* Connection refused */
    FOURWAVE_FINDING_HANDSHAKE_RESET = 30, /* Handshake cancelled */
    FOURWAVE_FINDING_KEEPALIVE_TIMEOUT = 31, /* Keepalives without answer */
    FOURWAVE_FINDING_ZERO_WINDOW_AT_CLOSE = 32, /* Closed behind a zero window */
    FOURWAVE_FINDING_RTX_TIMEOUT = 33, /* Retransmissions without answer */
    FOURWAVE_FINDING_VANTAGE_LIMITS = 34, /* Incomplete capture */
};

/* How much a finding matters. */
enum {
    FOURWAVE_SEVERITY_INFO = 1, /* info */
    FOURWAVE_SEVERITY_NOTE = 2, /* note */
    FOURWAVE_SEVERITY_WARN = 3, /* warning */
    FOURWAVE_SEVERITY_ERROR = 4, /* error */
};

/* What a peer must send whatever its application does. */
enum {
    FOURWAVE_DUTY_ACK_OF_FIN = 1, /* the ACK of the peer's FIN */
    FOURWAVE_DUTY_REACK_OF_FIN = 2, /* another ACK of the FIN */
    FOURWAVE_DUTY_CHALLENGE_ACK = 3, /* a challenge ACK */
    FOURWAVE_DUTY_RETRANSMISSION = 4, /* retransmission of what is not acknowledged */
};

/* Who causes a step that can come next. */
enum {
    FOURWAVE_CAUSE_SELF = 1, /* itself */
    FOURWAVE_CAUSE_PEER = 2, /* its peer */
    FOURWAVE_CAUSE_TIMER = 3, /* a timer */
};

/* What such a step is. */
enum {
    FOURWAVE_ON_SYN = 1, /* SYN */
    FOURWAVE_ON_SYN_ACK = 2, /* SYN-ACK */
    FOURWAVE_ON_ACK = 3, /* ACK */
    FOURWAVE_ON_DATA = 4, /* data */
    FOURWAVE_ON_FIN = 5, /* FIN */
    FOURWAVE_ON_ACK_OF_FIN = 6, /* ACK of the FIN */
    FOURWAVE_ON_FIN_ACK = 7, /* FIN with the ACK of the FIN */
    FOURWAVE_ON_RST = 8, /* RST */
    FOURWAVE_ON_2MSL = 9, /* 2MSL over */
    FOURWAVE_ON_GIVE_UP = 10, /* gives up silently */
};

/* The shape of a RST. */
enum {
    FOURWAVE_RESET_FORM_REPLY = 1, /* has the form of an answer to a segment */
    FOURWAVE_RESET_FORM_ACTIVE = 2, /* does not have the form of an answer */
};


// The version of this interface: goes up when something that worked would no longer work. A caller that was
// compiled against another version must not go on.
#define FOURWAVE_ABI_VERSION 1

// A time or duration that is not known, in nanoseconds.
#define FOURWAVE_NO_TIME INT64_MIN

// How a call ended. Numbers never change; new ones may come.
enum fourwave_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // All went well.
    FOURWAVE_OK = 0,
    // A pointer that must not be NULL is NULL.
    FOURWAVE_NULL = 1,
    // A struct_size is smaller than the structure ever was: it was not set.
    FOURWAVE_STRUCT_SIZE = 2,
    // There is nothing of that index or number.
    FOURWAVE_NOT_FOUND = 3,
    // A text is not UTF-8.
    FOURWAVE_NOT_UTF8 = 4,
    // An argument is not what was expected; fourwave_engine_error or fourwave_options_error says more.
    FOURWAVE_INVALID = 5,
    // A TCP header cannot be read; fourwave_engine_error says more.
    FOURWAVE_BAD_HEADER = 6,
    // The engine was told that its input is over.
    FOURWAVE_FINISHED = 7,
    // The engine was made without "remember", and keeps nothing.
    FOURWAVE_NOT_REMEMBERED = 8,
    // A fault in this library, told to standard error; the handle can only be freed.
    FOURWAVE_PANIC = 255,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum fourwave_status fourwave_status;
#else
typedef uint32_t fourwave_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// How one connection ended. Opaque; depends on no engine.
typedef struct fourwave_connection fourwave_connection;

// Follows all connections of one capture. Opaque. May be handed from thread to thread, but be used by one at a time.
typedef struct fourwave_engine fourwave_engine;

// What a new engine is to do otherwise than by default. Opaque.
typedef struct fourwave_options fourwave_options;

// A packet and its time.
typedef struct fourwave_moment {
    // Its number in its file, from 1; 0 for none.
    uint64_t frame;
    // Nanoseconds since 1970-01-01 UTC; FOURWAVE_NO_TIME for none.
    int64_t time_ns;
    // Its file.
    uint32_t file;
} fourwave_moment;

// An address and a port.
typedef struct fourwave_endpoint {
    // The IP address in network order; of IPv4 the first four octets.
    uint8_t address[16];
    // 4 or 16.
    uint8_t address_len;
    // The port, in the order of the host.
    uint16_t port;
} fourwave_endpoint;

// A peer's state: two bounds, FOURWAVE_STATE_....
typedef struct fourwave_bounds {
    // What the peer's own segments prove it had reached.
    uint8_t confirmed;
    // What it reaches if every segment seen is delivered and its application does nothing more.
    uint8_t expected;
} fourwave_bounds;

// Who closed a connection, how, and how long it took. Durations and times in nanoseconds, FOURWAVE_NO_TIME if not
// known. The records of the program call octets bytes; the keys that stand here are those of JSON.
typedef struct fourwave_summary {
    // sizeof(fourwave_summary), set by the caller.
    size_t struct_size;
    // The connection: incarnations in the order of their first segments, from 1.
    uint64_t connection;
    // Its first segment.
    struct fourwave_moment first;
    // Its last.
    struct fourwave_moment last;
    // Waves 1 to 4.
    struct fourwave_moment waves[4];
    // Wave 1 to wave 2.
    int64_t fin1_ack_ns;
    // Wave 2 to wave 3.
    int64_t close_wait_ns;
    // Wave 3 to wave 4.
    int64_t last_ack_ns;
    // The first to the last of the waves and the resets that count.
    int64_t teardown_ns;
    // When the client's TIME-WAIT ends.
    int64_t client_time_wait_until_ns;
    // When the server's ends.
    int64_t server_time_wait_until_ns;
    // New octets of the passive closer after its first ACK of the first FIN. In the records: half_close_bytes.
    uint64_t half_close_octets;
    // Segments of the client.
    uint64_t client_segments;
    // Segments of the server.
    uint64_t server_segments;
    // New payload octets of the client. In the records: bytes.client.
    uint64_t client_octets;
    // New payload octets of the server. In the records: bytes.server.
    uint64_t server_octets;
    // FOURWAVE_CONNECTION_MODIFIER_..., a set.
    uint64_t modifiers;
    // States of the client's path, for fourwave_connection_step.
    size_t client_steps;
    // Those of the server's.
    size_t server_steps;
    // Findings, for fourwave_connection_finding.
    size_t findings;
    // Resets that count, for fourwave_connection_reset.
    size_t resets;
    // The client.
    struct fourwave_endpoint client;
    // The server.
    struct fourwave_endpoint server;
    // Counts the incarnations of one pair of addresses and ports from 1.
    uint32_t incarnation;
    // FOURWAVE_CLIENT_BASIS_...: what the roles of client and server rest on.
    uint8_t client_basis;
    // FOURWAVE_KIND_...: how it ended.
    uint8_t kind;
    // FOURWAVE_WHO_...: who began the close; 0 if nobody did.
    uint8_t initiator;
    // FOURWAVE_SIDE_...: whose FIN was recorded first; 0 if there was no close.
    uint8_t initiator_first_seen;
    // FOURWAVE_BY_...: what shows who began; 0 if nobody did.
    uint8_t initiator_by;
    // FOURWAVE_CERTAINTY_...: how firm that is.
    uint8_t initiator_certainty;
    // 1 if waves 2 and 3 share a segment.
    uint8_t close_wait_merged;
    // 1 if nothing can change it any more; 0 for what would be if the input ended now.
    uint8_t is_settled;
    // Where it left the client.
    struct fourwave_bounds client_end;
    // Where it left the server.
    struct fourwave_bounds server_end;
} fourwave_summary;

// A state that a peer was in.
typedef struct fourwave_step {
    // sizeof(fourwave_step), set by the caller.
    size_t struct_size;
    // The packet at which it got there, or before which a timer fired; 0 for where it began.
    uint64_t frame;
    // The file of that packet.
    uint32_t file;
    // FOURWAVE_STATE_....
    uint8_t state;
} fourwave_step;

// A RST that counts.
typedef struct fourwave_reset {
    // sizeof(fourwave_reset), set by the caller.
    size_t struct_size;
    // Its packet.
    uint64_t frame;
    // The file of that.
    uint32_t file;
    // FOURWAVE_SIDE_...: who sent it.
    uint8_t peer;
    // FOURWAVE_ROLE_....
    uint8_t role;
    // FOURWAVE_RESET_FORM_....
    uint8_t form;
} fourwave_reset;

// Something worth a remark.
typedef struct fourwave_finding {
    // sizeof(fourwave_finding), set by the caller.
    size_t struct_size;
    // The sentence, in the language asked for, UTF-8. Belongs to the connection and lives as long.
    const char *text;
    // Packets that prove it, for fourwave_connection_evidence.
    size_t evidence;
    // FOURWAVE_FINDING_....
    uint8_t id;
    // FOURWAVE_SEVERITY_....
    uint8_t severity;
    // FOURWAVE_CERTAINTY_....
    uint8_t certainty;
} fourwave_finding;

// A packet that proves a finding.
typedef struct fourwave_evidence {
    // sizeof(fourwave_evidence), set by the caller.
    size_t struct_size;
    // Its number in its file, from 1.
    uint64_t frame;
    // Its file.
    uint32_t file;
} fourwave_evidence;

// A packet as a capture holds it. Set what you do not know to 0, but for its number.
typedef struct fourwave_packet {
    // sizeof(fourwave_packet), set by the caller.
    size_t struct_size;
    // Its number in its file, rising from 1; below 2^40. Everything that is said of it names it so.
    uint64_t frame;
    // When it was recorded: nanoseconds since 1970-01-01 UTC.
    int64_t time_ns;
    // The octets that were captured; not kept.
    const uint8_t *data;
    // How many.
    uint32_t captured_len;
    // How many it had on the wire.
    uint32_t len;
    // The file, counted by the caller from 0; below 2^24. Files are read one after the other.
    uint32_t file;
    // How to read the data: a LINKTYPE_ number as in pcap and pcapng files.
    uint16_t link_type;
    // Octets of frame check sequence at the end of the packet on the wire.
    uint8_t fcs_len;
} fourwave_packet;

// How many results the last call produced. Fetch each by index, from 0, before the next call that takes a
// fourwave_news. Pass NULL if you need none: that is faster.
typedef struct fourwave_news {
    // sizeof(fourwave_news), set by the caller.
    size_t struct_size;
    // Annotated segments, for fourwave_engine_annotation.
    size_t annotations;
    // TIME-WAITs that ended, for fourwave_engine_timer.
    size_t timers;
    // Connections that are over and settled, given up, or left at the end of the input, for fourwave_engine_ended.
    size_t ended;
    // Segments annotated before that turned out to belong to a new connection, for fourwave_engine_revised.
    size_t revised;
} fourwave_news;

// A TCP header with what its carriers say of it: for callers that have taken the packet apart themselves. Set what
// you do not know to 0, but for the number of its packet.
typedef struct fourwave_segment {
    // sizeof(fourwave_segment), set by the caller.
    size_t struct_size;
    // The number of its packet in its file, rising from 1; below 2^40. Everything that is said of it names it so.
    uint64_t frame;
    // When that was recorded: nanoseconds since 1970-01-01 UTC.
    int64_t time_ns;
    // What sets two equal pairs of addresses and ports apart; 0 if nothing does.
    uint64_t zone;
    // The sender's IP address, in network order.
    const uint8_t *src;
    // The receiver's.
    const uint8_t *dst;
    // Octets of each: 4 or 16.
    size_t address_len;
    // The TCP header with its options, as far as captured; not kept.
    const uint8_t *tcp;
    // How many octets of it.
    size_t tcp_len;
    // The payload, as far as captured; not kept. Only that of a RST is looked at.
    const uint8_t *payload;
    // How many octets of it were captured.
    size_t payload_captured_len;
    // How many octets of payload there were, by the length of the IP packet.
    uint32_t payload_len;
    // The file, counted by the caller from 0; below 2^24. Files are read one after the other.
    uint32_t file;
    // IPv4 identification.
    uint16_t ip_id;
    // 1 if there is one: in IPv4.
    uint8_t has_ip_id;
    // Counts the TCP headers of one packet from 0.
    uint8_t layer;
    // IPv4 time to live or IPv6 hop limit.
    uint8_t ttl;
} fourwave_segment;

// A peer's state before and after.
typedef struct fourwave_change {
    // Before.
    struct fourwave_bounds before;
    // After.
    struct fourwave_bounds after;
} fourwave_change;

// What is said of one segment. A frame number of 0 means that there is no such packet. Test sets with FOURWAVE_HAS.
typedef struct fourwave_annotation {
    // sizeof(fourwave_annotation), set by the caller.
    size_t struct_size;
    // The packet of the segment.
    uint64_t frame;
    // When it was recorded: nanoseconds since 1970-01-01 UTC.
    int64_t time_ns;
    // The connection: incarnations in the order of their first segments, from 1.
    uint64_t connection;
    // The first copy of the FIN that this segment is first to acknowledge, or acknowledges again.
    uint64_t acks_fin_frame;
    // The first copy of what it repeats.
    uint64_t repeats_frame;
    // Of a FIN: the first acknowledgment of it. Known in hindsight only.
    uint64_t fin_acked_frame;
    // The RST that answers it. Known in hindsight only.
    uint64_t answered_by_rst_frame;
    // FOURWAVE_MODIFIER_..., a set.
    uint64_t modifiers;
    // FOURWAVE_FINDING_..., a set: those known at this segment.
    uint64_t findings;
    // The same: those that became known later and of which it is the last evidence. Known in hindsight only.
    uint64_t concluded;
    // FOURWAVE_DUTY_..., a set: what the client owes after it.
    uint64_t client_owes;
    // What the server owes.
    uint64_t server_owes;
    // Who sent it.
    struct fourwave_endpoint src;
    // To whom.
    struct fourwave_endpoint dst;
    // The file of frame.
    uint32_t file;
    // That of acks_fin_frame.
    uint32_t acks_fin_file;
    // That of repeats_frame.
    uint32_t repeats_file;
    // That of fin_acked_frame.
    uint32_t fin_acked_file;
    // That of answered_by_rst_frame.
    uint32_t answered_by_rst_file;
    // Counts the incarnations of one pair of addresses and ports from 1.
    uint32_t incarnation;
    // Sequence number.
    uint32_t seq;
    // Acknowledgment number; means nothing without the ACK flag.
    uint32_t ack;
    // Payload octets, by the length of the IP packet.
    uint32_t len;
    // Octets acknowledged but not seen, with FOURWAVE_MODIFIER_ACKS_UNSEEN.
    uint32_t acks_unseen;
    // The control bits, as the last 9 bits of octets 12 and 13 of the header.
    uint16_t flags;
    // The window, not scaled.
    uint16_t window;
    // Counts the TCP headers of one packet from 0.
    uint8_t layer;
    // FOURWAVE_SIDE_...: who sent it.
    uint8_t from;
    // FOURWAVE_ROLE_....
    uint8_t role;
    // The waves it carries: bit 1 to bit 4.
    uint8_t waves;
    // The client's state.
    struct fourwave_change client;
    // The server's state.
    struct fourwave_change server;
} fourwave_annotation;

// The end of a TIME-WAIT: 2 MSL are over.
typedef struct fourwave_timer {
    // sizeof(fourwave_timer), set by the caller.
    size_t struct_size;
    // When it ended: nanoseconds since 1970-01-01 UTC.
    int64_t time_ns;
    // The connection.
    uint64_t connection;
    // Its incarnation.
    uint32_t incarnation;
    // FOURWAVE_ROLE_TIME_WAIT_EXPIRED.
    uint8_t role;
    // FOURWAVE_SIDE_...: whose TIME-WAIT it was.
    uint8_t peer;
    // The client's state.
    struct fourwave_change client;
    // The server's state.
    struct fourwave_change server;
} fourwave_timer;

// A step that can come next from a state (docs/SPEC.md, section 9).
typedef struct fourwave_next {
    // sizeof(fourwave_next), set by the caller.
    size_t struct_size;
    // FOURWAVE_CAUSE_...: who causes it.
    uint8_t by;
    // FOURWAVE_ON_...: what it is.
    uint8_t on;
    // FOURWAVE_STATE_...: where it leads.
    uint8_t to;
    // 1 if only the application can cause it.
    uint8_t app;
} fourwave_next;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// FOURWAVE_ABI_VERSION of the library that was loaded.
uint32_t fourwave_abi_version(void);

// The version of the library, such as "0.1.0". Static.
const char *fourwave_version(void);

// Frees a connection. NULL is allowed.
void fourwave_connection_free(struct fourwave_connection *connection);

// The summary of a connection.
fourwave_status fourwave_connection_summary(const struct fourwave_connection *connection,
                                            struct fourwave_summary *out);

// The index-th state of a peer's path (FOURWAVE_SIDE_...): the expected states in order, corrected by what came later.
fourwave_status fourwave_connection_step(const struct fourwave_connection *connection,
                                         uint32_t side,
                                         size_t index,
                                         struct fourwave_step *out);

// The index-th reset that counts.
fourwave_status fourwave_connection_reset(const struct fourwave_connection *connection,
                                          size_t index,
                                          struct fourwave_reset *out);

// The index-th finding, with its sentence in a language (FOURWAVE_LANG_...).
fourwave_status fourwave_connection_finding(const struct fourwave_connection *connection,
                                            size_t index,
                                            uint32_t lang,
                                            struct fourwave_finding *out);

// The place-th packet (from 0) that proves the index-th finding.
fourwave_status fourwave_connection_evidence(const struct fourwave_connection *connection,
                                             size_t index,
                                             size_t place,
                                             struct fourwave_evidence *out);

// A new engine, with options or, if they are NULL, the defaults. Free it with fourwave_engine_free.
fourwave_status fourwave_engine_new(const struct fourwave_options *options, struct fourwave_engine **out);

// Frees an engine. NULL is allowed. What was got from it and has its own free lives on.
void fourwave_engine_free(struct fourwave_engine *engine);

// Takes in a packet, from its link layer down: follows VLANs, tunnels and IP fragments to its TCP segments. Call in
// the order of the capture. A packet without TCP is no error: it brings nothing. A segment may show that an earlier one
// belongs to a new connection: that one is told of again, by fourwave_engine_revised. FOURWAVE_INVALID if the number of
// the packet or that of its file cannot be; nothing else changes then.
fourwave_status fourwave_engine_push_packet(struct fourwave_engine *engine,
                                            const struct fourwave_packet *packet,
                                            struct fourwave_news *news);

// Takes in a TCP segment that the caller has found. Call in the order of the capture. It may show that an earlier one
// belongs to a new connection: that one is told of again, by fourwave_engine_revised. FOURWAVE_BAD_HEADER if the header
// cannot be read, FOURWAVE_INVALID if address_len, the number of the packet or that of its file cannot be; nothing else
// changes then.
fourwave_status fourwave_engine_push_segment(struct fourwave_engine *engine,
                                             const struct fourwave_segment *segment,
                                             struct fourwave_news *news);

// Moves the clock without a packet: what is due at a time (nanoseconds since 1970-01-01 UTC) happens.
fourwave_status fourwave_engine_advance(struct fourwave_engine *engine,
                                        int64_t time_ns,
                                        struct fourwave_news *news);

// Ends the input: every connection that is left ends, by number. After that the engine takes nothing in.
fourwave_status fourwave_engine_finish(struct fourwave_engine *engine, struct fourwave_news *news);

// Looks at a packet again that was pushed before, as often as wanted and in any order: its annotations, corrected by
// all that came since. For an engine made with "remember".
//
// The packet must be the same as then; a frame number that was given again stands for the last packet that had it.
// Segments pushed by fourwave_engine_push_segment are remembered whole and found by frame and file alone: data must
// be NULL for them.
fourwave_status fourwave_engine_look(struct fourwave_engine *engine,
                                     const struct fourwave_packet *packet,
                                     struct fourwave_news *news);

// Ends remembering: what an engine made with "remember" has kept is given back, and it keeps no more.
fourwave_status fourwave_engine_forget(struct fourwave_engine *engine);

// The index-th annotation that the last call brought.
fourwave_status fourwave_engine_annotation(const struct fourwave_engine *engine,
                                           size_t index,
                                           struct fourwave_annotation *out);

// The index-th annotation that the last call put in place of an earlier one: that of a SYN or SYN-ACK which was said to
// belong to one connection, and which a later segment shows to have opened the next on the same addresses and ports.
// Frame, file and layer are those of the earlier one. fourwave_engine_look gives this one, too, from then on.
fourwave_status fourwave_engine_revised(const struct fourwave_engine *engine,
                                        size_t index,
                                        struct fourwave_annotation *out);

// The index-th end of a TIME-WAIT that the last call brought.
fourwave_status fourwave_engine_timer(const struct fourwave_engine *engine,
                                      size_t index,
                                      struct fourwave_timer *out);

// The index-th connection that ended in the last call. A handle of its own: free it with fourwave_connection_free.
fourwave_status fourwave_engine_ended(const struct fourwave_engine *engine,
                                      size_t index,
                                      struct fourwave_connection **out);

// A connection by its number, as far as it is known: its end, or what that would be if the input ended now. Any for an
// engine made with "remember"; otherwise one of which the last call brought an annotation. A handle of its
// own: free it with fourwave_connection_free.
fourwave_status fourwave_engine_connection(const struct fourwave_engine *engine,
                                           uint64_t number,
                                           struct fourwave_connection **out);

// How many connections the engine follows at the moment.
size_t fourwave_engine_tracked(const struct fourwave_engine *engine);

// Why the last call that takes fourwave_news failed with FOURWAVE_BAD_HEADER or FOURWAVE_INVALID, in English. Belongs
// to the engine, until the next such call with it. Empty if it did not fail so.
const char *fourwave_engine_error(const struct fourwave_engine *engine);

// New options, all at their defaults. Free them with fourwave_options_free; an engine does not keep them.
fourwave_status fourwave_options_new(struct fourwave_options **out);

// Frees options. NULL is allowed.
void fourwave_options_free(struct fourwave_options *options);

// Sets an option; both arguments are texts. A later call counts more than an earlier one. Names and values:
//
// - "msl": seconds, with decimals; TIME-WAIT lasts twice as long (default: as the profile says)
// - "profile": "linux" (default), "rfc", "freebsd", "macos", "windows": how long TIME-WAIT lasts
// - "idle": seconds without a packet after which a connection is given up
// - "key": "addresses" (default), "vlan", "tunnel": what makes two equal 4-tuples different
// - "max-connections": how many are kept in memory; those ended and not yet forgotten count
// - "remember": "yes" or "no" (default): keep what fourwave_engine_look and fourwave_engine_connection need
// - any threshold that `fourwave help thresholds` lists, with a number
//
// FOURWAVE_INVALID for a name or value that is none; fourwave_options_error then says what was expected.
fourwave_status fourwave_options_set(struct fourwave_options *options, const char *name, const char *value);

// Why the last fourwave_options_set failed with FOURWAVE_INVALID, in English. Belongs to the options, until the next
// fourwave_options_set with them. Empty if it did not fail so.
const char *fourwave_options_error(const struct fourwave_options *options);

// A status in a few English words. Static; also for a number that is none.
const char *fourwave_status_text(uint32_t status);

// The stable code of a word: "fin-1" for FOURWAVE_ROLE_FIN_1 of FOURWAVE_VOCABULARY_ROLE. Static; NULL for a number
// that is none, so that a loop from 1 ends.
const char *fourwave_code(uint32_t vocabulary,
                          uint32_t number);

// A word in a few words of a language (FOURWAVE_LANG_...), UTF-8. Static; NULL for a number that is none.
const char *fourwave_text(uint32_t vocabulary, uint32_t number, uint32_t lang);

// What a segment of a role means: a sentence, UTF-8. Static; NULL for a number that is none.
const char *fourwave_role_sentence(uint32_t role, uint32_t lang);

// 1 if a role says something of the end of a connection; 0 for those of its opening and its life, and for a number
// that is none.
uint32_t fourwave_role_is_teardown(uint32_t role);

// What to look at or change where a finding was made: a sentence, UTF-8. Static; NULL where nothing is wrong, and
// for a number that is none.
const char *fourwave_finding_advice(uint32_t finding,
                                    uint32_t lang);

// Why a finding matters and which section of an RFC it rests on, UTF-8. Static; NULL for a number that is none.
const char *fourwave_finding_why(uint32_t finding,
                                 uint32_t lang);

// How much a finding matters unless its connection says otherwise: FOURWAVE_SEVERITY_..., 0 for a number that is none.
uint32_t fourwave_finding_severity(uint32_t finding);

// The index-th step (from 0) that can come next from a state. FOURWAVE_NOT_FOUND after the last.
fourwave_status fourwave_state_next(uint32_t state, size_t index, struct fourwave_next *out);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* FOURWAVE_H */
