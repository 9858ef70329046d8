/* Annotates a capture: of every TCP segment its role, its waves and both peers' states, then how each connection ended.
 *
 *     cc capture.c $(pkg-config --cflags --libs fourwave libpcap) -o capture
 *     ./capture [--lang zh-CN] FILE
 */
#define _DEFAULT_SOURCE /* for the types of pcap.h */

#include <arpa/inet.h>
#include <fourwave.h>
#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t lang = FOURWAVE_LANG_EN;

/* Ends the program if a call failed that cannot fail here. */
static void must(fourwave_status status, const char *call)
{
    if (status != FOURWAVE_OK) {
        fprintf(stderr, "%s: %s\n", call, fourwave_status_text(status));
        exit(1);
    }
}

/* "fin-1 (first FIN)": what is the same in all languages, then what is not. */
static void print_word(uint32_t vocabulary, uint32_t number)
{
    printf("%s (%s)", fourwave_code(vocabulary, number), fourwave_text(vocabulary, number, lang));
}

static void print_endpoints(const fourwave_endpoint *from, const fourwave_endpoint *to)
{
    char source[INET6_ADDRSTRLEN], destination[INET6_ADDRSTRLEN];
    inet_ntop(from->address_len == 4 ? AF_INET : AF_INET6, from->address, source, sizeof source);
    inet_ntop(to->address_len == 4 ? AF_INET : AF_INET6, to->address, destination, sizeof destination);
    printf("%s.%u > %s.%u", source, from->port, destination, to->port);
}

static void print_states(const char *peer, const fourwave_change *change)
{
    printf("    %s  %s -> %s, confirmed %s -> %s\n", peer,
           fourwave_code(FOURWAVE_VOCABULARY_STATE, change->before.expected),
           fourwave_code(FOURWAVE_VOCABULARY_STATE, change->after.expected),
           fourwave_code(FOURWAVE_VOCABULARY_STATE, change->before.confirmed),
           fourwave_code(FOURWAVE_VOCABULARY_STATE, change->after.confirmed));
}

static void print_annotation(const fourwave_annotation *it)
{
    printf("%" PRIu64 "  ", it->frame);
    print_endpoints(&it->src, &it->dst);
    printf("  ");
    print_word(FOURWAVE_VOCABULARY_ROLE, it->role);
    for (int wave = FOURWAVE_WAVE_1; wave <= FOURWAVE_WAVE_4; wave++)
        if (FOURWAVE_HAS(it->waves, wave))
            printf("  wave %d", wave);
    printf("\n");
    print_states("client", &it->client);
    print_states("server", &it->server);
}

static void print_timer(const fourwave_timer *it)
{
    printf("connection %" PRIu64 ", %s  ", it->connection, fourwave_text(FOURWAVE_VOCABULARY_SIDE, it->peer, lang));
    print_word(FOURWAVE_VOCABULARY_ROLE, it->role);
    printf("\n");
    print_states("client", &it->client);
    print_states("server", &it->server);
}

static void print_duration(const char *name, int64_t nanoseconds)
{
    if (nanoseconds != FOURWAVE_NO_TIME)
        printf("    %s  %.6f s\n", name, (double)nanoseconds / 1e9);
}

static void print_connection(const fourwave_connection *connection)
{
    fourwave_summary summary = {.struct_size = sizeof summary};
    must(fourwave_connection_summary(connection, &summary), "fourwave_connection_summary");
    printf("connection %" PRIu64 "  ", summary.connection);
    print_endpoints(&summary.client, &summary.server);
    printf("  ");
    print_word(FOURWAVE_VOCABULARY_KIND, summary.kind);
    printf("\n");
    if (summary.initiator != 0)
        printf("    initiator  %s, by %s, %s\n", fourwave_text(FOURWAVE_VOCABULARY_WHO, summary.initiator, lang),
               fourwave_text(FOURWAVE_VOCABULARY_BY, summary.initiator_by, lang),
               fourwave_text(FOURWAVE_VOCABULARY_CERTAINTY, summary.initiator_certainty, lang));
    print_duration("wave 1 to 2", summary.fin1_ack_ns);
    print_duration("wave 2 to 3", summary.close_wait_ns);
    print_duration("wave 3 to 4", summary.last_ack_ns);
    print_duration("teardown", summary.teardown_ns);
    for (size_t index = 0; index < summary.findings; index++) {
        fourwave_finding finding = {.struct_size = sizeof finding};
        must(fourwave_connection_finding(connection, index, lang, &finding), "fourwave_connection_finding");
        printf("    %s  %s\n", fourwave_text(FOURWAVE_VOCABULARY_SEVERITY, finding.severity, lang), finding.text);
    }
}

