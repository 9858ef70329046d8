//! Simplified Chinese.

mod advice;
mod comment;
mod connection;
mod finding;
mod segment;
mod why;

pub use advice::finding_advice;
pub use comment::{finding_comment, segment_comment, title_comment};
pub use connection::{
    by, certainty, client_basis, connection_modifier, kind, kind_sentence, phase, reset_form, severity, side,
    who,
};
pub use finding::{finding_text, finding_title, injection_evidence, reuse_outcome, vantage_limit};
pub use segment::{cause, duty, modifier, on, role, role_short, state_phrase, wave, wave_name};
pub use why::finding_why;
