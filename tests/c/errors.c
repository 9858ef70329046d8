/* Every way to call the library wrongly, and what it answers: a status, a text, and never a crash.
 *
 *     cc errors.c $(pkg-config --cflags --libs fourwave) -o errors
 */
#include <fourwave.h>
#include <stdio.h>
#include <string.h>

static int failures;

static void expect(int line, int is_so, const char *what)
{
    if (!is_so) {
        fprintf(stderr, "line %d: not so: %s\n", line, what);
        failures++;
    }
}
#define EXPECT(condition) expect(__LINE__, (condition), #condition)

static void expect_text(int line, const char *text, const char *expected)
{
    if (strcmp(text, expected) != 0) {
        fprintf(stderr, "line %d: \"%s\" instead of \"%s\"\n", line, text, expected);
        failures++;
    }
}
#define SAME(text, expected) expect_text(__LINE__, (text), (expected))

static const uint8_t address[4] = {192, 0, 2, 1};
static const uint8_t header[20] = {0x9c, 0x40, 0, 80, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 0x02, 0xff, 0xff};

/* A segment that can be read. */
static fourwave_segment a_segment(void)
{
    fourwave_segment segment = {.struct_size = sizeof segment};
    segment.frame = 7;
    segment.src = segment.dst = address;
    segment.address_len = sizeof address;
    segment.tcp = header;
    segment.tcp_len = sizeof header;
    return segment;
}

static void nulls(void)
{
    fourwave_options *options;
    fourwave_engine *engine;
    fourwave_connection *connection;
    fourwave_news news = {.struct_size = sizeof news};
    fourwave_packet packet = {.struct_size = sizeof packet, .frame = 1};
    fourwave_segment segment = a_segment();
    fourwave_next next = {.struct_size = sizeof next};
    EXPECT(fourwave_options_new(&options) == FOURWAVE_OK);
    EXPECT(fourwave_engine_new(options, &engine) == FOURWAVE_OK);

    EXPECT(fourwave_options_new(NULL) == FOURWAVE_NULL);
    EXPECT(fourwave_options_set(NULL, "msl", "1") == FOURWAVE_NULL);
    EXPECT(fourwave_options_set(options, NULL, "1") == FOURWAVE_NULL);
    EXPECT(fourwave_options_set(options, "msl", NULL) == FOURWAVE_NULL);
    SAME(fourwave_options_error(NULL), "");
    EXPECT(fourwave_engine_new(options, NULL) == FOURWAVE_NULL);
    EXPECT(fourwave_engine_push_packet(NULL, &packet, &news) == FOURWAVE_NULL);
    EXPECT(fourwave_engine_push_packet(engine, NULL, &news) == FOURWAVE_NULL);
    EXPECT(fourwave_engine_push_segment(NULL, &segment, &news) == FOURWAVE_NULL);
    EXPECT(fourwave_engine_push_segment(engine, NULL, &news) == FOURWAVE_NULL);
    EXPECT(fourwave_engine_advance(NULL, 0, &news) == FOURWAVE_NULL);
    EXPECT(fourwave_engine_finish(NULL, &news) == FOURWAVE_NULL);
    EXPECT(fourwave_engine_look(NULL, &packet, &news) == FOURWAVE_NULL);
    EXPECT(fourwave_engine_look(engine, NULL, &news) == FOURWAVE_NULL);
    EXPECT(fourwave_engine_annotation(NULL, 0, NULL) == FOURWAVE_NULL);
    EXPECT(fourwave_engine_revised(NULL, 0, NULL) == FOURWAVE_NULL);
    EXPECT(fourwave_engine_timer(NULL, 0, NULL) == FOURWAVE_NULL);
    EXPECT(fourwave_engine_ended(NULL, 0, &connection) == FOURWAVE_NULL);
    EXPECT(fourwave_engine_ended(engine, 0, NULL) == FOURWAVE_NULL);
    EXPECT(fourwave_engine_connection(NULL, 1, &connection) == FOURWAVE_NULL);
    EXPECT(fourwave_engine_connection(engine, 1, NULL) == FOURWAVE_NULL);
    EXPECT(fourwave_engine_tracked(NULL) == 0);
    SAME(fourwave_engine_error(NULL), "");
    EXPECT(fourwave_connection_summary(NULL, NULL) == FOURWAVE_NULL);
    EXPECT(fourwave_connection_step(NULL, FOURWAVE_SIDE_CLIENT, 0, NULL) == FOURWAVE_NULL);
    EXPECT(fourwave_connection_reset(NULL, 0, NULL) == FOURWAVE_NULL);
    EXPECT(fourwave_connection_finding(NULL, 0, FOURWAVE_LANG_EN, NULL) == FOURWAVE_NULL);
    EXPECT(fourwave_connection_evidence(NULL, 0, 0, NULL) == FOURWAVE_NULL);
    EXPECT(fourwave_state_next(FOURWAVE_STATE_TIME_WAIT, 0, NULL) == FOURWAVE_NULL);
    EXPECT(fourwave_state_next(FOURWAVE_STATE_TIME_WAIT, 0, &next) == FOURWAVE_OK);

    /* Octets that are missing, and none where none are claimed. */
    segment.src = NULL;
    EXPECT(fourwave_engine_push_segment(engine, &segment, &news) == FOURWAVE_NULL);
    segment = a_segment();
    segment.tcp = NULL;
    EXPECT(fourwave_engine_push_segment(engine, &segment, &news) == FOURWAVE_NULL);
    segment = a_segment();
    segment.payload_captured_len = 1;
    EXPECT(fourwave_engine_push_segment(engine, &segment, &news) == FOURWAVE_NULL);
    EXPECT(fourwave_engine_push_packet(engine, &packet, &news) == FOURWAVE_OK);
    packet.captured_len = 1;
    EXPECT(fourwave_engine_push_packet(engine, &packet, &news) == FOURWAVE_NULL);

    /* None of those calls did anything. */
    EXPECT(fourwave_engine_tracked(engine) == 0);
    fourwave_options_free(options);
    fourwave_engine_free(engine);
    fourwave_options_free(NULL);
    fourwave_engine_free(NULL);
    fourwave_connection_free(NULL);
}

