/* Link types: from Wireshark's numbers for encapsulations to those of capture files, which fourwave knows.
 *
 * Wireshark exports the way from a file's number to its own only, so that is turned round. Where two numbers of files
 * are one encapsulation the later is taken: it is the more general one (50 beside 9: PPP with HDLC-like framing). */
#include "teardown.h"

#include <wiretap/pcap-encap.h>

#define LAST_LINK_TYPE 400
#define MOST_ENCAPSULATIONS 400

static int link_types[MOST_ENCAPSULATIONS];

void link_types_load(void)
{
    for (int encapsulation = 0; encapsulation < MOST_ENCAPSULATIONS; encapsulation++)
        link_types[encapsulation] = -1;
    for (int number = 0; number <= LAST_LINK_TYPE; number++) {
        int encapsulation = wtap_pcap_encap_to_wtap_encap(number);

        if (encapsulation > WTAP_ENCAP_UNKNOWN && encapsulation < MOST_ENCAPSULATIONS)
            link_types[encapsulation] = number;
    }
    /* Here Wireshark takes off the octet that sets it apart. */
    link_types[WTAP_ENCAP_PPP_WITH_PHDR] = link_types[WTAP_ENCAP_PPP];
}

int link_type_of(int encapsulation)
{
    return encapsulation >= 0 && encapsulation < MOST_ENCAPSULATIONS ? link_types[encapsulation] : -1;
}
