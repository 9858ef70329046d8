//! The fixed part of a TCP header (RFC 9293 section 3.1), read from what was captured.

use core::fmt;

use nom::bytes::complete::take;
use nom::error::{ErrorKind, ParseError};
use nom::{Err, IResult, Parser};

use super::option::bodies;
use super::{Flags, Options, TcpOption};

/// Octets of a header without options.
const FIXED: u8 = 20;
/// Octets of those from the data offset on.
const FIXED_FROM_DATA_OFFSET: usize = 8;
/// Kind of the Multipath TCP option.
const MPTCP: u8 = 30;
/// Option kind of the window scale (RFC 7323).
const WINDOW_SCALE: u8 = 3;

/// The fixed part of a TCP header, and its options unparsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header<'a> {
    /// Source port.
    pub src_port: u16,
    /// Destination port.
    pub dst_port: u16,
    /// Sequence number of the first octet of the segment (of the SYN, if set).
    pub seq: u32,
    /// Acknowledgment number; meaningless without [`Flags::ACK`].
    pub ack: u32,
    /// Control bits, reserved bits included.
    pub flags: Flags,
    /// Window as it stands in the header, not scaled.
    pub window: u16,
    /// Checksum field.
    pub checksum: u16,
    /// Urgent pointer.
    pub urgent: u16,
    /// Length that the data offset claims, octets (20 to 60).
    pub len: u8,
    /// The options as captured; shorter than `len - 20` if a snap length cut the header.
    pub options: &'a [u8],
}

impl<'a> Header<'a> {
    /// Reads the header at the start of `octets`, which may end inside the options but not before them.
    ///
    /// # Errors
    /// [`HeaderError`] if fewer than 20 octets were captured or the data offset is below 5.
    #[inline]
    pub fn parse(octets: &'a [u8]) -> Result<Self, HeaderError> {
        match header(octets) {
            Ok((_, header)) => Ok(header),
            Err(Err::Error(stop) | Err::Failure(stop)) => {
                Err(HeaderError { offset: octets.len() - stop.rest, why: stop.why })
            }
            // The complete parsers of nom never ask for more.
            Err(Err::Incomplete(_)) => Err(HeaderError { offset: octets.len(), why: HeaderFault::TooShort }),
        }
    }

    /// The fields of the fixed part, and as much of what follows as its data offset says.
    #[inline]
    pub(crate) fn of(fixed: &[u8; FIXED as usize], rest: &'a [u8]) -> Result<Self, HeaderFault> {
        let [sp0, sp1, dp0, dp1, s0, s1, s2, s3, a0, a1, a2, a3, hi, lo, w0, w1, c0, c1, u0, u1] = *fixed;
        let flags_and_window = u32::from_be_bytes([hi & 0x0f, lo, w0, w1]);
        let checksum_and_urgent = u32::from_be_bytes([c0, c1, u0, u1]);
        let words = hi >> 4;
        if words < 5 {
            return Err(HeaderFault::DataOffset(words));
        }
        let len = words * 4;
        Ok(Self {
            src_port: u16::from_be_bytes([sp0, sp1]),
            dst_port: u16::from_be_bytes([dp0, dp1]),
            seq: u32::from_be_bytes([s0, s1, s2, s3]),
            ack: u32::from_be_bytes([a0, a1, a2, a3]),
            flags: Flags((flags_and_window >> 16) as u16),
            window: flags_and_window as u16,
            checksum: (checksum_and_urgent >> 16) as u16,
            urgent: checksum_and_urgent as u16,
            len,
            options: &rest[..rest.len().min(usize::from(len - FIXED))],
        })
    }

    /// The options in the order in which they stand.
    #[must_use]
    pub fn options(&self) -> Options<'a> {
        Options::new(self.options, self.cut())
    }

    /// True if the capture ends inside the options.
    #[must_use]
    pub fn cut(&self) -> bool {
        self.options.len() < usize::from(self.len.saturating_sub(FIXED))
    }

    /// The shift count of the window scale option (RFC 7323 section 2.2), as it stands there: counts above 14
    /// are to be used as 14.
    #[must_use]
    pub fn window_scale(&self) -> Option<u8> {
        self.scale_and_mptcp().0
    }

    /// True if there is an MPTCP option (RFC 8684).
    #[must_use]
    pub fn has_mptcp(&self) -> bool {
        self.scale_and_mptcp().1
    }

    /// [`Self::window_scale`] and [`Self::has_mptcp`], in one pass over the options.
    #[must_use]
    #[inline]
    pub fn scale_and_mptcp(&self) -> (Option<u8>, bool) {
        // What most segments carry is nothing, or the timestamps alone in the layout of RFC 7323 appendix A.
        let timestamps_alone = self.options.len() == 12 && self.options.starts_with(&[1, 1, 8, 10]);
        if self.options.is_empty() || timestamps_alone {
            return (None, false);
        }
        scale_and_mptcp(self.options)
    }

    /// Value and echo reply of the timestamps option (RFC 7323 section 3.2).
    #[must_use]
    pub fn timestamps(&self) -> Option<(u32, u32)> {
        self.options().find_map(|option| {
            if let TcpOption::Timestamps { value, echo_reply } = option {
                Some((value, echo_reply))
            } else {
                None
            }
        })
    }
}

