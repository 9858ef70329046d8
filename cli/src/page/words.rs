//! What the page says, in both languages: the words of the vocabularies as `fourwave_annotate::lang` has them, and
//! those of the page itself, one line each.

use std::borrow::Cow;

use fourwave_annotate::lang::Phase;
use fourwave_annotate::{
    By, Certainty, ClientBasis, Code, ConnectionModifier, Finding, FindingId, Kind, Lang, Role, Severity,
    Side, State, Wave, Who,
};
use serde::{Serialize, Serializer};

use crate::explain::Verdict;

/// All words in one language, by their codes.
#[derive(Serialize)]
pub struct Words {
    /// The name of the language in it.
    name: &'static str,
    page: Object<&'static str>,
    column: Object<&'static str>,
    theme: Object<&'static str>,
    verdict: Object<&'static str>,
    kind: Object<&'static str>,
    who: Object<&'static str>,
    side: Object<&'static str>,
    by: Object<&'static str>,
    certainty: Object<&'static str>,
    client_basis: Object<&'static str>,
    connection_modifier: Object<&'static str>,
    phase: Object<&'static str>,
    wave_name: Object<&'static str>,
    state: Object<&'static str>,
    role_short: Object<&'static str>,
    severity: Object<&'static str>,
    finding_title: Object<&'static str>,
    finding_text: Object<Cow<'static, str>>,
    finding_advice: Object<&'static str>,
    finding_why: Object<&'static str>,
}

/// The codes of vocabularies of which the table knows the places only.
#[derive(Serialize)]
pub struct Order {
    kind: Vec<&'static str>,
    who: Vec<&'static str>,
    severity: Vec<&'static str>,
    finding: Vec<&'static str>,
    connection_modifier: Vec<&'static str>,
}

/// Pairs of a code and something, in their order.
pub struct Object<T>(Vec<(&'static str, T)>);

impl Words {
    /// Those of `lang`.
    #[must_use]
    pub fn of(lang: Lang) -> Self {
        let mut who = words(|who| lang.who(who));
        who.0.push(("none", say!(lang, "nobody", "无")));
        let verdicts = Verdict::ALL.iter().map(|verdict| (verdict.code(), verdict_name(lang, *verdict)));
        let advice = FindingId::ALL.iter().filter_map(|id| Some((id.code(), lang.finding_advice(*id)?)));
        Self {
            name: say!(lang, "English", "中文"),
            page: Object(PAGE.map(|(key, en, zh_hans)| (key, say!(lang, en, zh_hans))).to_vec()),
            column: Object(COLUMN.map(|(key, en, zh_hans)| (key, say!(lang, en, zh_hans))).to_vec()),
            theme: Object(THEME.map(|(key, en, zh_hans)| (key, say!(lang, en, zh_hans))).to_vec()),
            verdict: Object(verdicts.collect()),
            kind: words(|kind| lang.kind(kind)),
            who,
            side: words(|side: Side| lang.side(side)),
            by: words(|by: By| lang.by(by)),
            certainty: words(|certainty: Certainty| lang.certainty(certainty)),
            client_basis: words(|basis: ClientBasis| lang.client_basis(basis)),
            connection_modifier: words(|modifier| lang.connection_modifier(modifier)),
            phase: words(|phase: Phase| lang.phase(phase)),
            wave_name: words(|wave: Wave| lang.wave_name(wave)),
            state: words(|state: State| lang.state_phrase(state)),
            role_short: words(|role: Role| lang.role_short(role)),
            severity: words(|severity| lang.severity(severity)),
            finding_title: words(|id| lang.finding_title(id)),
            finding_text: words(|id| lang.finding_text(&Finding::bare(id))),
            finding_advice: Object(advice.collect()),
            finding_why: words(|id| lang.finding_why(id)),
        }
    }
}

impl Order {
    /// Of all these vocabularies.
    #[must_use]
    pub fn new() -> Self {
        Self {
            kind: codes::<Kind>(),
            who: codes::<Who>(),
            severity: codes::<Severity>(),
            finding: codes::<FindingId>(),
            connection_modifier: codes::<ConnectionModifier>(),
        }
    }
}

/// The verdict on a connection of each kind in which nothing else was found.
#[must_use]
pub fn verdicts_of_kinds() -> Object<&'static str> {
    words(|kind: Kind| Verdict::of_kind(kind).code())
}

fn words<C: Code, T>(of: impl Fn(C) -> T) -> Object<T> {
    Object(C::ALL.iter().map(|word| (word.code(), of(*word))).collect())
}

fn codes<C: Code>() -> Vec<&'static str> {
    C::ALL.iter().map(|word| word.code()).collect()
}

impl<T: Serialize> Serialize for Object<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

fn verdict_name(lang: Lang, verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Orderly => say!(lang, "closed in order", "正常关闭"),
        Verdict::ClosedWithRemarks => say!(lang, "closed, with remarks", "已关闭，需留意"),
        Verdict::Reset => say!(lang, "reset", "复位"),
        Verdict::NoEnd => say!(lang, "no end seen", "未见关闭"),
        Verdict::NoConnection => say!(lang, "no connection", "无连接"),
    }
}

