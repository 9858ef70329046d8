//! The steps of the diagram, from the table of what can come next (SPEC 9): nothing is listed by hand but the calls
//! of an application that opens, of which no capture tells.

use fourwave_annotate::{Cause, Code, Next, On, State};

/// A step from one state to another, and what causes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Where it begins.
    pub from: State,
    /// Where it leads.
    pub to: State,
    /// What causes it.
    pub by: By,
}

/// What causes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The application opens and waits.
    PassiveOpen,
    /// The application opens and sends a SYN.
    ActiveOpen,
    /// What the table says.
    Step(Next),
}

/// The steps that are drawn: those that change the state, without what leads to CLOSED from almost everywhere.
pub fn drawn() -> Vec<Edge> {
    let opens = [(State::Listen, By::PassiveOpen), (State::SynSent, By::ActiveOpen)];
    let opens = opens.map(|(to, by)| Edge { from: State::Closed, to, by });
    let steps = all().filter(|edge| !is_abrupt(edge)).map(|(from, next)| Edge {
        from,
        to: next.to,
        by: By::Step(next),
    });
    opens.into_iter().chain(steps).collect()
}

/// The states that a step for this reason leads from to CLOSED.
pub fn abrupt(on: On) -> Vec<&'static str> {
    let here = |state: &&State| {
        all().any(|(from, next)| from == **state && next.on == on && next.to == State::Closed)
    };
    State::ALL.iter().filter(here).map(|state| state.code()).collect()
}

/// All steps that change the state.
fn all() -> impl Iterator<Item = (State, Next)> {
    State::ALL.iter().flat_map(|&from| {
        Next::after(from).iter().filter(move |next| next.to != from).map(move |&next| (from, next))
    })
}

/// A reset or a give-up, which ends the connection from almost every state.
fn is_abrupt((_, next): &(State, Next)) -> bool {
    matches!(next.on, On::Rst | On::GiveUp) && next.to == State::Closed
}

impl By {
    /// What is sent at this step: with it, or in answer (RFC 9293 section 3.10.7).
    pub const fn sends(self) -> Option<On> {
        match self {
            Self::PassiveOpen => None,
            Self::ActiveOpen => Some(On::Syn),
            Self::Step(next) => match (next.by, next.on) {
                (Cause::Own, on) => Some(on),
                (Cause::Peer, On::Syn) => Some(On::SynAck),
                (Cause::Peer, On::SynAck | On::Fin | On::FinAndAck) => Some(On::Ack),
                (Cause::Peer, On::Ack | On::AckOfFin | On::Data | On::Rst | On::TwoMsl | On::GiveUp)
                | (Cause::Timer, _) => None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use fourwave_tests::transitions::{Event, derive};

    use super::*;

    /// The steps of closing that the engine was led through are those that are drawn.
    #[test]
    fn the_engine_takes_the_steps_that_are_drawn() {
        let table = derive();
        let taken: BTreeSet<(State, State)> = table
            .iter()
            .flat_map(|(&from, row)| {
                let quiet = row.iter().filter(|(event, _)| !matches!(event, Event::Rst));
                quiet.flat_map(move |(_, to)| to.iter().map(move |&to| (from, to)))
            })
            .filter(|(from, to)| from != to)
            .collect();
        let drawn = drawn();
        let drawn: BTreeSet<(State, State)> = drawn
            .iter()
            .filter(|edge| {
                table.contains_key(&edge.from) && !matches!(edge.to, State::Listen | State::Established)
            })
            .filter(|edge| edge.from != State::TimeWait || edge.to != State::SynReceived)
            .map(|edge| (edge.from, edge.to))
            .collect();
        // What only a peer that has not opened can send is not part of that walk, and the other way round.
        let early = [(State::SynReceived, State::CloseWait)];
        let taken: BTreeSet<_> = taken.into_iter().filter(|step| !early.contains(step)).collect();
        assert_eq!(drawn, taken);
    }

    #[test]
    fn every_state_but_the_first_two_can_be_reset() {
        assert_eq!(abrupt(On::Rst).len(), State::ALL.len() - 3);
    }
}
