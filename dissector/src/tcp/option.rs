//! TCP options (RFC 9293 section 3.2), walked without copying.
//!
//! A body of the wrong length is reported and the walk goes on behind it; a length octet that cannot be
//! right ends the walk, because nothing after it can be found.

use core::{fmt, iter};

use super::Mptcp;
use super::mptcp::mptcp;

/// Octets before the options.
const FIXED: usize = 20;

/// One TCP option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TcpOption<'a> {
    /// Kind 0: the list ends (RFC 9293).
    EndOfList,
    /// Kind 1: no operation (RFC 9293).
    NoOperation,
    /// Kind 2: maximum segment size, octets (RFC 9293).
    MaximumSegmentSize(u16),
    /// Kind 3: shift count of the window (RFC 7323).
    WindowScale(u8),
    /// Kind 4: selective acknowledgments are understood (RFC 2018).
    SackPermitted,
    /// Kind 5: selective acknowledgment (RFC 2018).
    Sack(SackBlocks<'a>),
    /// Kind 8: timestamps (RFC 7323).
    Timestamps {
        /// The sender's clock.
        value: u32,
        /// The value it echoes; meaningless without ACK.
        echo_reply: u32,
    },
    /// Kind 19: MD5 signature (RFC 2385).
    Md5(&'a [u8; 16]),
    /// Kind 28: user timeout (RFC 5482).
    UserTimeout {
        /// The granularity bit: minutes, else seconds.
        minutes: bool,
        /// The timeout in that unit, 15 bits.
        value: u16,
    },
    /// Kind 29: authentication (RFC 5925).
    Authentication {
        /// Key used for this segment.
        key_id: u8,
        /// Key wanted for the answer.
        next_key_id: u8,
        /// Message authentication code.
        mac: &'a [u8],
    },
    /// Kind 30: Multipath TCP (RFC 8684).
    Mptcp(Mptcp<'a>),
    /// Kind 34: Fast Open cookie, or the request for one if empty (RFC 7413).
    FastOpen(&'a [u8]),
    /// Kinds 253 and 254: experiments, told apart by an identifier (RFC 6994).
    Experiment {
        /// 253 or 254.
        kind: u8,
        /// The first 16 bits of the experiment identifier.
        id: u16,
        /// What follows them.
        data: &'a [u8],
    },
    /// Another kind.
    Unknown {
        /// Its number.
        kind: u8,
        /// Its body.
        data: &'a [u8],
    },
    /// An option that cannot be read.
    Bad(BadOption),
    /// The capture ends inside this option, or before its length if `kind` is all there is.
    Truncated {
        /// Its number.
        kind: u8,
    },
}

/// An option that is not as its specification says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadOption {
    /// Octets from the start of the TCP header to the option.
    pub offset: u8,
    /// The option's kind.
    pub kind: u8,
    /// What is wrong.
    pub why: Why,
}

/// What is wrong with an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The length octet, which is missing or below 2.
    Length,
    /// It reaches beyond the header.
    Overrun,
    /// Its body is not of a length that its kind may have.
    Body,
}

impl fmt::Display for BadOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self.why {
            Why::Length => "no length, expected 2 or more",
            Why::Overrun => "reaches beyond the header",
            Why::Body => "wrong length for its kind",
        };
        write!(f, "TCP option {} at octet {}: {why}", self.kind, self.offset)
    }
}

/// Walks the options of a header.
#[derive(Clone, Debug)]
pub struct Options<'a> {
    rest: &'a [u8],
    /// Octets from the start of the TCP header to `rest`.
    offset: usize,
    /// The header goes on behind `rest`, but was not captured.
    cut: bool,
}

impl<'a> Options<'a> {
    /// The options in `octets`; `cut` if a snap length ended them early.
    pub(super) const fn new(octets: &'a [u8], cut: bool) -> Self {
        Self { rest: octets, offset: FIXED, cut }
    }
}

impl<'a> Iterator for Options<'a> {
    type Item = TcpOption<'a>;

