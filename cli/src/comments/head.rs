//! What is said of a capture as a whole: that it is annotated, and in a copy of what can be read twice, a summary.

use std::fmt::Display;

use fourwave_annotate::Lang;

use crate::totals::Endings;

/// So many of a list are said.
const SAID: usize = 5;

/// That the capture is annotated, and how to undo it.
pub fn alone(lang: Lang) -> String {
    let version = env!("CARGO_PKG_VERSION");
    say!(
        lang,
        format!("Annotated by fourwave {version}; `fourwave annotate --strip` gives the original back."),
        format!("由 fourwave {version} 标注；用 `fourwave annotate --strip` 可还原原文件。")
    )
}

/// The same, with what became of the connections. Codes are what filters take, so they are in no language.
pub fn with_summary(lang: Lang, endings: &Endings) -> String {
    let mut lines = vec![alone(lang)];
    let connections = endings.connections;
    let plural = if connections == 1 { "" } else { "s" };
    lines.extend(line(
        lang,
        &say!(lang, format!("{connections} connection{plural}"), format!("连接 {connections} 个")),
        &endings.kinds.sorted(),
    ));
    lines.extend(line(lang, say!(lang, "Closed first by", "先关闭的一方"), &endings.initiators()));
    lines.extend(line(lang, say!(lang, "Findings", "诊断结果"), &endings.findings.sorted()));
    lines.join("\n")
}

/// A line with the first of `counts`, if there are any.
fn line(lang: Lang, title: &str, counts: &[(impl Display, u64)]) -> Option<String> {
    let (said, rest) = counts.split_at(counts.len().min(SAID));
    let mut items: Vec<_> = said.iter().map(|(name, count)| format!("{name} {count}")).collect();
    if !rest.is_empty() {
        let others: u64 = rest.iter().map(|(_, count)| count).sum();
        items.push(say!(lang, format!("others {others}"), format!("其他 {others}")));
    }
    (!items.is_empty()).then(|| {
        say!(lang, format!("{title}: {}.", items.join(", ")), format!("{title}：{}。", items.join("，")))
    })
}
