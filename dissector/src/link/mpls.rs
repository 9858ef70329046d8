//! MPLS label stacks (RFC 3032) and the Ethernet pseudowires in them (RFC 4448).
//!
//! Nothing in a label says what is below the stack; the first nibble is what routers go by, too.

use crate::span::Span;
use crate::step::{Next, Step};
use crate::{LayerKind, Skip};

/// The label stack up to the label that is marked as its bottom.
pub(crate) fn mpls(span: Span<'_>) -> Result<Step<'_>, Skip> {
    let labels = span.data.chunks_exact(4);
    let depth = labels.take_while(|label| label[2] & 1 == 0).count() + 1;
    let step = Step::new(LayerKind::Mpls, span, depth * 4, Next::Ip)?;
    let next = match step.rest.head().map(|[first]| first >> 4) {
        Some(4 | 6) => Next::Ip,
        // An associated channel (RFC 5586) carries no user packet.
        Some(1) => return Err(Skip::NotIp),
        Some(0) if has_known_type(step.rest.skip(4)) => Next::ControlWord,
        Some(_) if has_known_type(Some(step.rest)) => Next::Ethernet,
        Some(_) => return Err(Skip::NotIp),
        None => return Err(Skip::Cut(LayerKind::Mpls)),
    };
    Ok(Step { next, ..step })
}

/// The control word before an Ethernet frame in a pseudowire.
pub(crate) fn control_word(span: Span<'_>) -> Result<Step<'_>, Skip> {
    Step::new(LayerKind::ControlWord, span, 4, Next::Ethernet)
}

/// True for what looks like an Ethernet frame: its type is one of those we read.
fn has_known_type(span: Option<Span<'_>>) -> bool {
    let number = span.and_then(|span| span.be16(12));
    matches!(number, Some(0x0800 | 0x86dd | 0x8100 | 0x88a8 | 0x9100 | 0x8847 | 0x8848 | 0x8864))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stack_ends_at_its_bottom() {
        let step = mpls(Span::new(&[0, 1, 0, 64, 0, 2, 0x01, 64, 0x45], 9)).unwrap();
        assert_eq!((step.header, step.next), (8, Next::Ip));
        assert_eq!(mpls(Span::new(&[0, 1, 0, 64], 9)).unwrap_err(), Skip::Cut(LayerKind::Mpls));
    }

    #[test]
    fn pseudowires() {
        let mut packet = [0; 24];
        packet[2] = 1;
        packet[16] = 8;
        assert_eq!(mpls(Span::new(&packet, 24)).unwrap().next, Next::Ethernet);
        (packet[16], packet[20]) = (0, 8);
        let step = mpls(Span::new(&packet, 24)).unwrap();
        assert_eq!(step.next, Next::ControlWord);
        assert_eq!(control_word(step.rest).unwrap().next, Next::Ethernet);
    }
}