type Line = (&'static str, &'static str, &'static str);

/// The sentences of the page; `{name}` is filled in by its script.
const PAGE: [Line; 98] = [
    // Around the views.
    ("skip", "Skip to the content", "跳到正文"),
    ("views", "Views", "视图"),
    ("overview", "Overview", "概览"),
    ("connections", "Connections", "连接"),
    ("language", "Language", "语言"),
    ("theme", "Colours", "配色"),
    ("and_files", "and {count} more files", "等，另有 {count} 个文件"),
    (
        "footer",
        "Made by fourwave {version}. This page needs no network and sends nothing.",
        "由 fourwave {version} 生成。本页面无需网络，也不发送任何数据。",
    ),
    ("in_brackets", " ({text})", "（{text}）"),
    ("separator", ", ", "、"),
    // Overview.
    ("nothing", "No TCP connection was seen.", "未见 TCP 连接。"),
    ("urgent", "need attention", "需要关注"),
    ("packets", "Packets", "数据包"),
    ("segments", "TCP segments", "TCP 报文段"),
    ("files", "Files", "文件"),
    ("time", "Time (UTC)", "时间（UTC）"),
    ("from_to", "{from} to {to} UTC", "{from} 至 {to}（UTC）"),
    (
        "interrupted",
        "The run was interrupted: only what was known by then is shown.",
        "运行被中断：仅显示到那时为止已知的内容。",
    ),
    (
        "damaged",
        "Not everything could be read to its end: what could is shown.",
        "有内容未能读到末尾：仅显示读到的部分。",
    ),
    (
        "filtered",
        "Only connections that pass the filters given on the command line are counted and shown.",
        "仅统计并显示符合命令行过滤条件的连接。",
    ),
    (
        "rows_left_out",
        "The table has room for {shown} of {all} connections: those that need attention first, then examples of each kind. The overview counts all.",
        "列表只容得下 {all} 个连接中的 {shown} 个：需要关注的优先，其次是每种关闭方式的示例。概览统计全部连接。",
    ),
    (
        "details_left_out",
        "Segments are kept of {shown} of {all} connections: those that need attention first, then examples of each kind.",
        "{all} 个连接中，保留了 {shown} 个的报文段：需要关注的优先，其次是每种关闭方式的示例。",
    ),
    (
        "evicted",
        "{count} connections left memory before their end was seen: see --max-connections.",
        "{count} 个连接在见到关闭之前就移出了内存，参见 --max-connections。",
    ),
    ("over_time", "Connections over time", "连接随时间的分布"),
    (
        "over_time_description",
        "Connections by the time of their last segment, in columns of {period} each, by how they ended",
        "按最后一个报文段的时间统计的连接，每列 {period}，按结局着色",
    ),
    ("each_column", "{period} a column, by their last segment", "每列 {period}，按最后一个报文段计"),
    ("numbers", "Numbers", "数据"),
    ("by_kind", "How they ended", "关闭方式"),
    ("by_initiator", "Who closed first", "谁先关闭"),
    ("by_finding", "What was found", "诊断结果"),
    ("no_findings", "Nothing was found.", "没有诊断结果。"),
    ("durations", "How long the phases took", "各阶段耗时"),
    ("duration", "Duration", "耗时"),
    ("from", "from {from} on", "{from} 起"),
    (
        "not_measured",
        "In no connection were both ends of this phase seen.",
        "没有任何连接同时见到该阶段的两端。",
    ),
    ("talkers", "Where a finding occurs most", "诊断结果的主要来源"),
    ("servers", "Servers", "服务器"),
    ("clients", "Clients", "客户端"),
    (
        "at_least",
        "There are too many to count all: each count may be up to {missed} too low.",
        "数量过多，无法逐一计数：各计数最多可能偏低 {missed}。",
    ),
    ("skipped", "{count} packets without a TCP segment to follow", "{count} 个数据包不含可跟踪的 TCP 报文段"),
    ("reason", "Reason", "原因"),
    // List.
    ("found", "{count} of {all} connections", "{all} 个连接中的 {count} 个"),
    ("text", "Address, port or number", "地址、端口或编号"),
    ("text_hint", "192.0.2.7, :443, 3", "192.0.2.7、:443、3"),
    ("kind", "Ended", "关闭方式"),
    ("initiator", "Closed first", "先关闭方"),
    ("finding", "Finding", "诊断结果"),
    ("severity", "Severity", "严重程度"),
    ("any", "any", "不限"),
    ("at_least_severity", "{severity} and worse", "{severity}及以上"),
    ("clear", "Clear filters", "清除过滤"),
    ("pages", "Pages", "分页"),
    ("page_of", "Page {page} of {pages}", "第 {page} / {pages} 页"),
    ("first_page", "First", "首页"),
    ("previous_page", "Previous", "上一页"),
    ("next_page", "Next", "下一页"),
    ("last_page", "Last", "末页"),
    // One connection.
    ("connection_title", "Connection {connection}", "连接 {connection}"),
    (
        "no_such_connection",
        "This page does not show a connection {connection}.",
        "本页面没有连接 {connection}。",
    ),
    ("to_list", "To the list of connections", "返回连接列表"),
    ("previous_connection", "Previous in the list", "列表中上一个"),
    ("next_connection", "Next in the list", "列表中下一个"),
    ("facts", "The connection", "连接概况"),
    ("roles", "Who is the client", "客户端的判定"),
    ("file", "File", "文件"),
    ("from_frame", "from frame {frame} on", "自第 {frame} 帧起"),
    ("both_peers", "client {client}, server {server}", "客户端 {client}，服务器 {server}"),
    ("octets", "Payload octets", "载荷字节"),
    ("final_states", "States at the end", "最终状态"),
    ("also", "Also", "另外"),
    ("nobody", "nobody, as far as this capture shows", "未见任何一方关闭"),
    ("waves", "The four waves", "四次挥手"),
    ("wave", "Wave", "挥手"),
    ("frame", "Frame", "帧号"),
    ("seconds", "Seconds", "秒"),
    ("since_last_wave", "Since the one before", "距上一次"),
    (
        "time_wait",
        "TIME-WAIT: {peer}, {length} (assumed), from {from} s on",
        "TIME-WAIT：{peer}，{length}（假定值），自 {from} 秒起",
    ),
    ("findings", "Findings", "诊断结果"),
    ("evidence", "Evidence in frames:", "证据所在帧："),
    ("advice", "Advice:", "建议："),
    ("why", "Why it matters", "为何重要"),
    ("path", "Both peers' path through the states", "双方经过的状态"),
    (
        "path_note",
        "Expected states: what each peer reaches if every segment seen is delivered.",
        "预期状态：假定所见报文段都已送达。",
    ),
    ("as_table", "The states as a table", "以表格显示状态"),
    ("beginning", "at first", "起初"),
    ("end_of_capture", "later", "其后"),
    ("unchanged", "unchanged", "不变"),
    ("segment_by_segment", "Segment by segment", "逐个报文段"),
    ("sender", "Sender", "发送方"),
    ("flags", "Flags", "标志"),
    ("seq_ack", "Seq / ack · octets", "序号 / 确认号 · 字节"),
    ("role", "Role", "角色"),
    ("timer", "timer", "计时器"),
    (
        "folded",
        "{count} segments that change nothing: {client} octets from the client, {server} from the server",
        "{count} 个不改变状态的报文段：客户端 {client} 字节，服务器 {server} 字节",
    ),
    (
        "no_details",
        "This page had no room for the segments of this connection.",
        "本页面没有足够空间容纳该连接的报文段。",
    ),
    ("raw_records", "Raw records", "原始记录"),
    ("lines", "{count} lines of JSON", "{count} 行 JSON"),
    ("command", "All of it:", "查看全部："),
];

/// The heads of the columns of the table.
const COLUMN: [Line; 12] = [
    ("number", "No.", "编号"),
    ("start", "Start (UTC)", "开始时间（UTC）"),
    ("client", "Client", "客户端"),
    ("server", "Server", "服务器"),
    ("kind", "Ended", "关闭方式"),
    ("initiator", "Closed first", "先关闭方"),
    ("fin1_ack", "FIN to ACK", "FIN 至确认"),
    ("close_wait", "CLOSE-WAIT", "CLOSE-WAIT"),
    ("last_ack", "LAST-ACK", "LAST-ACK"),
    ("length", "Lasted", "历时"),
    ("octets", "Octets", "字节"),
    ("urgency", "Findings", "诊断结果"),
];

/// The names of the sets of colours.
const THEME: [Line; 3] =
    [("auto", "as the system", "跟随系统"), ("light", "light", "浅色"), ("dark", "dark", "深色")];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::html::SCRIPT;
    use super::*;

    #[test]
    fn the_script_says_what_is_written_here_and_nothing_else() {
        let known: BTreeSet<&str> = PAGE.iter().map(|(key, ..)| *key).collect();
        assert_eq!(known.len(), PAGE.len());
        for call in SCRIPT.split("word('").skip(1) {
            let key = call.split('\'').next().unwrap();
            assert!(known.contains(key), "{key}");
        }
        for key in known {
            let mentions = [format!("'{key}'"), format!("page.{key}")];
            assert!(mentions.iter().any(|mention| SCRIPT.contains(mention)), "{key}");
        }
    }

    #[test]
    fn languages_leave_room_for_the_same_values() {
        let places = |text: &str| {
            let names = text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap().to_owned());
            names.collect::<BTreeSet<_>>()
        };
        for (key, en, zh_hans) in PAGE {
            assert_eq!(places(en), places(zh_hans), "{key}");
        }
    }
}
