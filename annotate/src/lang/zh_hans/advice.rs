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
            "在该主机上趁现象出现时用 `ss -tanp state close-wait` 找到进程，检查它从读到文件结束（EOF）到调用 \
             close() 之间在做什么，例如被阻塞的工作线程，或连接池中无人读取的连接。",
        ),
        FindingId::CloseWaitLeak => Some(
            "在该主机上隔一分钟运行两次 `ss -tanp state close-wait`：一直存在的套接字属于已读到 EOF 却没有调用 \
             close() 的进程；请检查其出错与超时分支是否漏掉 close()，以及闲置的连接池，因为没有任何 TCP \
             定时器会结束 CLOSE-WAIT。",
        ),
        FindingId::FinUnanswered => Some(
            "请在对端同时抓包：若 FIN 已到达，检查该主机和返回路径；若未到达，检查途中的防火墙、NAT \
             或负载均衡是否已从会话表中删除该连接。",
        ),
        FindingId::FinRetransmissionStorm => Some(
            "请在两端抓包，判断 FIN 或其 ACK 丢失在抓包点的哪一侧；在发送方用 `ss -tano state fin-wait-1 state \
             last-ack` 可看到重传情况，Linux 上由 `tcp_orphan_retries` 限制次数。",
        ),
        FindingId::FinalAckLost => Some(
            "偶尔出现可不处理；若经常出现，检查从抓包点到重传 FIN 的一端之间是否丢包，或有状态防火墙是否在第二个 \
             FIN 时就删除了会话。",
        ),
        FindingId::FinalAckMissing => Some(
            "先确认抓包没有在此处结束或丢包（tcpdump 会显示 dropped by kernel）；若没有，在后关闭的一端用 `ss \
             -tan state last-ack` 查看它是否也没有收到。",
        ),
        FindingId::FinBehindGap => {
            Some("检查抓包点之前的路径是否丢包或乱序，或抓包本身是否丢包：缺失的字节到达之前，关闭不会生效。")
        }
        FindingId::FinConflict => Some(
            "检查途中是否有设备改写序号或代替一端关闭连接，并比较两个报文段的 TTL 和 IP \
             标识：其中一个可能是伪造的。",
        ),
        FindingId::RstAbort => Some(
            "请查该地址上的应用程序或代理为何中止连接，常见原因有 SO_LINGER 时间为 0、close() \
             时有未读数据、进程被终止、超时；若其日志中没有记录，就在该主机上抓包，并检查是否有防火墙代发 RST。",
        ),
        FindingId::RstUnreadData => Some(
            "让应用程序在 close() 之前读到 EOF，或先调用 shutdown(SHUT_WR) 再读完；否则检查它是否把 SO_LINGER \
             时间设为 0。",
        ),
        FindingId::RstInsteadOfFin => Some(
            "检查该应用程序是否在套接字中尚有未读数据时关闭，是否把 SO_LINGER 时间设为 0，或进程已退出：对方会读到 \
             ECONNRESET，在途数据可能丢失。",
        ),
        FindingId::RstAfterFin => Some(
            "若应用程序为避开 TIME-WAIT 而有意中止（SO_LINGER 时间为 0），应改为正常关闭，并让客户端先关闭或扩大 \
             `net.ipv4.ip_local_port_range`；否则检查是否有超时，或进程在 shutdown() 之后退出。",
        ),
        FindingId::DataAfterClose => Some(
            "让先关闭的一端调用 shutdown(SHUT_WR) 并读到 EOF 之后再 close()，或由应用协议约定何时结束\
             （Content-Length、`Connection: close`、结束消息），以免它离开时还有数据在途。",
        ),
        FindingId::RstDataLoss => Some(
            "对照双方应用程序在该连接上的收发日志：发送方的这些字节可能未被读取；只重试可安全重复的操作，\
             并从有关该 RST 的诊断结果中查找原因。",
        ),
        FindingId::RstWithPayload => {
            Some("请阅读该文本：发出 RST 的协议栈或中间设备在其中说明了原因；它未经认证，仅供参考。")
        }
        FindingId::RstIgnored => Some(
            "若发送方随后发出序号精确的 RST，则无须处理；若大量出现，说明途中有设备已跟丢序号，或有人在猜测序号。",
        ),
        FindingId::RstChallenged => Some(
            "看挑战 ACK 之后是否有序号精确的 RST：有，则该 RST 是真实的，只是与对端进度不一致；没有，\
             则可能是伪造的 RST，或防火墙丢弃了挑战 ACK。",
        ),
        FindingId::ChallengeAckLoop => Some(
            "检查是否有 NAT、防火墙或负载均衡使两端的序号不一致，或同一四元组上有两个连接；关闭一端的套接字可使其停止\
             （Linux 上用 `ss -K`），并确认 `net.ipv4.tcp_invalid_ratelimit` 不为 0。",
        ),
        FindingId::RstInjectionSuspected => Some(
            "请在该 RST 源地址所属的主机上抓包：若它并非从那里发出，就是途中的设备所发；把它的 TTL 和 IP \
             标识与其他报文段比较，可估计该设备的远近（入侵防御、审查设备、防火墙的拒绝规则）。",
        ),
        FindingId::IdleClose => Some(
            "把静默时长与途中各处的空闲超时（服务器、代理、负载均衡、NAT、防火墙）对照；让发起连接的一侧超时最短，\
             或启用 SO_KEEPALIVE 并使 TCP_KEEPIDLE 小于该超时。",
        ),
        FindingId::HalfOpenDiscovered => Some(
            "查明该主机是否重启过，或途中设备是否在静默后删除了会话；启用 SO_KEEPALIVE 并使 TCP_KEEPIDLE \
             小于途中的空闲超时，或设置 TCP_USER_TIMEOUT，可更早发现。",
        ),
        FindingId::TimeWaitReuse => Some(
            "若被接受则无须处理；否则客户端要等到 SYN 重传，可扩大端口范围（`net.ipv4.ip_local_port_range`）、\
             延长连接的使用时间，并在两端启用 TCP 时间戳（RFC 6191）。",
        ),
        FindingId::TimeWaitAssassination => Some(
            "只要该连接的旧报文段不会再到达就没有危害；若有可能到达，可用 `net.ipv4.tcp_rfc1337 = 1` 让 Linux \
             忽略 TIME-WAIT 中的 RST。",
        ),
        FindingId::ConnectionRefused => Some(
            "在服务器上用 `ss -tlnp` 查看该地址和端口是否有进程监听（是否只监听 127.0.0.1）；若有，\
             检查防火墙的拒绝规则、负载均衡是否摘除了后端，或启用 `tcp_abort_on_overflow` 时 accept 队列是否已满\
             （`somaxconn` 与 listen() 的 backlog）。",
        ),
        FindingId::HandshakeReset => Some(
            "健康检查或端口扫描所致则无须处理；若影响用户，比较客户端的连接超时与收到 SYN-ACK \
             所用的时间，并检查服务器的 accept 队列是否已满（`ss -tln`、`net.core.somaxconn`、\
             `tcp_abort_on_overflow`）。",
        ),
        FindingId::KeepaliveTimeout => Some(
            "检查无应答的主机是否宕机、休眠或断网，或 NAT、防火墙是否已删除会话：若是后者，TCP_KEEPIDLE\
             （`net.ipv4.tcp_keepalive_time`，默认 7200 s）必须小于其空闲超时。",
        ),
        FindingId::ZeroWindowAtClose => Some(
            "检查该应用程序为何不读取数据（CPU、锁、自身的写操作被阻塞）：现象出现时 `ss -tanp` 中它的 Recv-Q \
             很大；加大 SO_RCVBUF 只能推迟问题。",
        ),
        FindingId::RtxTimeout => Some(
            "请在对端抓包：若报文段未到达，检查丢包、防火墙或 NAT 会话是否失效，若只有满长度的报文段失败，\
             则检查路径 MTU 黑洞；若已到达，检查 ACK 的返回路径；等待时间由 TCP_USER_TIMEOUT 和 \
             `net.ipv4.tcp_retries2` 限制。",
        ),
        FindingId::VantageLimits => Some(
            "要得到确定的结论，请在连接建立之前开始抓包，抓取双向，保留完整首部（tcpdump：`-s 0` 或至少 128 字节，\
             若提示 dropped by kernel 则加大 `-B`），并尽量靠近所关心的一端。",
        ),
    }
}
