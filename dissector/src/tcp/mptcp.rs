//! The Multipath TCP option (RFC 8684 section 3), with the forms of version 0 (RFC 6824) that differ.

use core::net::IpAddr;

use nom::bytes::complete::take;
use nom::combinator::{all_consuming, cond, opt, rest, verify};
use nom::number::complete::{be_u8, be_u16, be_u32, be_u64};
use nom::{IResult, Parser};

type Parsed<'a, T> = IResult<&'a [u8], T, ()>;

/// One Multipath TCP option, by subtype.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mptcp<'a> {
    /// Subtype 0: the connection is to use Multipath TCP (section 3.1).
    Capable {
        /// Version of the protocol.
        version: u8,
        /// Flags A to H.
        flags: u8,
        /// Key of the sender.
        sender_key: Option<u64>,
        /// Key of the receiver.
        receiver_key: Option<u64>,
        /// Length of the data that the segment carries, octets.
        data_len: Option<u16>,
        /// Checksum of that mapping.
        checksum: Option<u16>,
    },
    /// Subtype 1 on a SYN: another subflow joins (section 3.2).
    JoinSyn {
        /// The subflow is to be used only if no other works.
        backup: bool,
        /// Identifies the sender's address.
        address_id: u8,
        /// The connection to join.
        token: u32,
        /// Random number of the sender.
        nonce: u32,
    },
    /// Subtype 1 on a SYN-ACK.
    JoinSynAck {
        /// The subflow is to be used only if no other works.
        backup: bool,
        /// Identifies the sender's address.
        address_id: u8,
        /// The leftmost 64 bits of the message authentication code.
        hmac: u64,
        /// Random number of the sender.
        nonce: u32,
    },
    /// Subtype 1 on the third segment.
    JoinAck {
        /// The leftmost 160 bits of the message authentication code.
        hmac: &'a [u8],
    },
    /// Subtype 2: data sequence signal (section 3.3).
    Dss {
        /// DATA_FIN: the sender has no more data on any subflow.
        data_fin: bool,
        /// Data acknowledgment.
        ack: Option<DataSequence>,
        /// Where the data of this subflow belong in the connection.
        mapping: Option<Mapping>,
    },
    /// Subtype 3: the sender has another address (section 3.4.1).
    AddAddress {
        /// It echoes an announcement.
        echo: bool,
        /// Identifies the address.
        address_id: u8,
        /// The address.
        address: IpAddr,
        /// Port there, if another than this subflow's.
        port: Option<u16>,
        /// The rightmost 64 bits of the message authentication code.
        hmac: Option<u64>,
    },
    /// Subtype 4: addresses are gone (section 3.4.2).
    RemoveAddress {
        /// Their identifiers.
        address_ids: &'a [u8],
    },
    /// Subtype 5: the subflow's priority changes (section 3.3.8).
    Priority {
        /// It is now to be used only if no other works.
        backup: bool,
        /// The address meant, in version 0 only.
        address_id: Option<u8>,
    },
    /// Subtype 6: a checksum failed, fall back (section 3.7).
    Fail {
        /// Data sequence number where it failed.
        sequence: u64,
    },
    /// Subtype 7: the whole connection is reset (section 3.5).
    FastClose {
        /// Key of the receiver.
        receiver_key: u64,
    },
    /// Subtype 8: why this subflow is reset (section 3.6).
    Reset {
        /// The condition may pass: flag T.
        transient: bool,
        /// Why.
        reason: ResetReason,
    },
    /// Subtype 15: for private use.
    Experimental {
        /// The four bits beside the subtype, and the octets that follow.
        nibble: u8,
        /// What follows.
        data: &'a [u8],
    },
    /// A subtype without meaning yet.
    Unknown {
        /// Its number.
        subtype: u8,
        /// What follows the octet that holds it.
        data: &'a [u8],
    },
}

/// A data sequence number, all of it or its lower half.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataSequence {
    /// The lower 32 bits.
    Low(u32),
    /// All 64 bits.
    Full(u64),
}