/* News are the one thing that may be NULL: nothing can be asked for then. */
static void no_news(void)
{
    fourwave_engine *engine;
    fourwave_connection *connection;
    fourwave_segment segment = a_segment();
    fourwave_annotation annotation = {.struct_size = sizeof annotation};
    EXPECT(fourwave_engine_new(NULL, &engine) == FOURWAVE_OK);
    EXPECT(fourwave_engine_push_segment(engine, &segment, NULL) == FOURWAVE_OK);
    EXPECT(fourwave_engine_tracked(engine) == 1);
    EXPECT(fourwave_engine_annotation(engine, 0, &annotation) == FOURWAVE_NOT_FOUND);
    EXPECT(fourwave_engine_finish(engine, NULL) == FOURWAVE_OK);
    EXPECT(fourwave_engine_ended(engine, 0, &connection) == FOURWAVE_NOT_FOUND);
    fourwave_engine_free(engine);
}

/* struct_size: not set, too small, and those of callers who know fewer and more fields than this library. */
static void sizes(void)
{
    struct {
        fourwave_news known;
        char more[16];
    } newer = {.more = "still here"};
    fourwave_engine *engine;
    fourwave_segment segment = a_segment();
    fourwave_annotation annotation = {.struct_size = sizeof annotation - 1};
    fourwave_news news = {.struct_size = 0};
    EXPECT(fourwave_engine_new(NULL, &engine) == FOURWAVE_OK);

    EXPECT(fourwave_engine_push_segment(engine, &segment, &news) == FOURWAVE_STRUCT_SIZE);
    news.struct_size = offsetof(fourwave_news, revised) - 1;
    EXPECT(fourwave_engine_push_segment(engine, &segment, &news) == FOURWAVE_STRUCT_SIZE);
    news.struct_size = sizeof news;
    segment.struct_size = 0;
    EXPECT(fourwave_engine_push_segment(engine, &segment, &news) == FOURWAVE_STRUCT_SIZE);
    segment.struct_size = sizeof segment - 1;
    EXPECT(fourwave_engine_push_segment(engine, &segment, &news) == FOURWAVE_STRUCT_SIZE);
    EXPECT(fourwave_engine_tracked(engine) == 0);

    segment.struct_size = sizeof segment;
    news.struct_size = offsetof(fourwave_news, revised);
    news.revised = 99;
    EXPECT(fourwave_engine_push_segment(engine, &segment, &news) == FOURWAVE_OK);
    EXPECT(news.annotations == 1 && news.revised == 99);
    newer.known.struct_size = sizeof newer;
    EXPECT(fourwave_engine_push_segment(engine, &segment, &newer.known) == FOURWAVE_OK);
    EXPECT(newer.known.struct_size == sizeof newer && newer.known.annotations == 1);
    SAME(newer.more, "still here");
    EXPECT(fourwave_engine_annotation(engine, 0, &annotation) == FOURWAVE_STRUCT_SIZE);
    annotation.struct_size = sizeof annotation;
    EXPECT(fourwave_engine_annotation(engine, 0, &annotation) == FOURWAVE_OK && annotation.frame == 7);
    fourwave_engine_free(engine);
}