/* Asks for all that a call brought. */
static void print_news(const fourwave_engine *engine, const fourwave_news *news)
{
    for (size_t index = 0; index < news->timers; index++) {
        fourwave_timer timer = {.struct_size = sizeof timer};
        must(fourwave_engine_timer(engine, index, &timer), "fourwave_engine_timer");
        print_timer(&timer);
    }
    for (size_t index = 0; index < news->revised; index++) {
        fourwave_annotation annotation = {.struct_size = sizeof annotation};
        must(fourwave_engine_revised(engine, index, &annotation), "fourwave_engine_revised");
        printf("connection %" PRIu64 " begins earlier, with  ", annotation.connection);
        print_annotation(&annotation);
    }
    for (size_t index = 0; index < news->annotations; index++) {
        fourwave_annotation annotation = {.struct_size = sizeof annotation};
        must(fourwave_engine_annotation(engine, index, &annotation), "fourwave_engine_annotation");
        print_annotation(&annotation);
    }
    for (size_t index = 0; index < news->ended; index++) {
        fourwave_connection *connection;
        must(fourwave_engine_ended(engine, index, &connection), "fourwave_engine_ended");
        print_connection(connection);
        fourwave_connection_free(connection);
    }
}

static void annotate(fourwave_engine *engine, pcap_t *capture)
{
    fourwave_news news = {.struct_size = sizeof news};
    fourwave_packet packet = {.struct_size = sizeof packet};
    /* What libpcap says of a file is the LINKTYPE_ number for nearly all; where it is not, both are understood. */
    packet.link_type = (uint16_t)pcap_datalink(capture);
    struct pcap_pkthdr *header;
    int got;
    while ((got = pcap_next_ex(capture, &header, &packet.data)) == 1) {
        packet.frame++;
        /* In a capture opened with nanoseconds tv_usec holds those. */
        packet.time_ns = (int64_t)header->ts.tv_sec * 1000000000 + header->ts.tv_usec;
        packet.captured_len = header->caplen;
        packet.len = header->len;
        must(fourwave_engine_push_packet(engine, &packet, &news), "fourwave_engine_push_packet");
        print_news(engine, &news);
    }
    if (got == PCAP_ERROR) /* what could be read still counts */
        fprintf(stderr, "after packet %" PRIu64 ": %s\n", packet.frame, pcap_geterr(capture));
    must(fourwave_engine_finish(engine, &news), "fourwave_engine_finish");
    print_news(engine, &news);
}

int main(int argc, char **argv)
{
    int next = 1;
    if (argc == 4 && strcmp(argv[1], "--lang") == 0 && strcmp(argv[2], "zh-CN") == 0) {
        lang = FOURWAVE_LANG_ZH_CN;
        next = 3;
    }
    if (next != argc - 1) {
        fprintf(stderr, "usage: %s [--lang zh-CN] FILE\n", argv[0]);
        return 2;
    }
    if (fourwave_abi_version() != FOURWAVE_ABI_VERSION) {
        fprintf(stderr, "compiled for another version of fourwave than %s\n", fourwave_version());
        return 1;
    }
    char error[PCAP_ERRBUF_SIZE];
    pcap_t *capture = pcap_open_offline_with_tstamp_precision(argv[next], PCAP_TSTAMP_PRECISION_NANO, error);
    if (capture == NULL) {
        fprintf(stderr, "%s: %s\n", argv[next], error);
        return 1;
    }
    fourwave_engine *engine;
    must(fourwave_engine_new(NULL, &engine), "fourwave_engine_new");
    annotate(engine, capture);
    fourwave_engine_free(engine);
    pcap_close(capture);
    return 0;
}
