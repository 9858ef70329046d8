//! Modifiers: what a segment is beside its role (SPEC 5.1), and a connection beside its kind (SPEC 8.1).

use crate::code::{Code, Set, coded};

coded! {
    /// A modifier of a segment, in the order of SPEC 5.1.
    pub enum Modifier {
        /// It carries payload.
        Data = "data",
        /// It fills a gap in the sequence space seen.
        FillsGap = "fills-gap",
        /// It repeats sequence space seen before.
        Retransmission = "retransmission",
        /// What it repeats had been acknowledged.
        AlreadyAcked = "already-acked",
        /// Octets before it were not seen.
        GapBefore = "gap-before",
        /// It acknowledges octets that were not seen; their number is [`Modifiers::acks_unseen`].
        AcksUnseen = "acks-unseen",
        /// The one unseen octet it acknowledges may be a FIN.
        MaybeAcksUnseenFin = "maybe-acks-unseen-fin",
        /// It proves a FIN that was not seen.
        InfersUnseenFin = "infers-unseen-fin",
        /// A FIN recorded after its acknowledgment.
        LateCapture = "late-capture",
        /// Too old for its receiver to look at its ACK (RFC 9293 section 3.10.7.4, first check).
        OldSeq = "old-seq",
        /// Its ACK field cannot be meant.
        AckInvalid = "ack-invalid",
        /// A copy; the wave counts from the first.
        Repeat = "repeat",
        /// The same packet recorded again.
        Duplicate = "duplicate",
        /// It announces a closed window.
        ZeroWindow = "zero-window",
        /// RST at the number its receiver expects.
        Exact = "exact",
        /// RST at the number of the sender's own FIN.
        ExactFin1 = "exact-fin-1",
        /// RST in the window but not at the expected number (RFC 5961).
        InWindow = "in-window",
        /// RST outside the window.
        OutOfWindow = "out-of-window",
        /// RST whose place cannot be judged.
        Unknown = "unknown",
        /// RST that answers an unacceptable ACK in the handshake.
        AnswersBadAck = "answers-bad-ack",
        /// Recorded, or sent, out of order.
        Reordered = "reordered",
        /// Its sender has not accepted the RST that its peer sent.
        RstNotReceived = "rst-not-received",
        /// SYN to a peer in TIME-WAIT.
        FromTimeWait = "from-time-wait",
        /// Its connection was pushed out of memory before all was known.
        Evicted = "evicted",
    }
}

/// The modifiers of a segment, with the number that one of them carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub struct Modifiers {
    /// The modifiers.
    pub set: Set<Modifier>,
    /// Octets acknowledged but not seen; the parameter of [`Modifier::AcksUnseen`].
    pub acks_unseen: u32,
}

impl Modifiers {
    /// True if `modifier` is set.
    #[must_use]
    pub fn contains(&self, modifier: Modifier) -> bool {
        self.set.contains(modifier)
    }

    /// Adds `modifier`.
    pub fn insert(&mut self, modifier: Modifier) {
        self.set.insert(modifier);
    }

    /// Takes `modifier` out.
    pub fn remove(&mut self, modifier: Modifier) {
        self.set.remove(modifier);
    }

    /// Calls `each` with every modifier's code and its number, if it carries one.
    pub fn for_each(&self, mut each: impl FnMut(&'static str, Option<u32>)) {
        for modifier in self.set.iter() {
            each(modifier.code(), (modifier == Modifier::AcksUnseen).then_some(self.acks_unseen));
        }
    }
}

coded! {
    /// A modifier of a connection.
    pub enum ConnectionModifier {
        /// The capture begins after the handshake.
        MidStream = "mid-stream",
        /// Only one direction was seen.
        OneWay = "one-way",
        /// A SYN was not seen but inferred.
        SynNotSeen = "syn-not-seen",
        /// Both ends sent a SYN without ACK.
        SimultaneousOpen = "simultaneous-open",
        /// More gaps than are kept: the rest was taken as filled.
        OooOverflow = "ooo-overflow",
        /// A subflow of Multipath TCP (RFC 8684): the states are those of this subflow only.
        Mptcp = "mptcp",
        /// Its end was not seen, and its last packet is closer to the end of the capture than `truncated-by-end`.
        TruncatedByEnd = "truncated-by-end",
        /// Given up or pushed out of memory before its end was seen.
        Evicted = "evicted",
    }
}
