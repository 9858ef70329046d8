//! How shapes and letters look: colours, patterns, fonts, as classes of one style sheet.
//!
//! The colours of states are tints of the palette of Okabe and Ito, which people with any kind of colour vision can
//! tell apart; no meaning rests on colour alone. All text has a contrast of at least 4.5:1 to what is behind it
//! (`contrast` computes it). This file must not know where anything is.

#[cfg(test)]
mod contrast;

use fourwave_annotate::{Code, Severity, Side, State};

use crate::explain::rungs::Tone;

/// The class of every picture; all rules are for what is below it.
pub const ROOT: &str = "fourwave";

const SANS: &str = "'Liberation Sans', Arial, Helvetica, 'Noto Sans CJK SC', 'Noto Sans SC', 'PingFang SC', \
                    'Microsoft YaHei', 'WenQuanYi Zen Hei', 'DejaVu Sans', sans-serif";
const MONO: &str = "'Liberation Mono', 'DejaVu Sans Mono', Menlo, Consolas, 'Courier New', 'Noto Sans Mono CJK SC', \
                    'Noto Sans CJK SC', monospace";

/// A colour on a light ground, and on a dark one.
type Colours = (&'static str, &'static str);

const PAPER: Colours = ("#ffffff", "#16181d");
const INK: Colours = ("#1c1e21", "#eceff3");
const FAINT: Colours = ("#54585f", "#a9b0ba");
const HAIR: Colours = ("#c3c7cd", "#4a505a");
const CLOSE: Colours = ("#00548a", "#7cc4f2");
const RESET: Colours = ("#a33b00", "#ff9d66");

/// The colour of lines and words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hue {
    /// Nothing special.
    Plain,
    /// In the background.
    Faint,
    /// One of the four waves.
    Close,
    /// A reset.
    Reset,
    /// What one of the peers does.
    Of(Side),
}

impl From<Tone> for Hue {
    fn from(tone: Tone) -> Self {
        match tone {
            Tone::Plain => Self::Plain,
            Tone::Close => Self::Close,
            Tone::Reset => Self::Reset,
        }
    }
}

/// How a shape looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// The ground.
    Paper,
    /// The band of a peer in a state.
    Band(State),
    /// The edge of a band at which arrows begin and end.
    Edge(State),
    /// Over a band: the state is expected, not proved.
    Expected,
    /// What is left of TIME-WAIT.
    Remaining,
    /// A thin line around something.
    Outline,
    /// An edge where time is left out.
    Tear,
    /// A segment; a copy of one is dashed.
    Arrow(Hue, bool),
    /// The steps that a peer took.
    Path(Side),
    /// The head of an arrow.
    Head(Hue),
    /// The cross at the end of a segment that is not accepted, or did not arrive.
    Cross(Hue),
    /// The number of a wave.
    Badge,
    /// The number of a wave that came before.
    BadgeAgain,
    /// Segments that are not shown.
    Fold,
    /// Something that happens without a segment.
    Event,
    /// From a finding to its frame.
    Leader,
    /// The ground of a finding.
    Card,
    /// The sign of a finding.
    Sign(Severity),
}

/// How letters look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letters {
    /// Of the title.
    Title,
    /// What is to be seen first.
    Strong,
    /// Words.
    Label,
    /// What is there for completeness.
    Faint,
    /// Numbers, addresses.
    Number,
    /// Numbers that are there for completeness.
    FaintNumber,
    /// The name of a state.
    State,
    /// How long it lasts.
    Dwell,
    /// What a segment is.
    Caption(Hue),
    /// The number in a badge.
    Badge,
    /// The number in a badge of a copy.
    BadgeAgain,
    /// The character in the sign of a finding.
    Sign(Severity),
}

impl Look {
    /// Its class.
    pub fn class(self) -> String {
        match self {
            Self::Paper => "paper".into(),
            Self::Band(state) => format!("band {}", class_of(state)),
            Self::Edge(state) => format!("edge {}", class_of(state)),
            Self::Expected => "expected".into(),
            Self::Remaining => "remaining".into(),
            Self::Outline => "outline".into(),
            Self::Tear => "tear".into(),
            Self::Arrow(hue, copy) => {
                format!("arrow {}{}", hue_class(hue), if copy { " copy" } else { "" })
            }
            Self::Path(side) => format!("path {}", side.code()),
            Self::Head(hue) => format!("head {}", hue_class(hue)),
            Self::Cross(hue) => format!("cross {}", hue_class(hue)),
            Self::Badge => "badge".into(),
            Self::BadgeAgain => "badge-again".into(),
            Self::Fold => "fold".into(),
            Self::Event => "event".into(),
            Self::Leader => "leader".into(),
            Self::Card => "card".into(),
            Self::Sign(severity) => format!("sign {}", severity.code()),
        }
    }
}

