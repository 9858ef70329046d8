/* What differs between the versions of Wireshark that this compiles for: 4.0 to 4.6. Measured, not guessed; a wrong
 * type of a callback is an error of the compiler (build.rs). */
#ifndef FOURWAVE_COMPAT_H
#define FOURWAVE_COMPAT_H

#include <wireshark.h>
#include <ws_version.h>

#define WIRESHARK_AT_LEAST(major, minor)                                                                               \
    (WIRESHARK_VERSION_MAJOR > (major)                                                                                 \
     || (WIRESHARK_VERSION_MAJOR == (major) && WIRESHARK_VERSION_MINOR >= (minor)))

/* The value of a field became a pointer in 4.2. */
#if WIRESHARK_AT_LEAST(4, 2)
#define FIELD_VALUE(field) ((field)->value)
#else
#define FIELD_VALUE(field) (&(field)->value)
#endif

#endif
