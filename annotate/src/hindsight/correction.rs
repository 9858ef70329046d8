//! What the result of a connection changes in the annotation of one of its segments.

use alloc::vec::Vec;

use fourwave_dissector::FrameId;

use crate::annotation::Annotation;
use crate::connection::{Connection, Revision, Step};
use crate::role::{Role, Wave};
use crate::side::Both;
use crate::state::{Change, State};

/// Corrects `annotation`, which is of the packet `at`, by what `connection` turned out to be: the role, its
/// wave and the expected states. Confirmed states stay. Returns the states that each peer passed inside the
/// packet, if it was more than one.
pub(crate) fn correct(annotation: &mut Annotation, at: FrameId, connection: &Connection) -> Both<Vec<State>> {
    for retro in connection.retro.iter().filter(|retro| retro.at == at) {
        match retro.what {
            Revision::Role { was, is } => replace_role(annotation, was, is),
            // A segment that moved is the new connection's; a withdrawal is followed by the roles it changes.
            Revision::Moved { .. } | Revision::InferenceWithdrawn => {}
        }
    }
    Both::from_fn(|side| {
        let path = &connection.path[side];
        correct_expected(&mut annotation.peers[side], at, path);
        passed(path, at)
    })
}

fn replace_role(annotation: &mut Annotation, was: Role, is: Role) {
    if annotation.role != was {
        return;
    }
    annotation.role = is;
    if let (Some(was), Some(is)) = (wave_of_fin(was), wave_of_fin(is)) {
        annotation.waves.remove(was);
        annotation.waves.insert(is);
    }
}

/// The wave of a FIN whose place in the order can be corrected (SPEC 4.9).
fn wave_of_fin(role: Role) -> Option<Wave> {
    if role == Role::Fin1 {
        Some(Wave::First)
    } else if role == Role::Fin2 {
        Some(Wave::Third)
    } else {
        None
    }
}

fn correct_expected(change: &mut Change, at: FrameId, path: &[Step]) {
    if let Some(before) = last_reached(path, |step| step < at) {
        change.before.expected = before;
    }
    if let Some(after) = last_reached(path, |step| step <= at) {
        change.after.expected = after;
    }
}

/// The last state of `path` that was reached by then. The steps without packet at its beginning always were;
/// one further on comes after all packets.
fn last_reached(path: &[Step], by_then: impl Fn(FrameId) -> bool) -> Option<State> {
    let beginning = path.iter().take_while(|step| step.at.is_none()).count();
    let reached = |(index, step): &(usize, &Step)| *index < beginning || step.at.is_some_and(&by_then);
    path.iter().enumerate().rev().find(reached).map(|(_, step)| step.state)
}

/// The states of `path` entered at this packet, if more than one.
fn passed(path: &[Step], at: FrameId) -> Vec<State> {
    let here = || path.iter().filter(|step| step.at == Some(at)).map(|step| step.state);
    if here().nth(1).is_some() { here().collect() } else { Vec::new() }
}
