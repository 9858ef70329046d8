//! All letters can be read on what is behind them, on light and on dark paper: contrast as WCAG 2 defines it.

use super::*;

/// What WCAG asks of text of any size at its level AA.
const LEAST: f64 = 4.5;

#[test]
fn all_text_can_be_read_on_what_is_behind_it() {
    for letters in all() {
        let ink = ink(letters);
        for ground in grounds(letters) {
            for (ink, ground) in [(ink.0, ground.0), (ink.1, ground.1)] {
                let contrast = contrast(ink, ground);
                assert!(contrast >= LEAST, "{letters:?}: {ink} on {ground}: {contrast:.2}");
            }
        }
    }
}

#[test]
fn contrast_is_that_of_the_definition() {
    assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
    assert!((contrast("#777777", "#ffffff") - 4.48).abs() < 0.005);
}

fn all() -> Vec<Letters> {
    use Letters::{
        Badge, BadgeAgain, Caption, Dwell, Faint, FaintNumber, Label, Number, Sign, Strong, Title,
    };
    let mut all = vec![Title, Strong, Label, Faint, Number, FaintNumber, Letters::State, Dwell];
    all.extend([Badge, BadgeAgain]);
    let sides = [Side::Client, Side::Server].map(Hue::Of);
    all.extend([Hue::Plain, Hue::Faint, Hue::Close, Hue::Reset].into_iter().chain(sides).map(Caption));
    all.extend(Severity::ALL.iter().map(|&severity| Sign(severity)));
    all
}

/// The last colour whose classes the letters have.
fn ink(letters: Letters) -> Colours {
    let class = letters.class();
    let has = |name: &str| class.split(' ').any(|each| each == name);
    let fits = INKS.iter().rev().find(|(selector, _)| selector.split('.').all(has));
    fits.unwrap_or_else(|| panic!("{letters:?} have no colour")).1
}

/// What is behind them wherever they stand.
fn grounds(letters: Letters) -> Vec<Colours> {
    match letters {
        Letters::Title
        | Letters::Strong
        | Letters::Label
        | Letters::Faint
        | Letters::Number
        | Letters::FaintNumber
        | Letters::Caption(_)
        | Letters::BadgeAgain => vec![PAPER],
        Letters::State | Letters::Dwell => State::ALL.iter().map(|&each| state(each).0).collect(),
        Letters::Badge => vec![CLOSE],
        Letters::Sign(severity) => vec![sign(severity)],
    }
}

/// From 1, no difference, to 21, black on white.
fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// The relative luminance of `#rrggbb`.
fn luminance(colour: &str) -> f64 {
    let part = |place: usize| {
        let part = f64::from(u8::from_str_radix(&colour[place..place + 2], 16).unwrap()) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
}
