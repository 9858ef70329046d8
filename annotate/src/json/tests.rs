//! The same octets as `serde_json`, whatever the value.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use proptest::prelude::*;
use serde::Serialize;

use super::*;
use crate::role::Role;
use crate::state::State;

/// What is written into `size` octets.
fn written(value: &impl Json, size: usize) -> Option<String> {
    let mut octets = vec![b'#'; size];
    let len = write(value, &mut octets)?;
    octets.truncate(len);
    Some(String::from_utf8(octets).unwrap())
}

#[track_caller]
fn assert_same<T: Json + Serialize>(value: &T) {
    let expected = serde_json::to_string(value).unwrap();
    assert_eq!(written(value, expected.len() + 32), Some(expected.clone()));
    for size in 0..=expected.len() {
        assert_eq!(written(value, size), None, "{expected} does not fit {size} octets");
    }
}

/// Any text, with more of what needs escapes than chance would give.
fn text() -> impl Strategy<Value = String> {
    let character = prop_oneof![any::<char>(), proptest::char::range('\0', '\u{7f}'), Just('"'), Just('\\')];
    prop_oneof!["[ -!#-Z^-~]{0,40}", proptest::collection::vec(character, 0..40).prop_map(String::from_iter)]
}

proptest! {
    #[test]
    fn numbers(number: u64, digits in 0..64_u32, signed: i64, small: (u8, u16, u32)) {
        assert_same(&number);
        assert_same(&(number >> digits));
        assert_same(&signed);
        assert_same(&(signed >> digits));
        assert_same(&small.0);
        assert_same(&small.1);
        assert_same(&small.2);
    }

    #[test]
    fn numbers_near_each_other(number: i64, digits in 0..64_u32, further in -2_000_000_000..2_000_000_000_i64) {
        let number = number >> digits;
        let beginning = &Beginning::of(number);
        assert_same(&Near { number, beginning });
        assert_same(&Near { number: number.saturating_add(further), beginning });
    }

    #[test]
    fn fractions(number: f64, ns: i64) {
        assert_same(&number);
        assert_same(&(ns as f64 / 1e9));
    }

    #[test]
    fn texts(text in text()) {
        assert_same(&text.as_str());
        assert_same(&Cow::Borrowed(text.as_str()));
    }

    #[test]
    fn lists_and_nothing(numbers: Vec<Option<u32>>, both: (bool, Option<bool>), bits: u64) {
        assert_same(&numbers);
        assert_same(&Both { client: both.0.then_some(1_u8), server: None });
        assert_same(&both.1);
        let roles = Role::ALL.iter().filter(|role| bits >> role.index() & 1 == 1);
        assert_same(&roles.copied().collect::<Set<Role>>());
    }
}

#[test]
fn numbers_at_the_edges_of_their_digits() {
    let powers = (0..20).map(|digits| 10_u64.pow(digits));
    for number in powers.flat_map(|power| [power - 1, power, power + 1]).chain([u64::MAX]) {
        assert_same(&number);
    }
    for number in [i64::MIN, -1, i64::MAX] {
        assert_same(&number);
    }
    for number in 0..=u16::MAX {
        let mut octets = [0; 32];
        let len = write(&number, &mut octets).unwrap();
        assert_eq!(core::str::from_utf8(&octets[..len]).unwrap().parse(), Ok(number));
    }
}

#[test]
fn what_needs_escapes_is_found_wherever_it_stands() {
    for character in '\0'..='\u{ff}' {
        for place in 0..20 {
            let before = "é".repeat(place / 2) + &"e".repeat(place % 2);
            assert_same(&format!("{before}{character}").as_str());
            assert_same(&format!("{before}{character}after").as_str());
        }
    }
}

#[test]
fn words() {
    State::ALL.iter().for_each(assert_same);
    Role::ALL.iter().for_each(assert_same);
}

#[test]
fn no_number_no_text() {
    assert_same(&f64::NAN);
    assert_same(&f64::INFINITY);
    assert_same(&"");
    assert_same(&Vec::<u8>::new());
}