/// Where data of a subflow belong in the connection (RFC 8684 section 3.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// Number of the first octet in the connection.
    pub sequence: DataSequence,
    /// Its number in the subflow, relative to the subflow's start.
    pub subflow_sequence: u32,
    /// Octets that the mapping covers; a DATA_FIN counts as one.
    pub len: u16,
    /// Checksum, if the peers agreed on one.
    pub checksum: Option<u16>,
}

/// Why a subflow was reset (RFC 8684 section 3.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetReason {
    /// 0x00: unspecified.
    Unspecified,
    /// 0x01: MPTCP-specific error.
    MptcpError,
    /// 0x02: lack of resources.
    LackOfResources,
    /// 0x03: administratively prohibited.
    Prohibited,
    /// 0x04: too much outstanding data.
    TooMuchOutstandingData,
    /// 0x05: unacceptable performance.
    UnacceptablePerformance,
    /// 0x06: middlebox interference.
    MiddleboxInterference,
    /// A code without meaning yet.
    Unknown(u8),
}

impl From<u8> for ResetReason {
    fn from(code: u8) -> Self {
        match code {
            0 => Self::Unspecified,
            1 => Self::MptcpError,
            2 => Self::LackOfResources,
            3 => Self::Prohibited,
            4 => Self::TooMuchOutstandingData,
            5 => Self::UnacceptablePerformance,
            6 => Self::MiddleboxInterference,
            code => Self::Unknown(code),
        }
    }
}

/// Reads the option behind its kind and length; `None` if its length is not one that its subtype may have.
pub(super) fn mptcp(body: &[u8]) -> Option<Mptcp<'_>> {
    let (&first, body) = body.split_first()?;
    let (subtype, nibble) = (first >> 4, first & 0x0f);
    let parsed = match subtype {
        0 => capable(nibble, body),
        1 => join(nibble, body),
        2 => dss(body),
        3 => add_address(nibble, body),
        4 => verify(rest, |ids: &[u8]| !ids.is_empty())
            .map(|address_ids| Mptcp::RemoveAddress { address_ids })
            .parse(body),
        5 => priority(nibble, body),
        6 => all_consuming((take(1_u8), be_u64)).map(|(_, sequence)| Mptcp::Fail { sequence }).parse(body),
        7 => all_consuming((take(1_u8), be_u64))
            .map(|(_, receiver_key)| Mptcp::FastClose { receiver_key })
            .parse(body),
        8 => all_consuming(be_u8)
            .map(|reason| Mptcp::Reset { transient: nibble & 1 != 0, reason: reason.into() })
            .parse(body),
        15 => Ok((&[][..], Mptcp::Experimental { nibble, data: body })),
        subtype => Ok((&[][..], Mptcp::Unknown { subtype, data: body })),
    };
    parsed.ok().map(|(_, option)| option)
}

fn capable(version: u8, body: &[u8]) -> Parsed<'_, Mptcp<'_>> {
    let keys = body.len().saturating_sub(1);
    all_consuming((
        be_u8,
        cond(keys >= 8, be_u64),
        cond(keys >= 16, be_u64),
        cond(keys >= 18, be_u16),
        cond(keys >= 20, be_u16),
    ))
    .map(|(flags, sender_key, receiver_key, data_len, checksum)| Mptcp::Capable {
        version,
        flags,
        sender_key,
        receiver_key,
        data_len,
        checksum,
    })
    .parse(body)
}

/// The three forms differ in length only.
fn join(nibble: u8, body: &[u8]) -> Parsed<'_, Mptcp<'_>> {
    let backup = nibble & 1 != 0;
    match body.len() {
        9 => (be_u8, be_u32, be_u32)
            .map(|(address_id, token, nonce)| Mptcp::JoinSyn { backup, address_id, token, nonce })
            .parse(body),
        13 => (be_u8, be_u64, be_u32)
            .map(|(address_id, hmac, nonce)| Mptcp::JoinSynAck { backup, address_id, hmac, nonce })
            .parse(body),
        _ => all_consuming((take(1_u8), take(20_u8))).map(|(_, hmac)| Mptcp::JoinAck { hmac }).parse(body),
    }
}

