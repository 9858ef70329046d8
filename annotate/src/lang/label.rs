//! The labels of a walk-through: headings, column names, names of header fields, and the fixed words of SPEC 11.
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
    // The story.
    Connection: "Connection", "连接";
    Connections: "Connections", "连接列表";
    Incarnation: "incarnation", "连接实例";
    Kind: "Kind", "关闭方式";
    WhoBegan: "Who began the close", "谁发起关闭";
    HowWeKnow: "How we know", "判断依据";
    Began: "began the close", "发起关闭";
    BothBegan: "both closed at the same time", "双方同时关闭";
    FirstSeenHere: "first seen at this vantage", "在本抓包点先看到";
    Waves: "Waves", "挥手";
    Ladder: "Ladder", "时序图";
    Timings: "Timings", "各阶段耗时";
    StatesAndDwell: "States and how long", "状态及停留时间";
    Findings: "Findings", "诊断结果";
    NoFindings: "nothing to report", "未发现异常";
    Advice: "Advice", "建议";
    Why: "Why it matters", "为何重要";
    Evidence: "Evidence", "证据";
    Frames: "frames", "帧";
    Resets: "Resets", "复位";
    Corrections: "Corrected in hindsight", "事后更正";
    Modifiers: "Also", "附加说明";
    ExpectedNext: "Expected next", "接下来可能";
    Owes: "owes", "尚欠";
    OnlyApplication: "only its application can cause it", "只能由其应用程序触发";
    Layers: "Headers of the waves", "各次挥手的报文头";

    // The wording of SPEC 11.
    Expected: "expected", "预期";
    Confirmed: "proved", "已证实";
    NotSeen: "not seen", "未见";
    NoEndSeen: "no end seen", "未见关闭";
    WithinOneRoundTrip: "± one round trip", "误差为一个往返时间";
    UpperBound: "at most", "至多";
    Merged: "waves 2 and 3 share a segment", "第二、三次挥手合并";
    LastDeviceOnPath: "a peer is the last device that terminates TCP: behind a NAT, proxy or load balancer it is that device", "“一端”指最后终结 TCP 的设备：若有 NAT、代理或负载均衡，则是该设备";
    CaptureEnds: "the capture ends", "抓包结束";
    TimerExpires: "2 MSL over", "2MSL 到期";
    Assumed: "assumed", "假定";

    // Columns.
    Frame: "Frame", "帧号";
    Time: "Time", "时间";
    Sender: "Sender", "发送方";
    Receiver: "Receiver", "接收方";
    Flags: "Flags", "标志";
    Role: "Role", "作用";
    Wave: "Wave", "挥手次序";
    State: "State", "状态";
    From: "From", "开始";
    Until: "Until", "结束";
    Duration: "Duration", "时长";
    Phase: "Phase", "阶段";
    Segments: "Segments", "报文段数";
    Octets: "Octets", "字节数";
    Severity: "Severity", "级别";
    Certainty: "Certainty", "确定性";
    Initiator: "Initiator", "发起方";
    Total: "Total", "合计";

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
    Field: "Field", "字段";
    Value: "Value", "值";
    Meaning: "Meaning", "含义";
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
    Absolute: "absolute", "绝对值";
    DataOffset: "data offset", "数据偏移";
    ControlBits: "control bits", "控制位";
    Window: "window", "窗口";
    Scaled: "scaled", "按窗口扩大因子换算";
    ScaleUnknown: "scale not seen", "未见窗口扩大因子";
    Checksum: "checksum", "校验和";
    ChecksumGood: "correct", "正确";
    ChecksumBad: "wrong, or left to the network card", "错误，或由网卡填写";
    UrgentPointer: "urgent pointer", "紧急指针";
    Options: "options", "选项";
    Payload: "payload", "载荷";
    NoHeader: "no such header in this capture", "抓包中没有该层首部";
}
