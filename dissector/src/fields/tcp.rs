//! Fields of the TCP header (RFC 9293 section 3.1), each option as a field of its own.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Fields, joined, names};
use crate::tcp::{DataSequence, Header, Mapping, Mptcp, ResetReason, TcpOption};

pub(super) fn tcp(fields: &mut Fields<'_>) -> Option<()> {
    let header = Header::parse(fields.octets).ok()?;
    fields.add("src-port", header.src_port)?;
    fields.add("dst-port", header.dst_port)?;
    fields.add("sequence", header.seq)?;
    fields.add("acknowledgment", header.ack)?;
    fields.add("header-length", header.len)?;
    fields.add("reserved", header.flags.0 >> 9)?;
    fields.add("flags", header.flags)?;
    fields.add("window", header.window)?;
    fields.add("checksum", format_args!("{:#06x}", header.checksum))?;
    fields.add("urgent-pointer", header.urgent)?;
    for option in header.options() {
        self::option(fields, option)?;
    }
    Some(())
}

fn option(fields: &mut Fields<'_>, option: TcpOption<'_>) -> Option<()> {
    match option {
        TcpOption::EndOfList => fields.add("option-end-of-list", ""),
        TcpOption::NoOperation => fields.add("option-no-operation", ""),
        TcpOption::MaximumSegmentSize(octets) => fields.add("option-maximum-segment-size", octets),
        TcpOption::WindowScale(shift) => fields.add("option-window-scale", shift),
        TcpOption::SackPermitted => fields.add("option-sack-permitted", ""),
        TcpOption::Sack(blocks) => {
            let blocks: Vec<String> = blocks.map(|(left, right)| alloc::format!("{left}-{right}")).collect();
            fields.add("option-sack", blocks.join(" "))
        }
        TcpOption::Timestamps { value, echo_reply } => {
            fields.add("option-timestamps", format_args!("{value} {echo_reply}"))
        }
        TcpOption::Md5(digest) => fields.add("option-md5", joined(digest, "")),
        TcpOption::UserTimeout { minutes, value } => {
            fields.add("option-user-timeout", format_args!("{value} {}", if minutes { "min" } else { "s" }))
        }
        TcpOption::Authentication { key_id, next_key_id, mac } => {
            fields.add("option-authentication", format_args!("{key_id} {next_key_id} {}", joined(mac, "")))
        }
        TcpOption::Mptcp(mptcp) => self::mptcp(fields, mptcp),
        TcpOption::FastOpen(cookie) => fields.add("option-fast-open", joined(cookie, "")),
        TcpOption::Experiment { kind, id, data } => {
            fields.add("option-experiment", format_args!("{kind} {id:#06x} {}", joined(data, "")))
        }
        TcpOption::Unknown { kind, data } => {
            fields.add("option-unknown", format_args!("{kind} {}", joined(data, "")))
        }
        TcpOption::Bad(bad) => fields.add("option-malformed", bad),
        TcpOption::Truncated { kind } => fields.add("option-truncated", kind),
    }
}

fn mptcp(fields: &mut Fields<'_>, option: Mptcp<'_>) -> Option<()> {
    match option {
        Mptcp::Capable { version, flags, sender_key, receiver_key, .. } => fields.add(
            "mptcp-capable",
            format_args!("v{version} {flags:#04x}{}{}", key(sender_key), key(receiver_key)),
        ),
        Mptcp::JoinSyn { backup, address_id, token, .. } => {
            fields.add("mptcp-join", format_args!("{} {address_id} {token:#010x}", names(&[(backup, "B")])))
        }
        Mptcp::JoinSynAck { backup, address_id, hmac, .. } => {
            fields.add("mptcp-join", format_args!("{} {address_id} {hmac:#018x}", names(&[(backup, "B")])))
        }
        Mptcp::JoinAck { hmac } => fields.add("mptcp-join", joined(hmac, "")),
        Mptcp::Dss { data_fin, ack, mapping } => {
            fields.add("mptcp-dss", names(&[(data_fin, "DATA_FIN"), (ack.is_some(), "DATA_ACK")]))?;
            if let Some(ack) = ack {
                fields.add("mptcp-data-ack", number(ack))?;
            }
            match mapping {
                Some(Mapping { sequence, subflow_sequence, len, .. }) => {
                    fields.add("mptcp-mapping", format_args!("{} {subflow_sequence} {len}", number(sequence)))
                }
                None => Some(()),
            }
        }
        Mptcp::AddAddress { echo, address_id, address, port, .. } => {
            let port = port.map(|port| alloc::format!(" {port}")).unwrap_or_default();
            fields.add(
                "mptcp-add-address",
                format_args!("{} {address_id} {address}{port}", names(&[(echo, "E")])),
            )
        }
        Mptcp::RemoveAddress { address_ids } => fields.add("mptcp-remove-address", joined(address_ids, " ")),
        Mptcp::Priority { backup, .. } => fields.add("mptcp-priority", names(&[(backup, "B")])),
        Mptcp::Fail { sequence } => fields.add("mptcp-fail", sequence),
        Mptcp::FastClose { receiver_key } => {
            fields.add("mptcp-fast-close", format_args!("{receiver_key:#018x}"))
        }
        Mptcp::Reset { transient, reason } => {
            fields.add("mptcp-reset", format_args!("{} {}", reason_code(reason), names(&[(transient, "T")])))
        }
        Mptcp::Experimental { nibble, data } => {
            fields.add("mptcp-experimental", format_args!("{nibble} {}", joined(data, "")))
        }
        Mptcp::Unknown { subtype, data } => {
            fields.add("mptcp-unknown", format_args!("{subtype} {}", joined(data, "")))
        }
    }
}

fn key(key: Option<u64>) -> String {
    key.map(|key| alloc::format!(" {key:#018x}")).unwrap_or_default()
}

fn number(sequence: DataSequence) -> u64 {
    match sequence {
        DataSequence::Low(number) => u64::from(number),
        DataSequence::Full(number) => number,
    }
}

fn reason_code(reason: ResetReason) -> String {
    let code = match reason {
        ResetReason::Unspecified => "unspecified",
        ResetReason::MptcpError => "mptcp-error",
        ResetReason::LackOfResources => "lack-of-resources",
        ResetReason::Prohibited => "prohibited",
        ResetReason::TooMuchOutstandingData => "too-much-outstanding-data",
        ResetReason::UnacceptablePerformance => "unacceptable-performance",
        ResetReason::MiddleboxInterference => "middlebox-interference",
        ResetReason::Unknown(code) => return alloc::format!("{code}"),
    };
    String::from(code)
}

#[cfg(test)]
mod tests {
    use super::super::tests::text;
    use crate::LayerKind;

    #[test]
    fn every_field_and_options() {
        let header = [
            0, 80, 0xc0, 1, 0, 0, 0, 7, 0, 0, 0, 9, 0xb0, 0x11, 0, 16, 0xab, 0xcd, 0, 0, // fixed part
            1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2, 30, 4, 0x81, 6, 5, 2, 4, 2, 0, 0, 0, 0,
        ];
        assert_eq!(
            text(LayerKind::Tcp, &header),
            "src-port 80\ndst-port 49153\nsequence 7\nacknowledgment 9\nheader-length 44\nreserved 0\nflags FIN,ACK\n\
             window 16\nchecksum 0xabcd\nurgent-pointer 0\noption-no-operation \noption-no-operation \n\
             option-timestamps 1 2\nmptcp-reset middlebox-interference T\n\
             option-malformed TCP option 5 at octet 36: wrong length for its kind\noption-sack-permitted \n\
             option-end-of-list "
        );
    }
}