fn dss(body: &[u8]) -> Parsed<'_, Mptcp<'_>> {
    let (body, flags) = be_u8(body)?;
    let has = |bit: u8| flags & bit != 0;
    let (body, ack) = cond(has(0x01), data_sequence(has(0x02))).parse(body)?;
    let (body, mapping) = cond(has(0x04), mapping(has(0x08))).parse(body)?;
    let (body, _) = all_consuming(take(0_u8)).parse(body)?;
    Ok((body, Mptcp::Dss { data_fin: has(0x10), ack, mapping }))
}

fn mapping<'a>(full: bool) -> impl Parser<&'a [u8], Output = Mapping, Error = ()> {
    (data_sequence(full), be_u32, be_u16, opt(be_u16)).map(|(sequence, subflow_sequence, len, checksum)| {
        Mapping { sequence, subflow_sequence, len, checksum }
    })
}

fn data_sequence<'a>(full: bool) -> impl Parser<&'a [u8], Output = DataSequence, Error = ()> {
    move |input| {
        if full {
            be_u64.map(DataSequence::Full).parse(input)
        } else {
            be_u32.map(DataSequence::Low).parse(input)
        }
    }
}

/// Version 0 names the IP version beside the subtype and carries no code; version 1 has a flag there, and its
/// length says which address it is.
fn add_address(nibble: u8, body: &[u8]) -> Parsed<'_, Mptcp<'_>> {
    let echo = nibble == 1;
    let wide = body.len() >= 17;
    let after_address = body.len().saturating_sub(if wide { 17 } else { 5 });
    let (body, address_id) = be_u8(body)?;
    let (body, address) = if wide {
        take(16_u8)
            .map_opt(<[u8]>::first_chunk::<16>)
            .map(|octets: &[u8; 16]| IpAddr::from(*octets))
            .parse(body)?
    } else {
        take(4_u8)
            .map_opt(<[u8]>::first_chunk::<4>)
            .map(|octets: &[u8; 4]| IpAddr::from(*octets))
            .parse(body)?
    };
    let (body, (port, hmac)) =
        all_consuming((cond(after_address % 8 == 2, be_u16), cond(after_address >= 8, be_u64)))
            .parse(body)?;
    Ok((body, Mptcp::AddAddress { echo, address_id, address, port, hmac }))
}