impl Letters {
    /// Its size in pixels.
    pub const fn size(self) -> f64 {
        match self {
            Self::Title => 18.0,
            Self::Strong | Self::Label | Self::Caption(_) => 12.0,
            Self::Faint | Self::Number | Self::FaintNumber | Self::State | Self::Badge | Self::BadgeAgain => {
                11.0
            }
            Self::Dwell | Self::Sign(_) => 10.5,
        }
    }

    /// From one line to the next.
    pub fn leading(self) -> f64 {
        (self.size() * 1.35).round()
    }

    /// True if all Latin letters are of the same width.
    pub const fn is_monospaced(self) -> bool {
        matches!(self, Self::Number | Self::FaintNumber)
    }

    /// True if they are bold.
    pub const fn is_bold(self) -> bool {
        match self {
            Self::Title
            | Self::Strong
            | Self::State
            | Self::Caption(_)
            | Self::Badge
            | Self::BadgeAgain
            | Self::Sign(_) => true,
            Self::Label | Self::Faint | Self::Number | Self::FaintNumber | Self::Dwell => false,
        }
    }

    /// Its class.
    pub fn class(self) -> String {
        let weight = if self.is_bold() { " bold" } else { "" };
        let face = if self.is_monospaced() { " mono" } else { "" };
        let colour = match self {
            Self::Title | Self::Strong | Self::Label | Self::Number | Self::State | Self::Dwell => "ink",
            Self::Faint | Self::FaintNumber => "faint",
            Self::Caption(hue) => match hue {
                Hue::Plain | Hue::Faint | Hue::Of(_) => "ink",
                Hue::Close => "ink close",
                Hue::Reset => "ink reset",
            },
            Self::Badge => "on-badge",
            Self::BadgeAgain => "ink close",
            Self::Sign(severity) => match severity {
                Severity::Info | Severity::Error => "on-sign",
                Severity::Note | Severity::Warn => "on-light-sign",
            },
        };
        format!("{colour}{weight}{face}")
    }
}

fn class_of(state: State) -> String {
    state.code().to_ascii_lowercase()
}

const fn hue_class(hue: Hue) -> &'static str {
    match hue {
        Hue::Plain => "plain",
        Hue::Faint => "quiet",
        Hue::Of(side) => match side {
            Side::Client => "client",
            Side::Server => "server",
        },
        Hue::Close => "close",
        Hue::Reset => "reset",
    }
}

/// The ground of a state on light and dark paper, and its full colour. Who closes first is warm, who closes second
/// is cold.
const fn state(state: State) -> (Colours, &'static str) {
    match state {
        State::Unknown => (("#ffffff", "#24272d"), "#8c8c8c"),
        State::Closed => (("#e2e4e7", "#363a41"), "#6b6f76"),
        State::Listen => (("#f0f1f3", "#2c3036"), "#8c9198"),
        State::SynSent => (("#fcf9d0", "#4b4710"), "#c9bc00"),
        State::SynReceived => (("#f8f2a8", "#57520f"), "#c9bc00"),
        State::Established => (("#cdebdf", "#0b4736"), "#009e73"),
        State::FinWait1 => (("#fbe2b0", "#5c4204"), "#e69f00"),
        State::FinWait2 => (("#fdf0d6", "#453a1f"), "#e69f00"),
        State::CloseWait => (("#d8effb", "#16455c"), "#56b4e9"),
        State::Closing => (("#f1d8e6", "#5a2c47"), "#cc79a7"),
        State::LastAck => (("#c0dcf0", "#0d3d5f"), "#0072b2"),
        State::TimeWait => (("#fbe0d0", "#5c2a0b"), "#d55e00"),
    }
}

/// The ground of a sign.
const fn sign(severity: Severity) -> Colours {
    match severity {
        Severity::Info => ("#00548a", "#00548a"),
        Severity::Note => ("#f0e442", "#f0e442"),
        Severity::Warn => ("#e69f00", "#e69f00"),
        Severity::Error => ("#a33b00", "#a33b00"),
    }
}

/// The style sheet of a file of its own.
pub fn style() -> String {
    let mut sheet = shapes();
    sheet.push_str(&colours(|(light, _)| light.into()));
    let dark = colours(|(_, dark)| dark.into());
    sheet.push_str(&format!("@media (prefers-color-scheme: dark) {{\n{dark}}}\n"));
    sheet
}

/// The same for a page, which says by `color-scheme` whether it is light or dark.
pub fn page_style() -> String {
    shapes() + &colours(|(light, dark)| format!("light-dark({light},{dark})"))
}

