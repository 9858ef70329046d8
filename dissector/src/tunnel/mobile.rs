//! Tunnels to hosts that move or sit behind address translation: GTP-U (3GPP TS 29.281), Teredo (RFC 4380),
//! AYIYA.

use super::PLAIN_UDP;
use crate::ip::protocol;
use crate::span::Span;
use crate::step::{Next, Step};
use crate::{LayerKind, Skip};

/// GTP-U version 1: flags, message type, length, tunnel endpoint; optional fields; extension headers.
pub(super) fn gtp(span: Span<'_>) -> Result<Step<'_>, Skip> {
    /// Message type of a user packet.
    const G_PDU: u8 = 255;
    /// Version 1, and GTP rather than its charging protocol.
    const VERSION: u8 = 0x30;
    /// Extension header, sequence number, N-PDU number: one of them brings the fields of all.
    const OPTIONAL: u8 = 0x07;
    const EXTENSION: u8 = 0x04;
    let cut = Skip::Cut(LayerKind::Gtp);
    let [flags, message, l0, l1, ..]: [u8; 8] = *span.head().ok_or(cut)?;
    if flags & 0xf0 != VERSION || message != G_PDU {
        return Err(PLAIN_UDP);
    }
    let end = 8 + u32::from(u16::from_be_bytes([l0, l1]));
    let mut header = if flags & OPTIONAL != 0 { 12 } else { 8 };
    let mut extension = if flags & EXTENSION != 0 { *span.data.get(11).ok_or(cut)? } else { 0 };
    while extension != 0 {
        let len = usize::from(*span.data.get(header).ok_or(cut)?) * 4;
        if len == 0 {
            return Err(Skip::Bad(LayerKind::Gtp));
        }
        header += len;
        extension = *span.data.get(header - 1).ok_or(cut)?;
    }
    let len = end.checked_sub(header as u32).ok_or(Skip::Bad(LayerKind::Gtp))?;
    Ok(Step::new(LayerKind::Gtp, span, header, Next::Ip)?.limit(len))
}

/// Teredo: an authentication indication and an origin indication may stand before the IPv6 packet.
pub(super) fn teredo(span: Span<'_>) -> Result<Step<'_>, Skip> {
    let mut header = 0;
    if let [0, 1, client, auth, ..] = *span.data {
        header += 4 + usize::from(client) + usize::from(auth) + 9;
    }
    if let Some([0, 0, ..]) = span.data.get(header..) {
        header += 8;
    }
    match span.data.get(header).map(|first| first >> 4) {
        Some(6) => Step::new(LayerKind::Teredo, span, header, Next::Ip),
        Some(_) => Err(PLAIN_UDP),
        None => Err(Skip::Cut(LayerKind::Teredo)),
    }
}

/// AYIYA (draft-massar-v6ops-ayiya): lengths of identity and signature, methods, operation, next header, time,
/// identity, signature.
pub(super) fn ayiya(span: Span<'_>) -> Result<Step<'_>, Skip> {
    /// Operation: forward the packet.
    const FORWARD: u8 = 1;
    let [identity, signature, operation, next, ..]: [u8; 8] =
        *span.head().ok_or(Skip::Cut(LayerKind::Ayiya))?;
    if operation & 0x0f != FORWARD || !matches!(next, protocol::IPIP | protocol::IPV6) {
        return Err(PLAIN_UDP);
    }
    let header = 8 + (1_usize << (identity >> 4)) + usize::from(signature >> 4) * 4;
    Step::new(LayerKind::Ayiya, span, header, Next::Ip)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gtp_with_extensions() {
        let plain = [0x30, 255, 0, 2, 0, 0, 0, 1, 0x45, 0, 9];
        let step = gtp(Span::new(&plain, 11)).unwrap();
        assert_eq!((step.header, step.rest.len), (8, 2));
        let extended = [0x34, 255, 0, 13, 0, 0, 0, 1, 0, 0, 0, 0x85, 1, 0, 0, 0x85, 1, 0, 0, 0, 0x45];
        let step = gtp(Span::new(&extended, 21)).unwrap();
        assert_eq!((step.header, step.rest.data), (20, &[0x45][..]));
        assert_eq!(gtp(Span::new(&extended[..18], 21)).unwrap_err(), Skip::Cut(LayerKind::Gtp));
        let endless = [0x34, 255, 0, 13, 0, 0, 0, 1, 0, 0, 0, 0x85, 0];
        assert_eq!(gtp(Span::new(&endless, 21)).unwrap_err(), Skip::Bad(LayerKind::Gtp));
        assert_eq!(gtp(Span::new(&[0x30, 1, 0, 0, 0, 0, 0, 0], 8)).unwrap_err(), PLAIN_UDP);
    }

    #[test]
    fn teredo_indications() {
        assert_eq!(teredo(Span::new(&[0x60], 1)).unwrap().header, 0);
        let mut both = [0; 22];
        (both[1], both[21]) = (1, 0x60);
        assert_eq!(teredo(Span::new(&both, 22)).unwrap().header, 21);
        assert_eq!(teredo(Span::new(&both[..21], 22)).unwrap_err(), Skip::Cut(LayerKind::Teredo));
        assert_eq!(teredo(Span::new(&[0x10], 1)).unwrap_err(), PLAIN_UDP);
    }

    #[test]
    fn ayiya_signed() {
        let mut packet = [0; 45];
        packet[..4].copy_from_slice(&[0x41, 0x52, 0x11, 41]);
        assert_eq!(ayiya(Span::new(&packet, 45)).unwrap().header, 44);
        packet[2] = 0x10;
        assert_eq!(ayiya(Span::new(&packet, 45)).unwrap_err(), PLAIN_UDP);
    }
}