static void options(void)
{
    static const struct {
        const char *name, *value, *error;
    } wrong[] = {
        /* The name is looked at before the value. */
        {"max_connections", "many",
         "no option is called `max_connections`; expected msl, profile, idle, key, max-connections, remember or a "
         "threshold"},
        {"far-fin", "many", "option `far-fin` takes a number, not `many`"},
        {"far-fin", "-1", "threshold `far-fin` takes a number from 0 to 9000000000, not -1"},
        {"msl", "-1", "option `msl` takes seconds from 0 to 1000000000, not `-1`"},
        {"msl", "", "option `msl` takes seconds from 0 to 1000000000, not ``"},
        {"idle", "nan", "option `idle` takes seconds from 0 to 1000000000, not `nan`"},
        {"profile", "plan9", "option `profile` takes linux, rfc, freebsd, macos, windows, not `plan9`"},
        {"key", "mac", "option `key` takes addresses, vlan or tunnel, not `mac`"},
        {"max-connections", "0", "option `max-connections` takes a number from 1, not `0`"},
        {"remember", "maybe", "option `remember` takes yes or no, not `maybe`"},
    };
    fourwave_options *options;
    EXPECT(fourwave_options_new(&options) == FOURWAVE_OK);
    SAME(fourwave_options_error(options), "");
    for (size_t index = 0; index < sizeof wrong / sizeof *wrong; index++) {
        EXPECT(fourwave_options_set(options, wrong[index].name, wrong[index].value) == FOURWAVE_INVALID);
        SAME(fourwave_options_error(options), wrong[index].error);
    }
    EXPECT(fourwave_options_set(options, "msl", "30.5") == FOURWAVE_OK);
    SAME(fourwave_options_error(options), "");
    EXPECT(fourwave_options_set(options, "msl", "\xff") == FOURWAVE_NOT_UTF8);
    fourwave_options_free(options);
}

static void headers(void)
{
    fourwave_engine *engine;
    fourwave_news news = {.struct_size = sizeof news};
    fourwave_segment segment = a_segment();
    EXPECT(fourwave_engine_new(NULL, &engine) == FOURWAVE_OK);
    SAME(fourwave_engine_error(engine), "");

    segment.tcp_len = 13;
    EXPECT(fourwave_engine_push_segment(engine, &segment, &news) == FOURWAVE_BAD_HEADER);
    SAME(fourwave_engine_error(engine), "frame 7: TCP header ends at octet 0, expected 20");
    segment.tcp_len = 0;
    EXPECT(fourwave_engine_push_segment(engine, &segment, &news) == FOURWAVE_BAD_HEADER);
    segment = a_segment();
    segment.address_len = 3;
    EXPECT(fourwave_engine_push_segment(engine, &segment, &news) == FOURWAVE_INVALID);
    SAME(fourwave_engine_error(engine), "frame 7: an address has 4 or 16 octets, not 3");
    EXPECT(fourwave_engine_tracked(engine) == 0);

    /* The next call forgets the error. */
    segment = a_segment();
    EXPECT(fourwave_engine_push_segment(engine, &segment, &news) == FOURWAVE_OK);
    SAME(fourwave_engine_error(engine), "");
    EXPECT(fourwave_engine_tracked(engine) == 1);
    fourwave_engine_free(engine);
}

