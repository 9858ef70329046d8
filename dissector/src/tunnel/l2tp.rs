//! L2TP version 2 data messages (RFC 2661 section 3.1).

use super::PLAIN_UDP;
use crate::span::Span;
use crate::step::{Next, Step};
use crate::{LayerKind, Skip};

/// Flags and version, then the fields that the flags announce, then PPP.
pub(super) fn l2tp(span: Span<'_>) -> Result<Step<'_>, Skip> {
    const CONTROL: u16 = 0x8000;
    const LENGTH: u16 = 0x4000;
    const SEQUENCE: u16 = 0x0800;
    const OFFSET: u16 = 0x0200;
    const VERSION: u16 = 0x000f;
    let cut = Skip::Cut(LayerKind::L2tp);
    let flags = span.be16(0).ok_or(cut)?;
    if flags & VERSION != 2 || flags & CONTROL != 0 {
        return Err(PLAIN_UDP);
    }
    let has = |bit: u16| flags & bit != 0;
    // Flags, tunnel and session are always there.
    let mut header = 6;
    let mut end = span.len;
    if has(LENGTH) {
        end = u32::from(span.be16(2).ok_or(cut)?);
        header += 2;
    }
    if has(SEQUENCE) {
        header += 4;
    }
    if has(OFFSET) {
        header += 2 + usize::from(span.be16(header).ok_or(cut)?);
    }
    let len = end.checked_sub(header as u32).ok_or(Skip::Bad(LayerKind::L2tp))?;
    Ok(Step::new(LayerKind::L2tp, span, header, Next::Ppp)?.limit(len))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn announced_fields() {
        assert_eq!(l2tp(Span::new(&[0, 2, 0, 1, 0, 1, 0xff], 7)).unwrap().header, 6);
        let all = [0x4a, 2, 0, 18, 0, 1, 0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0xff, 3, 9];
        let step = l2tp(Span::new(&all, 19)).unwrap();
        assert_eq!((step.header, step.rest.data), (16, &[0xff, 3][..]));
        assert_eq!(l2tp(Span::new(&[0x80, 2], 7)).unwrap_err(), PLAIN_UDP);
        assert_eq!(l2tp(Span::new(&[0x40, 2, 0, 3, 0, 1, 0, 1], 8)).unwrap_err(), Skip::Bad(LayerKind::L2tp));
    }
}