    fn next(&mut self) -> Option<TcpOption<'a>> {
        let kind = *self.rest.first()?;
        let offset = self.offset as u8;
        match frame(self.rest) {
            Ok((rest, body)) => {
                self.offset += self.rest.len() - rest.len();
                self.rest = if kind == 0 { &[] } else { rest };
                let bad = TcpOption::Bad(BadOption { offset, kind, why: Why::Body });
                Some(option(kind, body).unwrap_or(bad))
            }
            Err(why) => {
                self.rest = &[];
                // What was not captured cannot be called missing; a length below 2 is wrong all the same.
                Some(match (self.cut, why) {
                    (true, Broken::NoLength | Broken::Overrun) => TcpOption::Truncated { kind },
                    (false, Broken::NoLength) | (_, Broken::BadLength) => {
                        TcpOption::Bad(BadOption { offset, kind, why: Why::Length })
                    }
                    (false, Broken::Overrun) => TcpOption::Bad(BadOption { offset, kind, why: Why::Overrun }),
                })
            }
        }
    }
}

/// The blocks of a selective acknowledgment: pairs of left and right edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SackBlocks<'a>(&'a [u8]);

impl Iterator for SackBlocks<'_> {
    type Item = (u32, u32);

    fn next(&mut self) -> Option<(u32, u32)> {
        let (block, rest) = self.0.split_first_chunk::<8>()?;
        self.0 = rest;
        let [l0, l1, l2, l3, r0, r1, r2, r3] = *block;
        Some((u32::from_be_bytes([l0, l1, l2, l3]), u32::from_be_bytes([r0, r1, r2, r3])))
    }
}

/// Why no option ends within what there is.
enum Broken {
    NoLength,
    BadLength,
    Overrun,
}

/// Kinds and bodies of the options up to their end or the first that cannot be read, without a look into them.
#[inline]
pub(super) fn bodies(mut options: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    iter::from_fn(move || {
        let kind = *options.first().filter(|kind| **kind != 0)?;
        let (rest, body) = frame(options).ok()?;
        options = rest;
        Some((kind, body))
    })
}

/// Splits off one option: what follows it, and its body.
#[inline]
fn frame(input: &[u8]) -> Result<(&[u8], &[u8]), Broken> {
    let (&kind, rest) = input.split_first().ok_or(Broken::NoLength)?;
    if kind <= 1 {
        return Ok((rest, &[]));
    }
    let (&len, rest) = rest.split_first().ok_or(Broken::NoLength)?;
    let body_len = len.checked_sub(2).ok_or(Broken::BadLength)?;
    let (body, rest) = rest.split_at_checked(usize::from(body_len)).ok_or(Broken::Overrun)?;
    Ok((rest, body))
}

