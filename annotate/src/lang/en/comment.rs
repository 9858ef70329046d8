//! Comments on packets.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::{certainty, finding_text, finding_title, role_short, severity, side, wave};
use crate::annotation::Annotation;
use crate::code::Code;
use crate::finding::{Finding, FindingId};
use crate::kind::Certainty;
use crate::lang::{FrameNames, codes, frame_names, states_after};
use crate::role::Role;
use crate::side::Side;
use crate::state::Bounds;

pub fn segment_comment(annotation: &Annotation, name: FrameNames<'_>) -> String {
    let waves: Vec<_> = annotation.waves.iter().map(wave).collect();
    let part = if waves.is_empty() { role_short(annotation.role).into() } else { waves.join(" + ") };
    let [sender, receiver] = states_after(annotation).map(|(peer, bounds)| state(peer, bounds));
    let mut comment = format!("{part} ({}): {sender}, {receiver}", codes(annotation, ", "));
    let again = if annotation.role == Role::ReackOfFin { " again" } else { "" };
    let links = [
        annotation.acks_fin.map(|at| format!("acknowledges{again} the FIN in frame {}", name(at))),
        annotation.repeats.map(|at| format!("repeats frame {}", name(at))),
        annotation.answers.map(|at| format!("answers frame {}", name(at))),
    ];
    for link in links.into_iter().flatten() {
        comment.push_str("; ");
        comment.push_str(&link);
    }
    comment
}

pub fn finding_comment(finding: &Finding, name: FrameNames<'_>) -> String {
    let likely = match finding.certainty {
        Certainty::Certain => String::new(),
        Certainty::Likely => format!(", {}", certainty(finding.certainty)),
    };
    let head = format!("{} ({}{likely})", finding.id.code(), severity(finding.severity));
    let text = finding_text(finding);
    match frame_names(&finding.frames, name).as_slice() {
        [] | [_] => format!("{head}: {text}"),
        names => format!("{head}: {text} Frames {}.", names.join(", ")),
    }
}

pub fn title_comment(id: FindingId) -> String {
    format!("{}: {}", id.code(), finding_title(id))
}

fn state(peer: Side, Bounds { confirmed, expected }: Bounds) -> String {
    let peer = side(peer);
    if confirmed == expected { format!("{peer} {expected}") } else { format!("{peer} expected {expected}") }
}
