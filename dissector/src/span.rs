//! A stretch of a packet that remembers how long it was on the wire.
//!
//! A capture may hold less of a packet than was sent (snap length) and more than its network layer used
//! (padding). Both lengths travel together so that neither can be taken for the other.

/// The rest of a packet from some header on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span<'a> {
    /// What was captured of it; never longer than `len`.
    pub data: &'a [u8],
    /// Octets it had on the wire.
    pub len: u32,
    /// Octets between the start of the packet (or of the reassembled datagram) and this one.
    pub offset: u32,
}

impl<'a> Span<'a> {
    /// A whole packet. A capture that holds more octets than it says were on the wire is believed for those.
    #[inline]
    pub(crate) fn new(data: &'a [u8], len: u32) -> Self {
        let captured = u32::try_from(data.len()).unwrap_or(u32::MAX);
        Self { data, len: len.max(captured), offset: 0 }
    }

    /// The first `N` octets, if they were captured.
    #[inline]
    pub(crate) fn head<const N: usize>(&self) -> Option<&'a [u8; N]> {
        self.data.first_chunk()
    }

    /// The big-endian number at `at`, if it was captured.
    #[inline]
    pub(crate) fn be16(&self, at: usize) -> Option<u16> {
        self.data.get(at..)?.first_chunk().map(|octets| u16::from_be_bytes(*octets))
    }

    /// What follows the first `n` octets, if those were captured.
    #[inline]
    pub(crate) fn skip(&self, n: usize) -> Option<Self> {
        let data = self.data.get(n..)?;
        // `n` is at most `data.len()`, which is at most `len`.
        let n = n as u32;
        Some(Self { data, len: self.len - n, offset: self.offset.saturating_add(n) })
    }

    /// The same without what lies beyond `len` octets: padding, trailers, the next one.
    #[inline]
    pub(crate) fn limit(&self, len: u32) -> Self {
        Self { data: &self.data[..self.data.len().min(len as usize)], len: self.len.min(len), ..*self }
    }

    /// The same with the length that the network layer claims, even where it is more than the link layer saw.
    #[inline]
    pub(crate) fn claim(&self, len: u32) -> Self {
        Self { data: &self.data[..self.data.len().min(len as usize)], len, ..*self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_stay_apart() {
        let span = Span::new(&[1, 2, 3, 4], 10);
        let rest = span.skip(3).unwrap();
        assert_eq!((rest.data, rest.len, rest.offset), (&[4][..], 7, 3));
        assert!(span.skip(5).is_none());
        assert_eq!(span.limit(2).data, [1, 2]);
        assert_eq!(span.limit(20).len, 10);
        assert_eq!(span.claim(20).len, 20);
        assert_eq!(span.be16(2), Some(0x0304));
        assert_eq!(span.be16(3), None);
    }

    #[test]
    fn more_captured_than_sent_is_believed() {
        assert_eq!(Span::new(&[0; 4], 2).len, 4);
    }
}
