//! The labels of documents and walk-throughs: headings, column names, names of header fields.
//!
//! One line a label: its name, its English text, its Chinese text.

macro_rules! labels {
    ($($name:ident: $en:literal, $zh_hans:literal;)+) => {
        /// A label; its doc comment is its English text.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Label { $(#[doc = $en] $name,)+ }

        impl Label {
            #[cfg(test)]
            pub(super) const ALL: &[Self] = &[$(Self::$name,)+];

            pub(super) const fn en(self) -> &'static str {
                match self { $(Self::$name => $en,)+ }
            }

            pub(super) const fn zh_hans(self) -> &'static str {
                match self { $(Self::$name => $zh_hans,)+ }
            }
        }
    };
}

labels! {
    // Headings.
    Advice: "Advice", "建议";
    Why: "Why it matters", "为何重要";
    Layers: "Headers of the waves", "各次挥手的报文头";

    // Columns.
    Frame: "Frame", "帧号";
    Time: "Time", "时间";

    // Layers and their header fields.
    LinkLayer: "Data link layer", "数据链路层";
    NetworkLayer: "Network layer", "网络层";
    TransportLayer: "Transport layer", "传输层";
    Ethernet: "Ethernet", "以太网";
    Vlan: "VLAN tag", "VLAN 标签";
    Mpls: "MPLS label", "MPLS 标签";
    Ipv4: "IPv4", "IPv4";
    Ipv6: "IPv6", "IPv6";
    Tcp: "TCP", "TCP";
    DestinationAddress: "destination address", "目的地址";
    SourceAddress: "source address", "源地址";
    EtherType: "type", "类型";
    Version: "version", "版本";
    HeaderLength: "header length", "首部长度";
    Dscp: "DSCP", "区分服务码点 DSCP";
    Ecn: "ECN", "显式拥塞通知 ECN";
    TotalLength: "total length", "总长度";
    Identification: "identification", "标识";
    IpFlags: "flags", "标志";
    FragmentOffset: "fragment offset", "片偏移";
    TimeToLive: "time to live", "生存时间 TTL";
    Protocol: "protocol", "协议";
    HeaderChecksum: "header checksum", "首部校验和";
    TrafficClass: "traffic class", "通信量类";
    FlowLabel: "flow label", "流标签";
    PayloadLength: "payload length", "载荷长度";
    NextHeader: "next header", "下一首部";
    HopLimit: "hop limit", "跳数限制";
    SourcePort: "source port", "源端口";
    DestinationPort: "destination port", "目的端口";
    SequenceNumber: "sequence number", "序号";
    AcknowledgmentNumber: "acknowledgment number", "确认号";
    Relative: "relative", "相对值";
    ControlBits: "control bits", "控制位";
    Window: "window", "窗口";
    Scaled: "scaled", "按窗口扩大因子换算";
    ScaleUnknown: "scale not seen", "未见窗口扩大因子";
    Checksum: "checksum", "校验和";
    UrgentPointer: "urgent pointer", "紧急指针";
    Options: "options", "选项";
}
