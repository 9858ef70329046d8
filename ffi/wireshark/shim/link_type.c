/* Link types: from Wireshark's numbers for encapsulations to those of capture files, which fourwave knows.
 *
 * Wireshark exports the way from a file's number to its own only, so that is turned round. Where two numbers of files
 * are one encapsulation the later is taken: it is the more general one (50 beside 9: PPP with HDLC-like framing). */
#include "teardown.h"

#include <wiretap/pcap-encap.h>

#define LAST_LINK_TYPE 400
#define MOST_ENCAPSULATIONS 400
#define NO_LINK_TYPE G_MAXUINT16

static uint16_t link_types[MOST_ENCAPSULATIONS];

void link_types_load(void)
{
    for (int encapsulation = 0; encapsulation < MOST_ENCAPSULATIONS; encapsulation++)
        link_types[encapsulation] = NO_LINK_TYPE;
    for (uint16_t number = 0; number <= LAST_LINK_TYPE; number++) {
        int encapsulation = wtap_pcap_encap_to_wtap_encap(number);

        if (encapsulation > WTAP_ENCAP_UNKNOWN && encapsulation < MOST_ENCAPSULATIONS)
            link_types[encapsulation] = number;
    }
    /* Here Wireshark takes off the octet that sets it apart. */
    link_types[WTAP_ENCAP_PPP_WITH_PHDR] = link_types[WTAP_ENCAP_PPP];
}

uint16_t link_type_of(int encapsulation)
{
    return encapsulation >= 0 && encapsulation < MOST_ENCAPSULATIONS ? link_types[encapsulation] : NO_LINK_TYPE;
}