/// Reads the body of one option; `None` if its length is wrong for the kind.
fn option(kind: u8, body: &[u8]) -> Option<TcpOption<'_>> {
    Some(match (kind, body) {
        (0, _) => TcpOption::EndOfList,
        (1, _) => TcpOption::NoOperation,
        (2, &[hi, lo]) => TcpOption::MaximumSegmentSize(u16::from_be_bytes([hi, lo])),
        (3, &[shift]) => TcpOption::WindowScale(shift),
        (4, []) => TcpOption::SackPermitted,
        (5, blocks) if !blocks.is_empty() && blocks.len() % 8 == 0 => TcpOption::Sack(SackBlocks(blocks)),
        (8, &[v0, v1, v2, v3, e0, e1, e2, e3]) => TcpOption::Timestamps {
            value: u32::from_be_bytes([v0, v1, v2, v3]),
            echo_reply: u32::from_be_bytes([e0, e1, e2, e3]),
        },
        (19, digest) => TcpOption::Md5(digest.try_into().ok()?),
        (28, &[hi, lo]) => {
            TcpOption::UserTimeout { minutes: hi & 0x80 != 0, value: u16::from_be_bytes([hi & 0x7f, lo]) }
        }
        (29, &[key_id, next_key_id, ref mac @ ..]) => TcpOption::Authentication { key_id, next_key_id, mac },
        (30, body) => TcpOption::Mptcp(mptcp(body)?),
        // A cookie has 4 to 16 octets and an even number of them (RFC 7413 section 4.1.1).
        (34, cookie) if cookie.is_empty() || (4..=16).contains(&cookie.len()) && cookie.len() % 2 == 0 => {
            TcpOption::FastOpen(cookie)
        }
        (253 | 254, &[hi, lo, ref data @ ..]) => {
            TcpOption::Experiment { kind, id: u16::from_be_bytes([hi, lo]), data }
        }
        (2..=5 | 8 | 28 | 29 | 34 | 253 | 254, _) => return None,
        (kind, data) => TcpOption::Unknown { kind, data },
    })
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    fn walk(octets: &[u8]) -> Vec<TcpOption<'_>> {
        Options::new(octets, false).collect()
    }

    #[test]
    fn every_simple_kind() {
        assert_eq!(walk(&[2, 4, 5, 180]), [TcpOption::MaximumSegmentSize(1460)]);
        assert_eq!(walk(&[1, 3, 3, 7]), [TcpOption::NoOperation, TcpOption::WindowScale(7)]);
        assert_eq!(walk(&[4, 2]), [TcpOption::SackPermitted]);
        assert_eq!(walk(&[28, 4, 0x80, 5]), [TcpOption::UserTimeout { minutes: true, value: 5 }]);
        assert_eq!(
            walk(&[29, 6, 1, 2, 3, 4]),
            [TcpOption::Authentication { key_id: 1, next_key_id: 2, mac: &[3, 4] }]
        );
        assert_eq!(walk(&[34, 2]), [TcpOption::FastOpen(&[])]);
        assert_eq!(walk(&[34, 6, 1, 2, 3, 4]), [TcpOption::FastOpen(&[1, 2, 3, 4])]);
        assert_eq!(
            walk(&[254, 5, 0xf9, 0x89, 1]),
            [TcpOption::Experiment { kind: 254, id: 0xf989, data: &[1] }]
        );
        assert_eq!(walk(&[99, 3, 1]), [TcpOption::Unknown { kind: 99, data: &[1] }]);
        let md5: [u8; 18] = core::array::from_fn(|i| {
            if i == 0 {
                19
            } else if i == 1 {
                18
            } else {
                7
            }
        });
        assert_eq!(walk(&md5), [TcpOption::Md5(&[7; 16])]);
    }

    #[test]
    fn sack_blocks() {
        let [TcpOption::Sack(blocks)] = walk(&[5, 18, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 5, 0, 0, 0, 9])[..]
        else {
            panic!("one option");
        };
        assert_eq!(blocks.collect::<Vec<_>>(), [(1, 2), (5, 9)]);
    }

    #[test]
    fn end_of_list_ends() {
        assert_eq!(walk(&[0, 2, 4, 5, 180]), [TcpOption::EndOfList]);
    }

    #[test]
    fn a_bad_body_does_not_end_the_walk() {
        let bad = BadOption { offset: 20, kind: 3, why: Why::Body };
        assert_eq!(walk(&[3, 4, 7, 7, 4, 2]), [TcpOption::Bad(bad), TcpOption::SackPermitted]);
    }

    #[test]
    fn a_bad_frame_ends_the_walk() {
        let bad = |kind, why| TcpOption::Bad(BadOption { offset: 21, kind, why });
        assert_eq!(walk(&[1, 3, 0, 4, 2]), [TcpOption::NoOperation, bad(3, Why::Length)]);
        assert_eq!(walk(&[1, 3, 1, 4, 2]), [TcpOption::NoOperation, bad(3, Why::Length)]);
        assert_eq!(walk(&[1, 3]), [TcpOption::NoOperation, bad(3, Why::Length)]);
        assert_eq!(walk(&[1, 2, 4, 5]), [TcpOption::NoOperation, bad(2, Why::Overrun)]);
    }

    #[test]
    fn a_cut_header_is_not_a_bad_one() {
        assert_eq!(Options::new(&[2, 4, 5], true).collect::<Vec<_>>(), [TcpOption::Truncated { kind: 2 }]);
        assert_eq!(Options::new(&[2], true).collect::<Vec<_>>(), [TcpOption::Truncated { kind: 2 }]);
    }
}