/* Numbers of packets and files that are none. */
static void places(void)
{
    static const struct {
        uint64_t frame;
        uint32_t file;
        const char *error; /* NULL: it is one */
    } tried[] = {
        {0, 0, "frame 0: the number of a packet is from 1 to 1099511627775, not 0"},
        {0, 1, "frame 0: the number of a packet is from 1 to 1099511627775, not 0"},
        {UINT64_C(1) << 40, 0,
         "frame 1099511627776: the number of a packet is from 1 to 1099511627775, not 1099511627776"},
        {7, UINT32_C(1) << 24, "frame 7: the number of a file is from 0 to 16777215, not 16777216"},
        {1, 0, NULL},
        {(UINT64_C(1) << 40) - 1, (UINT32_C(1) << 24) - 1, NULL},
    };
    fourwave_options *options;
    fourwave_engine *engine;
    fourwave_news news = {.struct_size = sizeof news};
    EXPECT(fourwave_options_new(&options) == FOURWAVE_OK);
    EXPECT(fourwave_options_set(options, "remember", "yes") == FOURWAVE_OK);
    EXPECT(fourwave_engine_new(options, &engine) == FOURWAVE_OK);
    for (size_t index = 0; index < sizeof tried / sizeof *tried; index++) {
        const char *error = tried[index].error == NULL ? "" : tried[index].error;
        fourwave_status status = tried[index].error == NULL ? FOURWAVE_OK : FOURWAVE_INVALID;
        fourwave_packet packet = {.struct_size = sizeof packet};
        fourwave_segment segment = a_segment();
        fourwave_annotation annotation = {.struct_size = sizeof annotation};
        packet.frame = segment.frame = tried[index].frame;
        packet.file = segment.file = tried[index].file;
        EXPECT(fourwave_engine_push_packet(engine, &packet, &news) == status);
        SAME(fourwave_engine_error(engine), error);
        EXPECT(fourwave_engine_push_segment(engine, &segment, &news) == status);
        SAME(fourwave_engine_error(engine), error);
        EXPECT(fourwave_engine_tracked(engine) == (status == FOURWAVE_OK));
        EXPECT(fourwave_engine_look(engine, &packet, &news) == status);
        SAME(fourwave_engine_error(engine), error);
        if (status == FOURWAVE_OK) {
            EXPECT(fourwave_engine_annotation(engine, 0, &annotation) == FOURWAVE_OK);
            EXPECT(annotation.frame == segment.frame && annotation.file == segment.file);
        }
    }
    fourwave_options_free(options);
    fourwave_engine_free(engine);
}

/* Calls at the wrong time, and for what is not there. */
static void order(void)
{
    fourwave_engine *engine;
    fourwave_connection *connection;
    fourwave_news news = {.struct_size = sizeof news};
    fourwave_packet packet = {.struct_size = sizeof packet, .frame = 1};
    fourwave_segment segment = a_segment();
    fourwave_annotation annotation = {.struct_size = sizeof annotation};
    fourwave_timer timer = {.struct_size = sizeof timer};
    fourwave_summary summary = {.struct_size = sizeof summary};
    fourwave_step step = {.struct_size = sizeof step};
    fourwave_reset reset = {.struct_size = sizeof reset};
    fourwave_finding finding = {.struct_size = sizeof finding};
    fourwave_evidence evidence = {.struct_size = sizeof evidence};
    EXPECT(fourwave_engine_new(NULL, &engine) == FOURWAVE_OK);
    EXPECT(fourwave_engine_look(engine, &packet, &news) == FOURWAVE_NOT_REMEMBERED);
    connection = (fourwave_connection *)engine; /* anything: a handle that cannot be given is set to NULL */
    EXPECT(fourwave_engine_connection(engine, 1, &connection) == FOURWAVE_NOT_REMEMBERED && connection == NULL);
    EXPECT(fourwave_engine_push_segment(engine, &segment, &news) == FOURWAVE_OK && news.annotations == 1);
    EXPECT(fourwave_engine_connection(engine, 1, &connection) == FOURWAVE_OK);
    fourwave_connection_free(connection);
    EXPECT(fourwave_engine_forget(NULL) == FOURWAVE_NULL && fourwave_engine_forget(engine) == FOURWAVE_OK);
    EXPECT(fourwave_engine_annotation(engine, 1, &annotation) == FOURWAVE_NOT_FOUND);
    EXPECT(fourwave_engine_revised(engine, 0, &annotation) == FOURWAVE_NOT_FOUND);
    EXPECT(fourwave_engine_timer(engine, 0, &timer) == FOURWAVE_NOT_FOUND);
    EXPECT(fourwave_engine_finish(engine, &news) == FOURWAVE_OK && news.annotations == 0 && news.ended == 1);
    EXPECT(fourwave_engine_annotation(engine, 0, &annotation) == FOURWAVE_NOT_FOUND);
    connection = (fourwave_connection *)engine;
    EXPECT(fourwave_engine_ended(engine, 1, &connection) == FOURWAVE_NOT_FOUND && connection == NULL);
    EXPECT(fourwave_engine_ended(engine, 0, &connection) == FOURWAVE_OK);

    EXPECT(fourwave_engine_push_packet(engine, &packet, &news) == FOURWAVE_FINISHED);
    EXPECT(fourwave_engine_push_segment(engine, &segment, &news) == FOURWAVE_FINISHED);
    EXPECT(fourwave_engine_advance(engine, 0, &news) == FOURWAVE_FINISHED);
    EXPECT(fourwave_engine_finish(engine, &news) == FOURWAVE_FINISHED);
    EXPECT(fourwave_engine_tracked(engine) == 0);

    /* What was got from an engine lives on. */
    fourwave_engine_free(engine);
    EXPECT(fourwave_connection_summary(connection, &summary) == FOURWAVE_OK && summary.resets == 0);
    EXPECT(fourwave_connection_summary(connection, NULL) == FOURWAVE_NULL);
    EXPECT(fourwave_connection_step(connection, 3, 0, &step) == FOURWAVE_NOT_FOUND);
    EXPECT(fourwave_connection_step(connection, FOURWAVE_SIDE_CLIENT, summary.client_steps, &step) ==
           FOURWAVE_NOT_FOUND);
    EXPECT(fourwave_connection_reset(connection, 0, &reset) == FOURWAVE_NOT_FOUND);
    EXPECT(fourwave_connection_finding(connection, summary.findings, FOURWAVE_LANG_EN, &finding) ==
           FOURWAVE_NOT_FOUND);
    EXPECT(fourwave_connection_evidence(connection, summary.findings, 0, &evidence) == FOURWAVE_NOT_FOUND);
    fourwave_connection_free(connection);
}

