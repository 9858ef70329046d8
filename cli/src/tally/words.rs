//! Why packets were skipped, in the reader's language. The English words are those that name the reasons in records.

use fourwave_annotate::Lang;
use fourwave_dissector::Skip;

use super::Reason;
use crate::explain::words::headers;

impl Reason {
    /// The reason as a phrase.
    #[must_use]
    pub fn words(self, lang: Lang) -> String {
        say!(lang, self.to_string(), chinese(self))
    }
}

fn chinese(reason: Reason) -> String {
    let header = |kind| headers::name(Lang::ZhHans, kind);
    let skip = match reason {
        Reason::NoSegment(skip) => skip,
        Reason::Checksum => return "TCP 校验和错误".to_owned(),
    };
    match skip {
        Skip::LinkType(number) => format!("链路类型 {number}"),
        Skip::NotIp => "不是 IP".to_owned(),
        Skip::NotTcp(protocol) => format!("不是 TCP（IP 协议号 {protocol}）"),
        Skip::IcmpQuote => "ICMP 差错报文中引用的 TCP 首部".to_owned(),
        Skip::Cut(kind) => format!("抓包只到 {} 首部", header(kind)),
        Skip::TcpCut => "TCP 首部未抓全".to_owned(),
        Skip::Bad(kind) => format!("{} 首部格式错误", header(kind)),
        Skip::FragmentWaiting => "等待其余分片的 IP 分片".to_owned(),
        Skip::FragmentBad => "与其他分片矛盾的 IP 分片".to_owned(),
        Skip::LinkFragment => "802.11 帧的分片".to_owned(),
        Skip::TooDeep => "首部嵌套层数过多".to_owned(),
        Skip::Encrypted => "加密的 802.11 帧".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use fourwave_dissector::LayerKind;

    use super::*;

    #[test]
    fn reasons_have_words_in_both_languages() {
        let both = |reason: Reason| [Lang::En, Lang::ZhHans].map(|lang| reason.words(lang));
        let skipped = |skip| both(Reason::NoSegment(skip));
        assert_eq!(skipped(Skip::NotTcp(17)), ["not TCP (IP protocol 17)", "不是 TCP（IP 协议号 17）"]);
        assert_eq!(skipped(Skip::Bad(LayerKind::Tcp)), ["malformed tcp header", "TCP 首部格式错误"]);
        assert_eq!(both(Reason::Checksum), ["wrong TCP checksum", "TCP 校验和错误"]);
    }
}
