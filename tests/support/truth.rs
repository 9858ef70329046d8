//! What a Linux kernel did in scenarios that were recorded, and whether an account of the states agrees.
//!
//! A `.truth` file lists, by scenario and endpoint, the transitions that the kernel itself traced: from which
//! state to which, `at` the frame that caused it or by which it first shows, and whether it was `transient`
//! (left again by the same segment). One without a frame was silent: no segment tells of it.
//!
//! An account is *clean* if it tells every transition that a segment shows, in order, and no other. It may tell,
//! or leave out, what is silent, what is transient, and what the vantage merges with the next transition.
//! This is the criterion "sequence-clean" of the alignment with the fewest edits: it needs none.

use std::collections::BTreeMap;
use std::str::FromStr;

use fourwave_annotate::{Code, State};

/// An endpoint of a connection and its peer, each as `address:port`.
pub type Ends = (String, String);

/// The truth of one scenario.
#[derive(Clone, Debug, Default)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// What each endpoint went through.
    pub endpoints: BTreeMap<Ends, Lived>,
}

/// What one endpoint went through.
#[derive(Clone, Debug)]
pub struct Lived {
    begins: State,
    transitions: Vec<Transition>,
}

#[derive(Clone, Debug)]
struct Transition {
    from: State,
    to: State,
    frame: Option<u64>,
    transient: bool,
}

impl Scenario {
    /// Reads a `.truth` file.
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn parse_all(text: &str) -> Result<Vec<Self>, String> {
        let mut scenarios: Vec<Self> = Vec::new();
        let mut ends = None;
        for line in text.lines() {
            let wrong = || format!("cannot read `{line}`");
            let words: Vec<&str> = line.split_whitespace().collect();
            match (&words[..], scenarios.last_mut()) {
                (["scenario", name], _) => {
                    scenarios.push(Self { name: (*name).into(), ..Self::default() });
                }
                ([end, "of", peer, "begins", "in", begins], Some(scenario)) => {
                    let key = (String::from(*end), String::from(*peer));
                    let lived = Lived { begins: state(begins).ok_or_else(wrong)?, transitions: Vec::new() };
                    scenario.endpoints.insert(key.clone(), lived);
                    ends = Some(key);
                }
                ([from, ">", to, rest @ ..], Some(scenario)) => {
                    let transition = Transition {
                        from: state(from).ok_or_else(wrong)?,
                        to: state(to).ok_or_else(wrong)?,
                        frame: after(rest, "at"),
                        transient: rest.contains(&"transient"),
                    };
                    let lived = ends.as_ref().and_then(|ends| scenario.endpoints.get_mut(ends));
                    lived.ok_or_else(wrong)?.transitions.push(transition);
                }
                _ => return Err(wrong()),
            }
        }
        Ok(scenarios)
    }

    /// The endpoints of which `account` is not clean. It holds the states of each endpoint in order, one for each
    /// segment of its connection.
    #[must_use]
    pub fn unclean(&self, account: &BTreeMap<Ends, Vec<State>>) -> Vec<Ends> {
        let wrong = self.endpoints.iter().filter(|(ends, lived)| {
            let told = account.get(*ends).map_or(&[][..], Vec::as_slice);
            !lived.agrees(&told_transitions(lived.begins, told))
        });
        wrong.map(|(ends, _)| ends.clone()).collect()
    }
}

impl Lived {
    /// True if `told` is the list of transitions, less some of the optional ones.
    fn agrees(&self, told: &[State]) -> bool {
        let optional = self.optional();
        // reached[n]: the first n told are matched by the transitions so far.
        let mut reached = vec![false; told.len() + 1];
        reached[0] = true;
        for (transition, optional) in self.transitions.iter().zip(optional) {
            for n in (0..=told.len()).rev() {
                let matched = n > 0 && reached[n - 1] && transition.is(told[n - 1]);
                reached[n] = matched || optional && reached[n];
            }
        }
        reached[told.len()]
    }

    /// Which transitions an account may leave out. Places are made to ascend first: an observer cannot put a
    /// transition before the one that precedes it.
    fn optional(&self) -> Vec<bool> {
        let mut last = 0;
        let places: Vec<Option<u64>> = (self.transitions.iter())
            .map(|transition| {
                last = last.max(transition.frame?);
                Some(last)
            })
            .collect();
        let next_place = |at: usize| places[at + 1..].iter().find_map(|place| *place);
        let all = self.transitions.iter().zip(&places).enumerate();
        all.map(|(at, (transition, place))| {
            place.is_none() || transition.transient || next_place(at) == *place
        })
        .collect()
    }
}

impl Transition {
    /// The kernel calls it CLOSED when a RST sends a passive opener back to LISTEN (RFC 9293 section 3.10.7.4).
    fn is(&self, told: State) -> bool {
        told == self.to
            || told == State::Listen && (self.from, self.to) == (State::SynReceived, State::Closed)
    }
}

/// Where the states change. To go between CLOSED and LISTEN is no change; UNKNOWN says nothing.
fn told_transitions(begins: State, told: &[State]) -> Vec<State> {
    let mut current = begins;
    let mut changes = Vec::new();
    for state in told.iter().copied().filter(|state| *state != State::Unknown) {
        if state != current && !(state.is_closed() && current.is_closed()) {
            changes.push(state);
        }
        current = state;
    }
    changes
}

fn state(word: &str) -> Option<State> {
    State::from_code(word)
}

fn after<T: FromStr>(words: &[&str], name: &str) -> Option<T> {
    let at = words.iter().position(|word| *word == name)?;
    words.get(at + 1)?.parse().ok()
}
