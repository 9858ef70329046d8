//! The names of headers and of their fields.
//!
//! The dissector names fields by codes; what has no name here is printed by its code.

use fourwave_annotate::Lang;
use fourwave_annotate::lang::Label;
use fourwave_dissector::{LayerKind, Stratum};

/// A header: `IPv4`.
pub fn name(lang: Lang, kind: LayerKind) -> &'static str {
    match kind.code() {
        "ethernet" => lang.label(Label::Ethernet),
        "vlan" => lang.label(Label::Vlan),
        "mpls" => lang.label(Label::Mpls),
        "ipv4" => lang.label(Label::Ipv4),
        "ipv6" => lang.label(Label::Ipv6),
        "tcp" => lang.label(Label::Tcp),
        code => code,
    }
}

/// A header, with the layer it belongs to: `Network layer: IPv4`.
pub fn layer(lang: Lang, kind: LayerKind) -> String {
    let name = name(lang, kind);
    let layer = match kind.stratum() {
        Stratum::Link => lang.label(Label::LinkLayer),
        Stratum::Network => lang.label(Label::NetworkLayer),
        Stratum::Transport => lang.label(Label::TransportLayer),
        Stratum::Tunnel => match lang {
            Lang::En => "Tunnel",
            Lang::ZhHans => "隧道",
        },
    };
    match lang {
        Lang::En => format!("{layer}: {name}"),
        Lang::ZhHans => format!("{layer}：{name}"),
    }
}

/// A field of a header.
pub fn field(lang: Lang, kind: LayerKind, name: &'static str) -> String {
    if let Some(option) = name.strip_prefix("option-") {
        let option = self::option(lang, option);
        return match lang {
            Lang::En => format!("option: {option}"),
            Lang::ZhHans => format!("选项：{option}"),
        };
    }
    let label = match name {
        "dst" => Label::DestinationAddress,
        "src" => Label::SourceAddress,
        "ether-type" => Label::EtherType,
        "version" => Label::Version,
        "header-length" => Label::HeaderLength,
        "dscp" => Label::Dscp,
        "ecn" => Label::Ecn,
        "total-length" => Label::TotalLength,
        "identification" => Label::Identification,
        "flags" if kind == LayerKind::Tcp => Label::ControlBits,
        "flags" => Label::IpFlags,
        "fragment-offset" => Label::FragmentOffset,
        "ttl" => Label::TimeToLive,
        "protocol" => Label::Protocol,
        "checksum" if kind == LayerKind::Ipv4 => Label::HeaderChecksum,
        "checksum" => Label::Checksum,
        "traffic-class" => Label::TrafficClass,
        "flow-label" => Label::FlowLabel,
        "payload-length" => Label::PayloadLength,
        "next-header" => Label::NextHeader,
        "hop-limit" => Label::HopLimit,
        "src-port" => Label::SourcePort,
        "dst-port" => Label::DestinationPort,
        "sequence" if kind == LayerKind::Tcp => Label::SequenceNumber,
        "acknowledgment" => Label::AcknowledgmentNumber,
        "window" => Label::Window,
        "urgent-pointer" => Label::UrgentPointer,
        "options" => Label::Options,
        "reserved" if lang == Lang::ZhHans => return String::from("保留位"),
        code => return code.replace('-', " "),
    };
    lang.label(label).to_owned()
}

fn option(lang: Lang, code: &str) -> String {
    let chinese = match (lang, code) {
        (Lang::En, _) => None,
        (Lang::ZhHans, "end-of-list") => Some("列表结束"),
        (Lang::ZhHans, "no-operation") => Some("空操作"),
        (Lang::ZhHans, "maximum-segment-size") => Some("最大报文段长度"),
        (Lang::ZhHans, "window-scale") => Some("窗口扩大因子"),
        (Lang::ZhHans, "sack-permitted") => Some("允许选择确认"),
        (Lang::ZhHans, "sack") => Some("选择确认"),
        (Lang::ZhHans, "timestamps") => Some("时间戳"),
        (Lang::ZhHans, "user-timeout") => Some("用户超时"),
        (Lang::ZhHans, "authentication") => Some("认证"),
        (Lang::ZhHans, "fast-open") => Some("快速打开"),
        (Lang::ZhHans, _) => None,
    };
    chinese.map_or_else(|| code.replace('-', " "), str::to_owned)
}

/// A number counted from the SYN, behind the absolute one.
pub fn relative(lang: Lang, number: i64) -> String {
    match lang {
        Lang::En => format!(" ({}: {number})", lang.label(Label::Relative)),
        Lang::ZhHans => format!("（{}：{number}）", lang.label(Label::Relative)),
    }
}

/// What a window means, behind what the header says.
pub fn scaled(lang: Lang, octets: Option<u32>) -> String {
    let what = match octets {
        Some(octets) => match lang {
            Lang::En => format!("{}: {octets}", lang.label(Label::Scaled)),
            Lang::ZhHans => format!("{}：{octets}", lang.label(Label::Scaled)),
        },
        None => lang.label(Label::ScaleUnknown).to_owned(),
    };
    match lang {
        Lang::En => format!(" ({what})"),
        Lang::ZhHans => format!("（{what}）"),
    }
}

/// Instead of the headers of a segment that was not shown.
pub const fn not_known_as_wave(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Its headers were not kept: only later did it prove to be a wave.",
        Lang::ZhHans => "没有保留它的首部：后来才知道它是一次挥手。",
    }
}

/// Instead of the headers of a segment that was taken for one of another connection.
pub const fn not_known_as_own(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Its headers were not kept: only later did it prove to belong to this connection.",
        Lang::ZhHans => "没有保留它的首部：后来才知道它属于本连接。",
    }
}