/* Numbers of no word: 0, the one after the last, and the greatest. */
static void numbers(void)
{
    static const uint32_t none[] = {0, 99, UINT32_MAX};
    fourwave_next next = {.struct_size = sizeof next};
    for (size_t index = 0; index < sizeof none / sizeof *none; index++) {
        uint32_t number = none[index];
        EXPECT(fourwave_code(number, 1) == NULL);
        EXPECT(fourwave_code(FOURWAVE_VOCABULARY_ROLE, number) == NULL);
        EXPECT(fourwave_text(FOURWAVE_VOCABULARY_ROLE, number, FOURWAVE_LANG_EN) == NULL);
        EXPECT(fourwave_text(FOURWAVE_VOCABULARY_ROLE, FOURWAVE_ROLE_FIN_1, number) == NULL);
        EXPECT(fourwave_role_sentence(number, FOURWAVE_LANG_EN) == NULL);
        EXPECT(fourwave_role_sentence(FOURWAVE_ROLE_FIN_1, number) == NULL);
        EXPECT(fourwave_role_is_teardown(number) == 0);
        EXPECT(fourwave_finding_advice(number, FOURWAVE_LANG_EN) == NULL);
        EXPECT(fourwave_finding_why(number, FOURWAVE_LANG_EN) == NULL);
        EXPECT(fourwave_finding_severity(number) == 0);
        EXPECT(fourwave_state_next(number, 0, &next) == FOURWAVE_NOT_FOUND);
    }
    EXPECT(fourwave_state_next(FOURWAVE_STATE_TIME_WAIT, 99, &next) == FOURWAVE_NOT_FOUND);
}

static void texts(void)
{
    SAME(fourwave_status_text(FOURWAVE_OK), "ok");
    SAME(fourwave_status_text(FOURWAVE_NULL), "a pointer that must not be NULL is NULL");
    SAME(fourwave_status_text(FOURWAVE_STRUCT_SIZE), "struct_size is not set");
    SAME(fourwave_status_text(FOURWAVE_NOT_FOUND), "nothing of that index or number");
    SAME(fourwave_status_text(FOURWAVE_NOT_UTF8), "a text is not UTF-8");
    SAME(fourwave_status_text(FOURWAVE_INVALID), "an argument is not what was expected");
    SAME(fourwave_status_text(FOURWAVE_BAD_HEADER), "a TCP header cannot be read");
    SAME(fourwave_status_text(FOURWAVE_FINISHED), "the engine was told that its input is over");
    SAME(fourwave_status_text(FOURWAVE_NOT_REMEMBERED), "the engine was made without \"remember\"");
    SAME(fourwave_status_text(FOURWAVE_PANIC), "a fault in the library; the handle can only be freed");
    SAME(fourwave_status_text(UINT32_MAX), "an unknown status");
}

int main(void)
{
    nulls();
    no_news();
    sizes();
    options();
    headers();
    places();
    order();
    numbers();
    texts();
    return failures != 0;
}