fn priority(nibble: u8, body: &[u8]) -> Parsed<'_, Mptcp<'_>> {
    all_consuming(opt(be_u8))
        .map(|address_id| Mptcp::Priority { backup: nibble & 1 != 0, address_id })
        .parse(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capable_in_all_lengths() {
        let get = |len: usize| {
            let body: alloc::vec::Vec<u8> = (0..len).map(|i| if i == 0 { 0x01 } else { 0x81 }).collect();
            let Mptcp::Capable { version: 1, flags: 0x81, sender_key, receiver_key, data_len, checksum } =
                mptcp(&body)?
            else {
                panic!("no capability: {body:?}");
            };
            Some((sender_key.is_some(), receiver_key.is_some(), data_len.is_some(), checksum.is_some()))
        };
        assert_eq!(get(2), Some((false, false, false, false)));
        assert_eq!(get(10), Some((true, false, false, false)));
        assert_eq!(get(18), Some((true, true, false, false)));
        assert_eq!(get(20), Some((true, true, true, false)));
        assert_eq!(get(22), Some((true, true, true, true)));
        assert_eq!(get(1), None);
        assert_eq!(get(11), None);
        assert_eq!(get(23), None);
    }

    #[test]
    fn join_in_three_forms() {
        assert_eq!(
            mptcp(&[0x11, 2, 0, 0, 0, 3, 0, 0, 0, 4]),
            Some(Mptcp::JoinSyn { backup: true, address_id: 2, token: 3, nonce: 4 })
        );
        assert_eq!(
            mptcp(&[0x10, 2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 4]),
            Some(Mptcp::JoinSynAck { backup: false, address_id: 2, hmac: 3, nonce: 4 })
        );
        let ack: [u8; 22] = core::array::from_fn(|i| if i == 0 { 0x10 } else { 0 });
        assert_eq!(mptcp(&ack), Some(Mptcp::JoinAck { hmac: &[0; 20] }));
        assert_eq!(mptcp(&ack[..21]), None);
    }

    #[test]
    fn data_sequence_signals() {
        assert_eq!(
            mptcp(&[0x20, 0x01, 0, 0, 0, 9]),
            Some(Mptcp::Dss { data_fin: false, ack: Some(DataSequence::Low(9)), mapping: None })
        );
        let fin = [0x20, 0x1f, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 1, 0xab, 0xcd];
        let mapping =
            Mapping { sequence: DataSequence::Full(8), subflow_sequence: 0, len: 1, checksum: Some(0xabcd) };
        assert_eq!(
            mptcp(&fin),
            Some(Mptcp::Dss { data_fin: true, ack: Some(DataSequence::Full(9)), mapping: Some(mapping) })
        );
        assert_eq!(mptcp(&fin[..25]), None);
        assert!(mptcp(&fin[..24]).is_some());
    }

    #[test]
    fn addresses() {
        let v4 = IpAddr::from([192, 0, 2, 1]);
        assert_eq!(
            mptcp(&[0x31, 7, 192, 0, 2, 1]),
            Some(Mptcp::AddAddress { echo: true, address_id: 7, address: v4, port: None, hmac: None })
        );
        assert_eq!(
            mptcp(&[0x30, 7, 192, 0, 2, 1, 0, 80, 0, 0, 0, 0, 0, 0, 0, 5]),
            Some(Mptcp::AddAddress {
                echo: false,
                address_id: 7,
                address: v4,
                port: Some(80),
                hmac: Some(5)
            })
        );
        let v6: [u8; 18] = core::array::from_fn(|i| if i == 0 { 0x36 } else { 0 });
        assert!(matches!(mptcp(&v6), Some(Mptcp::AddAddress { address: IpAddr::V6(_), .. })));
        assert_eq!(mptcp(&[0x30, 7, 192, 0, 2, 1, 0]), None);
        assert_eq!(mptcp(&[0x40, 1, 2]), Some(Mptcp::RemoveAddress { address_ids: &[1, 2] }));
        assert_eq!(mptcp(&[0x40]), None);
    }

    #[test]
    fn ends_and_failures() {
        assert_eq!(mptcp(&[0x51]), Some(Mptcp::Priority { backup: true, address_id: None }));
        assert_eq!(mptcp(&[0x50, 3]), Some(Mptcp::Priority { backup: false, address_id: Some(3) }));
        assert_eq!(mptcp(&[0x60, 0, 0, 0, 0, 0, 0, 0, 0, 1]), Some(Mptcp::Fail { sequence: 1 }));
        assert_eq!(mptcp(&[0x70, 0, 0, 0, 0, 0, 0, 0, 0, 1]), Some(Mptcp::FastClose { receiver_key: 1 }));
        assert_eq!(
            mptcp(&[0x81, 6]),
            Some(Mptcp::Reset { transient: true, reason: ResetReason::MiddleboxInterference })
        );
        assert_eq!(mptcp(&[0x80]), None);
        assert_eq!(mptcp(&[0xf3, 1]), Some(Mptcp::Experimental { nibble: 3, data: &[1] }));
        assert_eq!(mptcp(&[0x90, 1]), Some(Mptcp::Unknown { subtype: 9, data: &[1] }));
        assert_eq!(mptcp(&[]), None);
    }
}
