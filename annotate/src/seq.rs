//! Sequence numbers (RFC 9293 section 3.4): a circle of 2^32, so there is no order and no plain subtraction.

use core::fmt;

/// A number this far beyond everything sent is a wrong one, not one of octets that were not captured (SPEC 4.2, 4.8 d).
pub(crate) const ABSURD: i32 = 1 << 30;

/// A sequence or acknowledgment number.
///
/// Deliberately without `Ord` and `Sub`: "less" on a circle is not transitive. Compare by [`Seq::minus`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub struct Seq(pub u32);

impl Seq {
    /// The signed distance from `other` to `self`: positive if `self` comes later.
    #[must_use]
    pub const fn minus(self, other: Self) -> i32 {
        self.0.wrapping_sub(other.0).cast_signed()
    }

    /// `octets` further on.
    #[must_use]
    pub const fn plus(self, octets: u32) -> Self {
        Self(self.0.wrapping_add(octets))
    }

    /// `octets` back.
    #[must_use]
    pub const fn back(self, octets: u32) -> Self {
        Self(self.0.wrapping_sub(octets))
    }

    /// The octet before.
    #[must_use]
    pub const fn previous(self) -> Self {
        Self(self.0.wrapping_sub(1))
    }

    /// True if `self` comes after `other`.
    #[must_use]
    pub const fn after(self, other: Self) -> bool {
        self.minus(other) > 0
    }

    /// True if `self` is `other` or comes after it.
    #[must_use]
    pub const fn reaches(self, other: Self) -> bool {
        self.minus(other) >= 0
    }

    /// The later of the two.
    #[must_use]
    pub const fn or_later(self, other: Self) -> Self {
        if other.after(self) { other } else { self }
    }

    /// True if an ACK of this value acknowledges the octet `octet`.
    #[must_use]
    pub const fn covers(self, octet: Self) -> bool {
        self.minus(octet) >= 1
    }
}

impl fmt::Debug for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_circle_away_is_reached_from_neither_side() {
        let (one, other) = (Seq(7), Seq(7).plus(1 << 31));
        assert!(!one.reaches(other) && !other.reaches(one));
        assert!(one.reaches(one) && one.reaches(other.plus(1)) && !other.plus(1).reaches(one));
    }
}
