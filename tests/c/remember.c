/* Looks at packets again, last first, as a program does that shows a capture in a window. What was not known when a
 * packet was pushed is known then.
 *
 *     cc remember.c $(pkg-config --cflags --libs fourwave) -o remember
 */
#include <fourwave.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { LINKTYPE_RAW = 101, PACKETS = 7, FIN = 4, ACK_OF_FIN = 5 };

/* From the IP header on; addresses, ports and lengths are those of all, checksums are not looked at. */
static const uint8_t from_client[40] = {0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0, 0, 192, 0, 2, 1, 198, 51, 100, 1,
                                        0x9c, 0x40, 0, 80, 0, 0, 0, 0, 0, 0, 0, 0, 0x50, 0, 0xff, 0xff, 0, 0, 0, 0};
static const uint8_t from_server[40] = {0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0, 0, 198, 51, 100, 1, 192, 0, 2, 1,
                                        0, 80, 0x9c, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0x50, 0, 0xff, 0xff, 0, 0, 0, 0};

/* What differs: the last octets of both numbers, and the flags. */
static const struct {
    const uint8_t *octets;
    uint8_t seq, ack, flags;
} packets[PACKETS] = {
    {from_client, 99, 0, 0x02},   {from_server, 199, 100, 0x12}, {from_client, 100, 200, 0x10},
    {from_client, 100, 200, 0x11}, {from_server, 200, 101, 0x10}, {from_server, 200, 101, 0x11},
    {from_client, 101, 201, 0x10},
};

/* Fills the frame-th packet; its octets go to `octets`. */
static void fetch(uint64_t frame, uint8_t octets[40], fourwave_packet *packet)
{
    memcpy(octets, packets[frame - 1].octets, 40);
    octets[27] = packets[frame - 1].seq;
    octets[31] = packets[frame - 1].ack;
    octets[33] = packets[frame - 1].flags;
    memset(packet, 0, sizeof *packet);
    packet->struct_size = sizeof *packet;
    packet->frame = frame;
    packet->time_ns = (int64_t)frame * 1000000;
    packet->data = octets;
    packet->captured_len = packet->len = 40;
    packet->link_type = LINKTYPE_RAW;
}

/* The only annotation of a call that went well; of frame 0 if there is none. */
static fourwave_annotation only(const fourwave_engine *engine, fourwave_status status, const fourwave_news *news)
{
    fourwave_annotation it = {.struct_size = sizeof it};
    if (status != FOURWAVE_OK || news->annotations != 1 || fourwave_engine_annotation(engine, 0, &it) != FOURWAVE_OK)
        it.frame = 0;
    return it;
}

static int run(fourwave_engine *engine)
{
    uint8_t octets[40];
    uint8_t roles[PACKETS + 1] = {0};
    fourwave_packet packet;
    fourwave_news news = {.struct_size = sizeof news};
    for (uint64_t frame = 1; frame <= PACKETS; frame++) {
        fetch(frame, octets, &packet);
        fourwave_annotation said = only(engine, fourwave_engine_push_packet(engine, &packet, &news), &news);
        if (said.frame != frame || said.fin_acked_frame != 0)
            return 1;
        roles[frame] = said.role;
    }
    for (uint64_t frame = PACKETS; frame >= 1; frame--) {
        fetch(frame, octets, &packet);
        fourwave_annotation seen = only(engine, fourwave_engine_look(engine, &packet, &news), &news);
        printf("%" PRIu64 "  %s\n", seen.frame, fourwave_text(FOURWAVE_VOCABULARY_ROLE, seen.role, FOURWAVE_LANG_EN));
        if (seen.frame != frame || seen.role != roles[frame])
            return 1;
        if (frame == FIN && seen.fin_acked_frame != ACK_OF_FIN)
            return 1;
        if (frame == ACK_OF_FIN && seen.acks_fin_frame != FIN)
            return 1;
    }

    /* The input is not over, but how the connection would end is known. */
    fourwave_connection *connection;
    if (fourwave_engine_connection(engine, 1, &connection) != FOURWAVE_OK)
        return 1;
    fourwave_summary summary = {.struct_size = sizeof summary};
    fourwave_status status = fourwave_connection_summary(connection, &summary);
    fourwave_connection_free(connection);
    return status != FOURWAVE_OK || summary.kind != FOURWAVE_KIND_FOUR_WAY ||
           summary.initiator != FOURWAVE_WHO_CLIENT || summary.waves[0].frame != FIN;
}

int main(void)
{
    fourwave_options *options;
    if (fourwave_options_new(&options) != FOURWAVE_OK)
        return 1;
    fourwave_engine *engine = NULL;
    int failed = fourwave_options_set(options, "remember", "yes") != FOURWAVE_OK ||
                 fourwave_engine_new(options, &engine) != FOURWAVE_OK;
    fourwave_options_free(options);
    failed = failed || run(engine);
    if (failed)
        fprintf(stderr, "not all is as it must be\n");
    fourwave_engine_free(engine);
    return failed;
}
