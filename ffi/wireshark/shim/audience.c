/* Whether anybody can ask again for what a frame brings.
 *
 * Most runs of tshark are over when the last frame is read. Wireshark has no word for it, but signs: where frames are kept,
 * to be shown again, each has a frame_data of its own; and a pass that only prepares a second one runs no taps and shows
 * no tree. */
#include "teardown.h"

#include <epan/tap.h>

static printed_t what_is_printed;
static const void *last_frame;
static bool may_come_back;
static int tap = -1;

void audience_reads(printed_t printed)
{
    what_is_printed = printed;
}

printed_t audience_printed(void)
{
    return what_is_printed;
}

void audience_register(void)
{
    tap = register_tap("teardown_audience");
}

void audience_reset(void)
{
    last_frame = NULL;
    may_come_back = true;
}

static bool taps_run(packet_info *pinfo)
{
    tap_queue_packet(tap, pinfo, &tap);
    return fetch_tapped_data(tap, 0) != NULL;
}

bool audience_may_come_back(packet_info *pinfo, bool sees_all)
{
    if (pinfo->num == 2)
        may_come_back = pinfo->fd != last_frame || !(sees_all || taps_run(pinfo));
    last_frame = pinfo->fd;
    return may_come_back;
}
