/* Hands TCP headers to the engine without any capture: for programs that take packets apart themselves.
 *
 *     cc segments.c $(pkg-config --cflags --libs fourwave) -o segments
 *
 * A connection is opened and closed in four waves; the program fails if one of them is not what it must be.
 */
#include <fourwave.h>
#include <stdio.h>
#include <string.h>

enum { FIN = 0x01, SYN = 0x02, ACK = 0x10 };

/* A segment, and what is to be said of it. */
struct line {
    int from_client;
    uint32_t seq, ack;
    uint8_t flags;
    uint8_t role, wave, client, server; /* states expected after it */
};

static const struct line lines[] = {
    {1, 99, 0, SYN, FOURWAVE_ROLE_OPEN, 0, FOURWAVE_STATE_SYN_SENT, FOURWAVE_STATE_SYN_RECEIVED},
    {0, 299, 100, SYN | ACK, FOURWAVE_ROLE_OPEN, 0, FOURWAVE_STATE_ESTABLISHED, FOURWAVE_STATE_SYN_RECEIVED},
    {1, 100, 300, ACK, FOURWAVE_ROLE_ACK, 0, FOURWAVE_STATE_ESTABLISHED, FOURWAVE_STATE_ESTABLISHED},
    {1, 100, 300, FIN | ACK, FOURWAVE_ROLE_FIN_1, FOURWAVE_WAVE_1, FOURWAVE_STATE_FIN_WAIT_1,
     FOURWAVE_STATE_CLOSE_WAIT},
    {0, 300, 101, ACK, FOURWAVE_ROLE_ACK_OF_FIN_1, FOURWAVE_WAVE_2, FOURWAVE_STATE_FIN_WAIT_2,
     FOURWAVE_STATE_CLOSE_WAIT},
    {0, 300, 101, FIN | ACK, FOURWAVE_ROLE_FIN_2, FOURWAVE_WAVE_3, FOURWAVE_STATE_TIME_WAIT, FOURWAVE_STATE_LAST_ACK},
    {1, 101, 301, ACK, FOURWAVE_ROLE_ACK_OF_FIN_2, FOURWAVE_WAVE_4, FOURWAVE_STATE_TIME_WAIT, FOURWAVE_STATE_CLOSED},
};
enum { LINES = sizeof lines / sizeof *lines };

static void put32(uint8_t *at, uint32_t value)
{
    for (int octet = 0; octet < 4; octet++)
        at[octet] = (uint8_t)(value >> (24 - 8 * octet));
}

/* A TCP header without options, from port 40000 of the client or port 80 of the server. */
static void write_header(uint8_t header[20], const struct line *line)
{
    static const uint8_t ports[] = {0, 80, 40000 >> 8, 40000 & 0xff, 0, 80};
    memset(header, 0, 20);
    memcpy(header, line->from_client ? ports + 2 : ports, 4);
    put32(header + 4, line->seq);
    put32(header + 8, line->ack);
    header[12] = 5 << 4; /* its length in words of 32 bits */
    header[13] = line->flags;
    header[14] = 0xff; /* window */
}

/* Pushes a line as the frame-th packet; 0 if all is said of it that must be. */
static int push(fourwave_engine *engine, uint64_t frame, const struct line *line)
{
    static const uint8_t client[] = {192, 0, 2, 1}, server[] = {198, 51, 100, 1};
    uint8_t header[20];
    write_header(header, line);
    fourwave_segment segment = {.struct_size = sizeof segment};
    segment.frame = frame;
    segment.time_ns = (int64_t)frame * 10000000;
    segment.src = line->from_client ? client : server;
    segment.dst = line->from_client ? server : client;
    segment.address_len = sizeof client;
    segment.tcp = header;
    segment.tcp_len = sizeof header;
    segment.ttl = 64;

    fourwave_news news = {.struct_size = sizeof news};
    fourwave_status status = fourwave_engine_push_segment(engine, &segment, &news);
    if (status != FOURWAVE_OK || news.annotations != 1) {
        fprintf(stderr, "frame %u: %s\n", (unsigned)frame, fourwave_status_text(status));
        return 1;
    }
    fourwave_annotation annotation = {.struct_size = sizeof annotation};
    status = fourwave_engine_annotation(engine, 0, &annotation);
    const char *role = fourwave_code(FOURWAVE_VOCABULARY_ROLE, annotation.role);
    if (status != FOURWAVE_OK || role == NULL)
        return 1;
    printf("%s: %s\n", role, fourwave_role_sentence(annotation.role, FOURWAVE_LANG_EN));
    if (annotation.frame != frame || annotation.seq != line->seq || annotation.role != line->role ||
        annotation.waves != (line->wave == 0 ? 0 : 1 << line->wave) ||
        annotation.client.after.expected != line->client || annotation.server.after.expected != line->server) {
        fprintf(stderr, "frame %u is not what it must be\n", (unsigned)frame);
        return 1;
    }
    return 0;
}

/* Lets two minutes pass: TIME-WAIT is over then. */
static int wait_2msl(fourwave_engine *engine)
{
    fourwave_news news = {.struct_size = sizeof news};
    fourwave_timer timer = {.struct_size = sizeof timer};
    return fourwave_engine_advance(engine, INT64_C(120000000000), &news) != FOURWAVE_OK || news.timers != 1 ||
           fourwave_engine_timer(engine, 0, &timer) != FOURWAVE_OK || timer.peer != FOURWAVE_SIDE_CLIENT ||
           timer.client.before.expected != FOURWAVE_STATE_TIME_WAIT ||
           timer.client.after.expected != FOURWAVE_STATE_CLOSED;
}

int main(void)
{
    fourwave_engine *engine;
    if (fourwave_engine_new(NULL, &engine) != FOURWAVE_OK)
        return 1;
    int failed = 0;
    for (uint64_t frame = 1; frame <= LINES && !failed; frame++)
        failed = push(engine, frame, &lines[frame - 1]);
    if (!failed && wait_2msl(engine)) {
        fprintf(stderr, "TIME-WAIT of the client does not end\n");
        failed = 1;
    }
    fourwave_engine_free(engine);
    return failed;
}
