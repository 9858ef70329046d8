//! The options at the end of pcapng blocks (draft-ietf-opsawg-pcapng, section 3.5).

use super::format::Endianness;

/// The code and value of each option, up to the end mark or the first option that does not fit.
pub(super) fn options(endianness: Endianness, mut octets: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    const END_OF_OPTIONS: u16 = 0;
    std::iter::from_fn(move || {
        let (&[c0, c1, l0, l1], rest) = octets.split_first_chunk()?;
        let (code, len) = (endianness.u16([c0, c1]), usize::from(endianness.u16([l0, l1])));
        let value = rest.get(..len)?;
        octets = rest.get(padded(len)..).unwrap_or_default();
        (code != END_OF_OPTIONS).then_some((code, value))
    })
}

/// What a field of `len` octets takes: all are padded to 32 bits.
#[inline]
pub(super) fn padded(len: usize) -> usize {
    len.next_multiple_of(4)
}
