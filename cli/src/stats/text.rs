//! The counts of a run as text, in the reader's language.

use std::fmt::{self, Write};

use fourwave_annotate::lang::duration;
use fourwave_annotate::{Code, FindingId, Kind, Lang, Who};
use unicode_width::UnicodeWidthStr;

use super::{Percentiles, Section, Stats, Total};
use crate::terminal::{Padded, style};

/// Lines that a section shows; the other formats show all.
const SHOWN: usize = 15;
/// Columns of names, in sections whose names are not longer.
const NAME: usize = 46;

/// Writes all sections.
///
/// # Errors
/// Those of writing.
pub fn write(stats: &Stats, lang: Lang, to: &mut String) -> fmt::Result {
    let totals = Total::ALL.map(|total| (total_name(total, lang).to_owned(), stats.total(total).to_string()));
    section(to, totals_title(lang), &totals)?;
    list(
        to,
        skipped_title(lang),
        &stats.tally.skipped.sorted(|reason| reason.words(lang)),
        lang,
        str::to_owned,
    )?;
    for counted in Section::ALL {
        list(to, title(counted, lang), &stats.counts(counted), lang, |code| words(counted, code, lang))?;
    }
    let durations: Vec<_> = stats
        .percentiles()
        .map(|(phase, percentiles)| (lang.phase(phase).to_owned(), distribution(percentiles)))
        .collect();
    section(to, durations_title(lang), &durations)
}

/// A title, and lines of a name and a value.
fn section(to: &mut String, title: &str, lines: &[(String, String)]) -> fmt::Result {
    let gap = if to.is_empty() { "" } else { "\n" };
    writeln!(to, "{gap}{}{title}{:#}", style::STRONG, style::STRONG)?;
    let widest = lines.iter().map(|(name, _)| name.width()).fold(NAME, usize::max);
    for (name, value) in lines {
        writeln!(to, "  {} {value:>10}", Padded(name, widest))?;
    }
    Ok(())
}

fn list(
    to: &mut String,
    title: &str,
    counts: &[(String, u64)],
    lang: Lang,
    words: impl Fn(&str) -> String,
) -> fmt::Result {
    if counts.is_empty() {
        return Ok(());
    }
    let (shown, rest) = counts.split_at(counts.len().min(SHOWN));
    let mut lines: Vec<_> = shown.iter().map(|(name, count)| (words(name), count.to_string())).collect();
    if !rest.is_empty() {
        let total: u64 = rest.iter().map(|(_, count)| count).sum();
        lines.push((others(rest.len(), lang), total.to_string()));
    }
    section(to, title, &lines)
}

fn distribution(percentiles: Percentiles) -> String {
    let mut text = format!("n={}", percentiles.count);
    for (name, value) in percentiles.entries().into_iter().skip(1) {
        if let Some(value) = value {
            // Writing to a string cannot fail.
            let _ = write!(text, "  {name} {}", duration(value));
        }
    }
    text
}

/// The code with its words, where it has any.
fn words(section: Section, code: &str, lang: Lang) -> String {
    let words = match section {
        Section::Kinds => Kind::from_code(code).map(|kind| lang.kind(kind)),
        Section::Initiators => Who::from_code(code).map(|who| lang.who(who)),
        Section::Findings => FindingId::from_code(code).map(|id| lang.finding_title(id)),
        Section::Servers | Section::ClientNetworks => None,
    };
    match words {
        Some(words) if words != code => format!("{code}: {words}"),
        Some(_) | None => code.to_owned(),
    }
}

fn totals_title(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Totals",
        Lang::ZhHans => "合计",
    }
}

fn total_name(total: Total, lang: Lang) -> &'static str {
    match (total, lang) {
        (Total::Packets, Lang::En) => "packets",
        (Total::Packets, Lang::ZhHans) => "数据包",
        (Total::PacketsWithSegments, Lang::En) => "packets with TCP segments",
        (Total::PacketsWithSegments, Lang::ZhHans) => "含 TCP 报文段的数据包",
        (Total::Segments, Lang::En) => "TCP segments",
        (Total::Segments, Lang::ZhHans) => "TCP 报文段",
        (Total::BadChecksums, Lang::En) => "segments with a wrong checksum",
        (Total::BadChecksums, Lang::ZhHans) => "校验和错误的报文段",
        (Total::Connections, Lang::En) => "connections",
        (Total::Connections, Lang::ZhHans) => "连接",
    }
}

fn skipped_title(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Packets skipped, by reason",
        Lang::ZhHans => "跳过的数据包（按原因）",
    }
}

fn title(section: Section, lang: Lang) -> &'static str {
    match (section, lang) {
        (Section::Kinds, Lang::En) => "Connections by kind of ending",
        (Section::Kinds, Lang::ZhHans) => "按关闭方式统计的连接",
        (Section::Initiators, Lang::En) => "Connections by who began the close",
        (Section::Initiators, Lang::ZhHans) => "按发起关闭方统计的连接",
        (Section::Findings, Lang::En) => "Connections with finding",
        (Section::Findings, Lang::ZhHans) => "按诊断结果统计的连接",
        (Section::Servers, Lang::En) => "Connections by server",
        (Section::Servers, Lang::ZhHans) => "按服务器统计的连接",
        (Section::ClientNetworks, Lang::En) => "Connections by client network",
        (Section::ClientNetworks, Lang::ZhHans) => "按客户端网段统计的连接",
    }
}

fn durations_title(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Durations",
        Lang::ZhHans => "各阶段耗时",
    }
}

fn others(count: usize, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{count} others"),
        Lang::ZhHans => format!("其他 {count} 项"),
    }
}