/// Rules about all but colours.
fn shapes() -> String {
    let mut sheet = String::new();
    // Some viewers know how to draw two marks closer together and others do not: no viewer is to do so.
    sheet.push_str(&format!(".{ROOT} text{{font-family:{SANS};text-spacing-trim:space-all}}\n"));
    sheet.push_str(&format!(".{ROOT} .mono{{font-family:{MONO};white-space:pre}}\n"));
    sheet.push_str(&format!(".{ROOT} .bold{{font-weight:bold}}\n"));
    for (class, rules) in SHAPES {
        sheet.push_str(&format!(".{ROOT} .{class}{{{rules}}}\n"));
    }
    sheet
}

/// What of the looks is no colour.
const SHAPES: [(&str, &str); 18] = [
    ("band", "stroke:none"),
    ("expected", "fill:url(#fourwave-expected)"),
    ("remaining", "fill-opacity:0.55;stroke:none"),
    ("outline", "fill:none;stroke-width:1"),
    ("tear", "stroke-width:1.2;stroke-linejoin:round"),
    ("arrow", "fill:none;stroke-width:1.5"),
    ("quiet", "stroke-width:1.2"),
    ("path", "fill:none;stroke-width:3"),
    ("path.server", "stroke-dasharray:7 4"),
    ("copy", "stroke-dasharray:6 4"),
    ("cross", "fill:none;stroke-width:2.4"),
    ("badge-again", "stroke-width:1.3;stroke-dasharray:3 2"),
    ("fold", "stroke-width:1;stroke-dasharray:2 3"),
    ("event", "fill:none;stroke-width:1.2;stroke-dasharray:1 4;stroke-linecap:round"),
    ("leader", "fill:none;stroke-width:1"),
    ("card", "stroke-width:1"),
    ("sign", "stroke-width:1;stroke-linejoin:round"),
    ("hatch", "fill:none;stroke-width:1;stroke-opacity:0.7"),
];

/// The colours of hues.
const HUES: [(&str, Colours); 6] = [
    ("plain", INK),
    ("quiet", FAINT),
    ("close", CLOSE),
    ("reset", RESET),
    ("client", CLOSE),
    ("server", RESET),
];

/// The colours of letters; of those that fit, the last counts.
const INKS: [(&str, Colours); 7] = [
    ("ink", INK),
    ("ink.close", CLOSE),
    ("ink.reset", RESET),
    ("faint", FAINT),
    ("on-badge", PAPER),
    ("on-sign", ("#ffffff", "#ffffff")),
    ("on-light-sign", (INK.0, INK.0)),
];

/// All colours, each as `of` writes it.
fn colours(of: impl Fn(Colours) -> String) -> String {
    let mut sheet = String::new();
    let mut rule = |class: &str, property: &str, colour: Colours| {
        sheet.push_str(&format!(".{ROOT} .{class}{{{property}:{}}}\n", of(colour)));
    };
    rule("paper", "fill", PAPER);
    for &each in State::ALL {
        let (ground, full) = state(each);
        rule(&format!("band.{}", class_of(each)), "fill", ground);
        rule(&format!("edge.{}", class_of(each)), "fill", (full, full));
    }
    rule("hatch", "stroke", FAINT);
    rule("remaining", "fill", ("#d55e00", "#d55e00"));
    for (class, colour) in HUES {
        rule(&format!("arrow.{class}"), "stroke", colour);
        rule(&format!("path.{class}"), "stroke", colour);
        rule(&format!("head.{class}"), "fill", colour);
        rule(&format!("cross.{class}"), "stroke", colour);
    }
    for class in ["outline", "leader"] {
        rule(class, "stroke", FAINT);
    }
    rule("event", "stroke", INK);
    for class in ["tear", "fold", "card", "badge-again"] {
        rule(class, "fill", PAPER);
    }
    rule("tear", "stroke", FAINT);
    rule("fold", "stroke", FAINT);
    rule("card", "stroke", HAIR);
    rule("badge", "fill", CLOSE);
    rule("badge-again", "stroke", CLOSE);
    for &severity in Severity::ALL {
        rule(&format!("sign.{}", severity.code()), "fill", sign(severity));
    }
    rule("sign", "stroke", INK);
    for (class, colour) in INKS {
        rule(class, "fill", colour);
    }
    sheet
}

/// The patterns that the style sheet refers to.
pub const fn definitions() -> &'static str {
    "<defs><pattern id=\"fourwave-expected\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
     <path class=\"hatch\" d=\"M-1.5,1.5 l3,-3 M0,6 l6,-6 M4.5,7.5 l3,-3\"/></pattern></defs>"
}
