//! Why each finding matters, and the sections that it rests on.

use crate::finding::FindingId;

pub const fn finding_why(id: FindingId) -> &'static str {
    match id {
        FindingId::ThreeSegmentClose => {
            "The passive closer had nothing more to send, so its FIN carries the ACK too. RFC 9293 section 3.6, \
             figure 5 (FIN-WAIT-1 to TIME-WAIT)."
        }
        FindingId::SimultaneousClose => {
            "Both peers pass through CLOSING and both keep the ports in TIME-WAIT. RFC 9293 section 3.6, case 3 \
             and figure 13."
        }
        FindingId::HalfClose => "A FIN ends one direction only; the other may go on. RFC 9293 section 3.6.1.",
        FindingId::CloseWaitDwell => {
            "Nothing but its own application takes a peer out of CLOSE-WAIT, so a long stay is the application's \
             time, at a distance give or take one round trip. RFC 9293 section 3.6, case 2."
        }
        FindingId::CloseWaitLeak => {
            "A socket left in CLOSE-WAIT holds a descriptor and memory until its process ends; many exhaust the \
             limit of open files. The close may also come after the capture ends. RFC 9293 section 3.6, case 2."
        }
        FindingId::FinUnanswered => {
            "The closer keeps sending its FIN and in the end gives up silently; the other peer may believe the \
             connection open for long. RFC 9293 sections 3.6 and 3.8.3."
        }
        FindingId::FinRetransmitted => {
            "A FIN occupies a sequence number and is retransmitted like data; one copy is often only a tail-loss \
             probe (RFC 8985 section 7) that met a delayed ACK. RFC 9293 section 3.8.1."
        }
        FindingId::FinRetransmissionStorm => {
            "Several copies mean that FINs or their ACKs are lost in a row or that the other peer is gone. \
             RFC 9293 section 3.8.1."
        }
        FindingId::FinalAckLost => {
            "Waiting for this is what TIME-WAIT is for: the ACK is sent again and 2MSL starts anew. RFC 9293 \
             section 3.10.7.4, eighth step, TIME-WAIT STATE."
        }
        FindingId::FinalAckMissing => {
            "Without it the second closer stays in LAST-ACK and sends its FIN again; or only the capture missed \
             it. RFC 9293 section 3.6, figure 12."
        }
        FindingId::FinBehindGap => {
            "A FIN is processed in order: its receiver stays where it is until all data before it has come. \
             RFC 9293 section 3.10.7.4."
        }
        FindingId::FinConflict => {
            "After a FIN its sender has no more sequence numbers to use, so two accounts contradict each other and \
             one of them is broken or forged. RFC 9293 section 3.10.4."
        }
        FindingId::RstAbort => {
            "An abort throws away what is queued and tells the other application ECONNRESET, not end-of-file. \
             RFC 9293 section 3.10.5."
        }
        FindingId::RstUnreadData => {
            "A host that closes with received data unread should send a RST to say that data was lost; the same \
             RST comes from SO_LINGER with time 0, a kill or an abort, and no capture tells them apart. RFC 9293 \
             section 3.6.1 (MAY-1, SHLD-3)."
        }
        FindingId::RstInsteadOfFin => {
            "The peer that closed in good order learns that the rest of the stream will not come. RFC 9293 \
             sections 3.6.1 and 3.10.5."
        }
        FindingId::RstAfterFin => {
            "TIME-WAIT protects the next connection on these ports from old segments; a RST gives that up. \
             RFC 9293 sections 3.6 and 3.10.5."
        }
        FindingId::DataAfterClose => {
            "close() of both directions and shutdown(SHUT_WR) look the same until data comes; a RST to it shows \
             that nobody was there to read. RFC 9293 section 3.6.1 (MAY-1, SHLD-3)."
        }
        FindingId::RstDataLoss => {
            "What is not acknowledged at a reset may not have arrived, and no retransmission will follow; what is \
             acknowledged may still not have been read. RFC 9293 section 3.5.3."
        }
        FindingId::RstWithPayload => {
            "A RST may carry text that explains it; receivers should accept it. RFC 9293 section 3.5.3 (SHLD-2)."
        }
        FindingId::RstAfterClose => {
            "Both directions were closed and acknowledged before it, so nothing is lost. RFC 9293 section 3.5.3."
        }
        FindingId::RstIgnored => {
            "Only a RST at exactly the next expected number resets; this guards against blind resets. RFC 9293 \
             section 3.10.7.4 and RFC 5961 section 3.2."
        }
        FindingId::RstChallenged => {
            "The challenge lets a genuine sender answer with an exact RST; a blind attacker cannot. RFC 5961 \
             section 3.2."
        }
        FindingId::ChallengeAckLoop => {
            "Each side holds the other's ACK for wrong and answers it: traffic without progress. RFC 5961 \
             section 7 asks stacks to limit the rate."
        }
        FindingId::RstInjectionSuspected => {
            "A RST is not authenticated: whoever sees the connection can end it in a peer's name. The \
             evidence may have harmless causes too, such as a changed route. RFC 9293 section 7."
        }
        FindingId::IdleClose => {
            "TCP itself lets a connection be silent for ever, so a close after silence is somebody's decision: often \
             a timeout, which no packet names. RFC 9293 sections 3.8.3 and 3.8.4."
        }
        FindingId::HalfOpenDiscovered => {
            "One peer lost the connection without telling the other, which learns it only by sending. RFC 9293 \
             section 3.5.1."
        }
        FindingId::TimeWaitReuse => {
            "A SYN with a higher number or timestamp may end TIME-WAIT; otherwise the client must wait. RFC 9293 \
             section 3.6.1 (MAY-2) and RFC 6191."
        }
        FindingId::TimeWaitAssassination => {
            "Without TIME-WAIT an old segment may fall into the next connection on the same ports. RFC 1337."
        }
        FindingId::ConnectionRefused => {
            "A SYN to a port without listener is answered with RST; firewalls imitate it. RFC 9293 sections 3.5.2 \
             and 3.10.7.1."
        }
        FindingId::HandshakeReset => {
            "The connection was given up before it was open: by a client that no longer waits, a port scanner, or \
             a server that cannot take it. RFC 9293 section 3.5.3."
        }
        FindingId::KeepaliveTimeout => {
            "Keepalives found a dead peer or path; for the application the connection was useless since the last \
             answer. RFC 9293 section 3.8.4."
        }
        FindingId::ZeroWindowAtClose => {
            "A FIN queues behind unsent data, so a peer that does not read delays the close, and its cause lies at \
             that peer. RFC 9293 section 3.8.6.1."
        }
        FindingId::RtxTimeout => {
            "The peer or the path did not answer; the sender gives up after minutes, and may do so silently. \
             RFC 9293 section 3.8.3."
        }
        FindingId::VantageLimits => {
            "Statements that rest on segments not seen are likely, not certain; what is not seen need not be \
             unsent."
        }
    }
}
