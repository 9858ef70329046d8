//! Why each finding matters, and the sections that it rests on.

use crate::finding::FindingId;

pub const fn finding_why(id: FindingId) -> &'static str {
    match id {
        FindingId::ThreeSegmentClose => {
            "被动关闭方没有其他数据要发送，FIN 同时带上了 ACK。见 RFC 9293 第 3.6 节、图 5（FIN-WAIT-1 到 TIME-WAIT）。"
        }
        FindingId::SimultaneousClose => {
            "双方都经过 CLOSING，也都在 TIME-WAIT 中占用端口。见 RFC 9293 第 3.6 节情形 3 和图 13。"
        }
        FindingId::HalfClose => "FIN 只结束一个方向，另一方向可以继续。见 RFC 9293 第 3.6.1 节。",
        FindingId::CloseWaitDwell => {
            "只有本端应用程序能使连接离开 CLOSE-WAIT，停留时间就是应用程序所花的时间；在远处抓包时误差为一个往返时间。\
             见 RFC 9293 第 3.6 节情形 2。"
        }
        FindingId::CloseWaitLeak => {
            "停在 CLOSE-WAIT 的套接字占用描述符和内存，直到进程结束；数量多了会耗尽可打开文件数。关闭也可能发生在抓包结束之后。\
             见 RFC 9293 第 3.6 节情形 2。"
        }
        FindingId::FinUnanswered => {
            "关闭方会反复发送 FIN，最后静默放弃；对端可能长时间以为连接仍然打开。见 RFC 9293 第 3.6 节和第 3.8.3 节。"
        }
        FindingId::FinRetransmitted => {
            "FIN 占用一个序号，与数据一样会重传；只有一份副本时，往往只是尾部丢包探测（RFC 8985 第 7 节）遇上延迟 ACK。\
             见 RFC 9293 第 3.8.1 节。"
        }
        FindingId::FinRetransmissionStorm => {
            "多份副本说明 FIN 或其 ACK 接连丢失，或对端已不存在。见 RFC 9293 第 3.8.1 节。"
        }
        FindingId::FinalAckLost => {
            "TIME-WAIT 正是为此而设：重新发送 ACK，2MSL 重新计时。见 RFC 9293 第 3.10.7.4 节第八步 TIME-WAIT STATE。"
        }
        FindingId::FinalAckMissing => {
            "没有它，后关闭的一端停在 LAST-ACK 并重传 FIN；也可能只是抓包漏掉了。见 RFC 9293 第 3.6 节图 12。"
        }
        FindingId::FinBehindGap => {
            "FIN 按序处理：之前的数据到齐以前，接收方状态不变。见 RFC 9293 第 3.10.7.4 节。"
        }
        FindingId::FinConflict => {
            "发送 FIN 之后不再有可用的序号，前后两种说法矛盾，其中之一是错误的或伪造的。见 RFC 9293 第 3.10.4 节。"
        }
        FindingId::RstAbort => {
            "中止会丢弃排队的数据，对方应用程序得到的是 ECONNRESET，而不是 EOF。见 RFC 9293 第 3.10.5 节。"
        }
        FindingId::RstUnreadData => {
            "带着未读数据关闭的主机应发送 RST，表示数据已丢失；SO_LINGER 时间为 0、进程被终止或主动中止时的 RST \
             与之相同，任何抓包都无法区分。见 RFC 9293 第 3.6.1 节（MAY-1、SHLD-3）。"
        }
        FindingId::RstInsteadOfFin => {
            "正常关闭的一端由此得知，其余数据不会再来。见 RFC 9293 第 3.6.1 节和第 3.10.5 节。"
        }
        FindingId::RstAfterFin => {
            "TIME-WAIT 保护这对端口上的下一个连接不受旧报文段影响，RST 则放弃了这种保护。见 RFC 9293 第 3.6 节和第 3.10.5 节。"
        }
        FindingId::DataAfterClose => {
            "双向的 close() 与 shutdown(SHUT_WR) 在数据到来之前看起来一样；对数据回应 RST，说明已无人读取。\
             见 RFC 9293 第 3.6.1 节（MAY-1、SHLD-3）。"
        }
        FindingId::RstDataLoss => {
            "复位时未被确认的数据可能没有到达，也不会再重传；已被确认的数据也可能没有被读取。见 RFC 9293 第 3.5.3 节。"
        }
        FindingId::RstWithPayload => {
            "RST 可以携带说明原因的文本，接收方应当允许。见 RFC 9293 第 3.5.3 节（SHLD-2）。"
        }
        FindingId::RstAfterClose => "在它之前两个方向都已关闭并得到确认，没有损失。见 RFC 9293 第 3.5.3 节。",
        FindingId::RstIgnored => {
            "只有序号恰为下一个期望值的 RST 才能复位连接，以防盲目复位攻击。见 RFC 9293 第 3.10.7.4 节和 RFC 5961 第 3.2 节。"
        }
        FindingId::RstChallenged => {
            "真正的发送方可以用序号精确的 RST 回应质询，盲目的攻击者做不到。见 RFC 5961 第 3.2 节。"
        }
        FindingId::ChallengeAckLoop => {
            "双方都认为对方的 ACK 不对并加以回应，只有流量，没有进展。RFC 5961 第 7 节要求协议栈限制其速率。"
        }
        FindingId::RstInjectionSuspected => {
            "RST 未经认证，能看到连接的任何设备都可以冒充一端结束它；但这些依据也有无害的原因，例如路由变化。\
             见 RFC 9293 第 7 节。"
        }
        FindingId::IdleClose => {
            "TCP 本身允许连接永远静默，静默之后的关闭是某一方的决定：往往是某种超时，但没有任何分组说明是哪一种。见 RFC 9293 第 3.8.3 节和第 3.8.4 节。"
        }
        FindingId::HalfOpenDiscovered => {
            "一端失去连接而没有通知另一端，后者只有在发送时才会得知。见 RFC 9293 第 3.5.1 节。"
        }
        FindingId::TimeWaitReuse => {
            "序号或时间戳更大的 SYN 可以结束 TIME-WAIT，否则客户端必须等待。见 RFC 9293 第 3.6.1 节（MAY-2）和 RFC 6191。"
        }
        FindingId::TimeWaitAssassination => {
            "没有 TIME-WAIT，旧报文段可能混入同一对端口上的下一个连接。见 RFC 1337。"
        }
        FindingId::ConnectionRefused => {
            "发往无人监听的端口的 SYN 得到 RST；防火墙也会模仿这一行为。见 RFC 9293 第 3.5.2 节和第 3.10.7.1 节。"
        }
        FindingId::HandshakeReset => {
            "连接在建立之前就被放弃：客户端不再等待、端口扫描，或服务器无法接受。见 RFC 9293 第 3.5.3 节。"
        }
        FindingId::KeepaliveTimeout => {
            "保活探测发现对端或路径失效；对应用程序来说，自最后一次应答起该连接就已无用。见 RFC 9293 第 3.8.4 节。"
        }
        FindingId::ZeroWindowAtClose => {
            "FIN 排在未发送的数据之后，不读取数据的一端会推迟关闭，原因就在这一端。见 RFC 9293 第 3.8.6.1 节。"
        }
        FindingId::RtxTimeout => {
            "对端或路径没有应答；发送方几分钟后放弃，而且可能不发出任何报文段。见 RFC 9293 第 3.8.3 节。"
        }
        FindingId::VantageLimits => "依赖未见报文段的结论只是可能，并非确定；未见不等于未发送。",
    }
}
