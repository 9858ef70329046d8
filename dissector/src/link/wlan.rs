//! IEEE 802.11 data frames (IEEE 802.11-2020 section 9.3.2), aggregated ones included, as far as they are in clear.

use crate::span::Span;
use crate::step::{Next, Step};
use crate::{LayerKind, Skip};

/// Octets of a subframe header: destination, source, length.
const SUBFRAME_HEADER: usize = 14;

/// The MAC header of a data frame; `padded` if it was padded to a multiple of four octets.
pub(crate) fn wlan(span: Span<'_>, padded: bool) -> Result<Step<'_>, Skip> {
    let cut = Skip::Cut(LayerKind::Wlan);
    let [kind, flags] = *span.head().ok_or(cut)?;
    let data = kind & 0x0c == 0x08;
    let (qos, null) = (kind & 0x80 != 0, kind & 0x40 != 0);
    let (to_and_from_ds, more_fragments) = (flags & 0x03 == 0x03, flags & 0x04 != 0);
    let (protected, order) = (flags & 0x40 != 0, flags & 0x80 != 0);
    if !data || null {
        return Err(Skip::NotIp);
    }
    if protected {
        return Err(Skip::Encrypted);
    }
    let fragment_number = span.data.get(22).ok_or(cut)? & 0x0f;
    if more_fragments || fragment_number != 0 {
        return Err(Skip::LinkFragment);
    }
    let addresses = if to_and_from_ds { 30 } else { 24 };
    let aggregated = qos && span.data.get(addresses).ok_or(cut)? & 0x80 != 0;
    let len = match (qos, order) {
        (false, _) => addresses,
        (true, false) => addresses + 2,
        // A QoS frame with the order bit set has the HT control field.
        (true, true) => addresses + 6,
    };
    let len = if padded { len.next_multiple_of(4) } else { len };
    Step::new(LayerKind::Wlan, span, len, if aggregated { Next::Amsdu } else { Next::Llc })
}

/// Walks the subframes of an aggregated frame (section 9.3.2.2). Each but the last is padded to four octets.
pub(crate) struct Subframes<'a>(Option<Span<'a>>);

impl<'a> Subframes<'a> {
    /// The subframes in the body of a frame.
    pub(crate) const fn new(body: Span<'a>) -> Self {
        Self(Some(body))
    }
}

impl<'a> Iterator for Subframes<'a> {
    /// A subframe, and its header read.
    type Item = Result<(Span<'a>, Step<'a>), Skip>;

    fn next(&mut self) -> Option<Self::Item> {
        // Less than a header is the frame check sequence.
        let span = self.0.take().filter(|span| span.len as usize >= SUBFRAME_HEADER)?;
        let Some(header) = span.head::<SUBFRAME_HEADER>() else {
            return Some(Err(Skip::Cut(LayerKind::Amsdu)));
        };
        let len = u16::from_be_bytes([header[12], header[13]]);
        self.0 = span.skip((SUBFRAME_HEADER + usize::from(len)).next_multiple_of(4));
        let step = Step::new(LayerKind::Amsdu, span, SUBFRAME_HEADER, Next::Llc);
        Some(step.map(|step| (span, step.limit(u32::from(len)))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(kind: u8, flags: u8) -> Result<(usize, Next), Skip> {
        let mut frame = [0; 40];
        (frame[0], frame[1]) = (kind, flags);
        wlan(Span::new(&frame, 40), false).map(|step| (step.header, step.next))
    }

    #[test]
    fn lengths() {
        assert_eq!(header(0x08, 0x01), Ok((24, Next::Llc)));
        assert_eq!(header(0x08, 0x03), Ok((30, Next::Llc)));
        assert_eq!(header(0x88, 0x02), Ok((26, Next::Llc)));
        assert_eq!(header(0x88, 0x83), Ok((36, Next::Llc)));
    }

    #[test]
    fn no_clear_data() {
        assert_eq!(header(0x80, 0), Err(Skip::NotIp));
        assert_eq!(header(0x48, 0), Err(Skip::NotIp));
        assert_eq!(header(0x08, 0x41), Err(Skip::Encrypted));
        assert_eq!(header(0x08, 0x05), Err(Skip::LinkFragment));
    }

    #[test]
    fn padding_and_aggregation() {
        let mut frame = [0; 32];
        (frame[0], frame[24]) = (0x88, 0x80);
        let step = wlan(Span::new(&frame, 32), true).unwrap();
        assert_eq!((step.header, step.next), (28, Next::Amsdu));
    }

    #[test]
    fn subframes_are_padded() {
        let mut body = [0; 16 + 15];
        (body[13], body[14]) = (1, 7);
        (body[29], body[30]) = (1, 8);
        let bodies: alloc::vec::Vec<_> =
            Subframes::new(Span::new(&body, 31)).map(|subframe| subframe.unwrap().1.rest.data).collect();
        assert_eq!(bodies, [[7], [8]]);
    }
}
