//! What to look at or change: one sentence a finding, for the engineer on call.

use crate::finding::FindingId;

pub const fn finding_advice(id: FindingId) -> Option<&'static str> {
    match id {
        FindingId::ThreeSegmentClose
        | FindingId::SimultaneousClose
        | FindingId::HalfClose
        | FindingId::FinRetransmitted
        | FindingId::RstAfterClose => None,
        FindingId::CloseWaitDwell => Some(
            "On that host, `ss -tanp state close-wait` names the process while it happens: look there for what \
             runs between reading end-of-file and close(), such as a blocked worker or a pooled connection that \
             nobody reads.",
        ),
        FindingId::CloseWaitLeak => Some(
            "Run `ss -tanp state close-wait` on that host twice, a minute apart: sockets that stay belong to a \
             process that read end-of-file and did not call close(); look for a missing close() on its error and \
             timeout paths and for idle pooled connections, because no TCP timer ends CLOSE-WAIT.",
        ),
        FindingId::FinUnanswered => Some(
            "Capture on the far side too: if the FIN arrives there, look at that host and at the way back; if it \
             does not, look for a firewall, NAT or load balancer that dropped the connection from its table.",
        ),
        FindingId::FinRetransmissionStorm => Some(
            "Find out on which side of this vantage the FIN or its ACK is lost by capturing at both ends; on the \
             sender `ss -tano state fin-wait-1 state last-ack` shows the retransmissions, and on Linux \
             `tcp_orphan_retries` bounds them.",
        ),
        FindingId::FinalAckLost => Some(
            "Nothing to do if it is rare; if it is common, look for loss, or for a stateful firewall that removes \
             the connection at the second FIN, on the path from this vantage to the peer that sent its FIN again.",
        ),
        FindingId::FinalAckMissing => Some(
            "Check first that the capture did not end or drop packets here (tcpdump prints \"dropped by kernel\"); \
             if it did not, `ss -tan state last-ack` on the second closer shows whether the ACK was missed there \
             too.",
        ),
        FindingId::FinBehindGap => Some(
            "Look for loss or reordering on the path before this vantage, or for packets that the capture dropped: \
             the close waits until the missing octets come.",
        ),
        FindingId::FinConflict => Some(
            "Look for a device on the path that rewrites sequence numbers or closes connections in a peer's name, \
             and compare TTL and IP identification of the two segments: one may be forged.",
        ),
        FindingId::RstAbort => Some(
            "Ask the application or proxy at that address why it aborts: usual grounds are SO_LINGER with time 0, \
             close() with unread data, a killed process, a timeout; if its own log knows nothing, capture there \
             and look for a firewall that sends RST in its name.",
        ),
        FindingId::RstUnreadData => Some(
            "Make the application read until end-of-file before close(), or call shutdown(SHUT_WR) first and \
             drain; otherwise look whether it sets SO_LINGER with time 0.",
        ),
        FindingId::RstInsteadOfFin => Some(
            "See whether that application closes with unread data in its socket or with SO_LINGER time 0, or has \
             died: the other side reads ECONNRESET, and data on its way may be lost.",
        ),
        FindingId::RstAfterFin => Some(
            "If the application aborts on purpose to avoid TIME-WAIT (SO_LINGER with time 0), let it close \
             normally and rather have the client close first or raise `net.ipv4.ip_local_port_range`; otherwise \
             look for a timeout or a process that ended after shutdown().",
        ),
        FindingId::DataAfterClose => Some(
            "Let the side that closed call shutdown(SHUT_WR) and read to end-of-file before close(), or let the \
             protocol agree on the end (Content-Length, `Connection: close`, a goodbye message), so that nothing \
             is under way when it goes.",
        ),
        FindingId::RstDataLoss => Some(
            "Compare what both applications logged as sent and received for this connection: the sender's octets \
             may not have been read; retry only what is safe to repeat, and find the cause in the finding on the \
             RST itself.",
        ),
        FindingId::RstWithPayload => Some(
            "Read the text: the stack or middlebox that sent the RST says there why; it is not authenticated, so \
             take it as a hint.",
        ),
        FindingId::RstIgnored => Some(
            "Nothing to do if the sender sends an exact RST after it; many such RSTs point to a device on the path \
             that lost track of the sequence numbers, or to somebody guessing them.",
        ),
        FindingId::RstChallenged => Some(
            "See whether an exact RST follows the challenge: then the RST was genuine but behind or ahead of its \
             peer; without one, suspect a forged RST or a firewall that drops challenge ACKs.",
        ),
        FindingId::ChallengeAckLoop => Some(
            "Look for a NAT, firewall or load balancer that gave both ends different sequence numbers, or for two \
             connections on one 4-tuple; close the socket on one end to stop it (on Linux `ss -K`), and check \
             that `net.ipv4.tcp_invalid_ratelimit` is not 0.",
        ),
        FindingId::RstInjectionSuspected => Some(
            "Capture at the host whose address the RST carries: if it did not leave there, something on the path \
             sent it; the TTL and IP identification of the RST against the other segments tell how far away it \
             is (intrusion prevention, censorship, a firewall's reject rule).",
        ),
        FindingId::IdleClose => Some(
            "Compare the silence with the idle timeouts on the path (server, proxy, load balancer, NAT, firewall); \
             let the shortest timeout be on the side that opens the connections, or keep them alive with \
             SO_KEEPALIVE and a TCP_KEEPIDLE below it.",
        ),
        FindingId::HalfOpenDiscovered => Some(
            "Find out whether that host restarted or a device on the path forgot the connection after silence; \
             SO_KEEPALIVE with a TCP_KEEPIDLE below the idle timeout of the path, or TCP_USER_TIMEOUT, finds it \
             earlier.",
        ),
        FindingId::TimeWaitReuse => Some(
            "Nothing to do if it was accepted; otherwise the client waits for a retransmitted SYN, so give it more \
             ports (`net.ipv4.ip_local_port_range`), keep connections open longer, and have TCP timestamps on at \
             both ends (RFC 6191).",
        ),
        FindingId::TimeWaitAssassination => Some(
            "Harmless unless old segments of this connection can still come; where they can, `net.ipv4.tcp_rfc1337 \
             = 1` makes Linux ignore a RST in TIME-WAIT.",
        ),
        FindingId::ConnectionRefused => Some(
            "On the server `ss -tlnp` shows whether anything listens on that address and port (127.0.0.1 only?); \
             if it does, look for a firewall with a reject rule, a backend taken out of a load balancer, or a full \
             accept queue with `tcp_abort_on_overflow` (`somaxconn` and the listen() backlog).",
        ),
        FindingId::HandshakeReset => Some(
            "Nothing to do for a health check or port scan; if users see it, compare the client's connect timeout \
             with the time to the SYN-ACK, and look on the server for a full accept queue (`ss -tln`, \
             `net.core.somaxconn`, `tcp_abort_on_overflow`).",
        ),
        FindingId::KeepaliveTimeout => Some(
            "See whether the silent host was down, suspended or cut off, or whether a NAT or firewall had dropped \
             the connection: then TCP_KEEPIDLE (`net.ipv4.tcp_keepalive_time`, 7200 s by default) must be below \
             its idle timeout.",
        ),
        FindingId::ZeroWindowAtClose => Some(
            "Look at why that application did not read (CPU, a lock, a blocked write of its own): its Recv-Q in \
             `ss -tanp` is full while it happens, and a larger SO_RCVBUF only delays it.",
        ),
        FindingId::RtxTimeout => Some(
            "Capture on the far side: if the segments do not arrive, look for loss, a dropped firewall or NAT \
             entry, or a path MTU black hole if only full-sized segments fail; if they do, look at the way back \
             of the ACKs; TCP_USER_TIMEOUT and `net.ipv4.tcp_retries2` bound the wait.",
        ),
        FindingId::VantageLimits => Some(
            "For firm statements capture from before the connection opens, in both directions and with headers \
             whole (tcpdump: `-s 0` or at least 128 octets, a larger `-B` if it reports packets dropped by kernel), \
             as near as possible to the peer in question.",
        ),
    }
}