/// Why octets are not a TCP header, and where that shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeaderError {
    /// Octets from the start of the header.
    pub offset: usize,
    /// What is wrong there.
    pub why: HeaderFault,
}

/// What is wrong with a TCP header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderFault {
    /// Fewer than the 20 octets of the fixed part.
    TooShort,
    /// A data offset below 5, in words of four octets.
    DataOffset(u8),
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.why {
            HeaderFault::TooShort => write!(f, "TCP header ends at octet {}, expected {FIXED}", self.offset),
            HeaderFault::DataOffset(words) => {
                write!(f, "TCP data offset at octet {} is {words}, expected 5 to 15", self.offset)
            }
        }
    }
}

impl core::error::Error for HeaderError {}

/// nom's view of an error: how much was left, from which the offset follows.
#[derive(Debug)]
struct Stop {
    rest: usize,
    why: HeaderFault,
}

impl ParseError<&[u8]> for Stop {
    fn from_error_kind(input: &[u8], _: ErrorKind) -> Self {
        Self { rest: input.len(), why: HeaderFault::TooShort }
    }

    fn append(_: &[u8], _: ErrorKind, other: Self) -> Self {
        other
    }
}

/// Shift count of the window scale, and whether there is an MPTCP option.
fn scale_and_mptcp(options: &[u8]) -> (Option<u8>, bool) {
    let (mut scale, mut mptcp) = (None, false);
    for (kind, body) in bodies(options) {
        match kind {
            // The first one counts.
            WINDOW_SCALE if scale.is_none() => scale = Some(body),
            MPTCP => mptcp = true,
            _ => {}
        }
    }
    let shift = match scale {
        Some(&[shift]) => Some(shift),
        Some(_) | None => None,
    };
    (shift, mptcp)
}

fn header(input: &[u8]) -> IResult<&[u8], Header<'_>, Stop> {
    // One bounds check for all of the fixed part: the fields then are loads from an array.
    let (rest, fixed) = take(usize::from(FIXED)).map_opt(<[u8]>::first_chunk).parse(input)?;
    let header = Header::of(fixed, rest)
        .map_err(|why| Err::Failure(Stop { rest: rest.len() + FIXED_FROM_DATA_OFFSET, why }))?;
    Ok((&rest[header.options.len()..], header))
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use alloc::vec::Vec;

    use super::*;

    fn octets(words: u8, options: &[u8]) -> Vec<u8> {
        let mut header =
            Vec::from([0, 80, 0xc0, 1, 1, 2, 3, 4, 5, 6, 7, 8, words << 4 | 0x1, 0x11, 9, 10, 11, 12, 0, 13]);
        header.extend_from_slice(options);
        header
    }

    #[test]
    fn fields() {
        let octets = octets(5, &[0xaa]);
        let header = Header::parse(&octets).unwrap();
        assert_eq!((header.src_port, header.dst_port), (80, 0xc001));
        assert_eq!((header.seq, header.ack), (0x0102_0304, 0x0506_0708));
        assert_eq!(header.flags, Flags::AE | Flags::FIN | Flags::ACK);
        assert_eq!((header.window, header.checksum, header.urgent), (0x090a, 0x0b0c, 13));
        assert_eq!((header.len, header.options), (20, &[][..]));
    }

    #[test]
    fn options_cut_by_a_snap_length() {
        let octets = octets(8, &[1, 1, 8, 10, 0]);
        let header = Header::parse(&octets).unwrap();
        assert!(header.cut());
        assert_eq!((header.len, header.options), (32, &[1, 1, 8, 10, 0][..]));
    }

    #[test]
    fn errors_say_where() {
        let error = Header::parse(&octets(4, &[])).unwrap_err();
        assert_eq!(error, HeaderError { offset: 12, why: HeaderFault::DataOffset(4) });
        assert_eq!(error.to_string(), "TCP data offset at octet 12 is 4, expected 5 to 15");
        let error = Header::parse(&octets(5, &[])[..19]).unwrap_err();
        assert_eq!(error.why, HeaderFault::TooShort);
    }

    #[test]
    fn options_of_interest() {
        let syn = octets(8, &[2, 4, 5, 180, 1, 3, 3, 7, 4, 2, 1, 1]);
        let header = Header::parse(&syn).unwrap();
        assert_eq!((header.window_scale(), header.has_mptcp(), header.timestamps()), (Some(7), false, None));
        let data = octets(8, &[1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2]);
        let header = Header::parse(&data).unwrap();
        assert_eq!(
            (header.window_scale(), header.has_mptcp(), header.timestamps()),
            (None, false, Some((1, 2)))
        );
        let mptcp = octets(6, &[30, 4, 0x80, 0]);
        assert!(Header::parse(&mptcp).unwrap().has_mptcp());
    }
}
