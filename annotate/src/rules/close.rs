//! From a followed incarnation to its result (SPEC 8): kind, initiator, durations, and the record as a whole.

use crate::code::Set;
use crate::connection::{Connection, Durations, Moment, TimeWait, elapsed};
use crate::finding::FindingId;
use crate::kind::{By, Certainty, Initiator, Kind, Who};
use crate::modifier::ConnectionModifier;
use crate::options::Options;
use crate::role::{Role, Wave};
use crate::rules::findings;
use crate::rules::incarnation::Incarnation;
use crate::rules::path;
use crate::side::{Both, Side};
use crate::state::Knowledge;

use core::net::SocketAddr;

/// Resets with these roles come when all is over.
const AFTER_THE_END: Set<Role> = Role::set(&[Role::RstAfterClose, Role::RstIntoTimeWait]);

/// How the record comes to be written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Closing<'a> {
    /// The largest time of the capture so far.
    pub now_ns: i64,
    /// The connection was given up or pushed out.
    pub evicted: bool,
    pub options: &'a Options,
}

/// The result for `incarnation`.
pub(crate) fn close(
    incarnation: &Incarnation,
    addresses: Both<SocketAddr>,
    closing: &Closing<'_>,
) -> Connection {
    let kind = kind(incarnation);
    let modifiers = modifiers(incarnation, closing);
    let findings = findings::at_end(incarnation, kind, modifiers, closing);
    let has_dwell = !incarnation.roles.contains(Role::FinSimultaneous) && !is_merged(incarnation);
    let resets = incarnation.peers.iter().filter_map(|(_, peer)| peer.reset()).map(|reset| reset.time_ns);
    let injection = findings.iter().any(|finding| finding.id == FindingId::RstInjectionSuspected);
    Connection {
        number: incarnation.number,
        incarnation: incarnation.count,
        addresses,
        client_basis: incarnation.client_basis,
        kind,
        modifiers,
        initiator: initiator(incarnation, injection),
        first: incarnation.first,
        last: incarnation.last,
        files: core::iter::once(incarnation.first.at.file())
            .chain(incarnation.unusual().more_files.iter().copied())
            .collect(),
        waves: incarnation.waves,
        durations: durations(&incarnation.waves, has_dwell, resets),
        close_wait_merged: is_merged(incarnation),
        time_wait: Both::from_fn(|side| {
            let from_ns = incarnation.peers[side].time_wait?.time_ns;
            Some(TimeWait { from_ns, until_ns: from_ns.saturating_add(closing.options.two_msl_ns) })
        }),
        half_close_bytes: incarnation.unusual().half_close_bytes,
        end: incarnation.bounds,
        segments: Both::from_fn(|side| incarnation.peers[side].segments),
        bytes: Both::from_fn(|side| incarnation.peers[side].bytes),
        path: Both::from_fn(|side| path::settled(incarnation, side, &closing.options.thresholds)),
        retro: incarnation.unusual().retro.clone(),
        resets: incarnation.resets.iter().copied().collect(),
        findings,
    }
}

/// SPEC 8.1: the first that fits.
pub(crate) fn kind(incarnation: &Incarnation) -> Kind {
    let resets = &incarnation.resets;
    let reset_by = |role| resets.iter().any(|reset| reset.role == role);
    let counts_during_close = || resets.iter().any(|reset| !AFTER_THE_END.contains(reset.role));
    let closer = incarnation.peers.iter().find(|(_, peer)| peer.fin.is_some()).map(|(side, _)| side);
    let fins = incarnation.fins();
    if incarnation.only_strays {
        return Kind::StrayOnly;
    }
    if reset_by(Role::RstRefused) {
        return Kind::Refused;
    }
    if incarnation.superseded && fins < 2 && resets.is_empty() {
        return Kind::Superseded;
    }
    if reset_by(Role::RstHandshake) && fins == 0 {
        return Kind::HandshakeReset;
    }
    if fins == 2 {
        return if counts_during_close() {
            Kind::ResetDuringClose
        } else if incarnation.roles.contains(Role::FinSimultaneous) {
            Kind::Simultaneous
        } else if incarnation.unusual().half_close_bytes > 0 {
            Kind::HalfClose
        } else if incarnation.roles.contains(Role::FinAckCombined) {
            Kind::ThreeSegment
        } else {
            Kind::FourWay
        };
    }
    if let Some(closer) = closer {
        return if let Some(first) = resets.first() {
            if first.peer == closer { Kind::FinThenResetByCloser } else { Kind::FinThenResetByPeer }
        } else if is_one_way(incarnation) {
            Kind::OneWayClose
        } else if incarnation.peers[closer].expected.has(Knowledge::FIN_ACKED) {
            Kind::HalfClosedOpen
        } else {
            Kind::FinUnanswered
        };
    }
    let opened = incarnation.peers.iter().any(|(_, peer)| peer.has_syn() && peer.passive == Some(false));
    if !resets.is_empty() {
        Kind::Reset
    } else if !incarnation.mid_stream && !opened {
        Kind::HandshakeIncomplete
    } else if is_one_way(incarnation) {
        Kind::OneWayOpen
    } else {
        Kind::OpenAtEnd
    }
}

/// SPEC 8.1, last paragraph but one: segments of one peer only, and it acknowledged something.
pub(crate) fn is_one_way(incarnation: &Incarnation) -> bool {
    let mut seen = incarnation.peers.iter().filter(|(_, peer)| peer.any && peer.last.is_some());
    let (Some((side, peer)), None) = (seen.next(), seen.next()) else { return false };
    let unseen = incarnation.peers[side.other()].unseen;
    peer.ack.is_some() && (unseen || incarnation.mid_stream || peer.passive == Some(false))
}

/// SPEC 8.2.
fn initiator(incarnation: &Incarnation, injection: bool) -> Initiator {
    let certain = |firm: bool| if firm { Certainty::Certain } else { Certainty::Likely };
    let likely_only = incarnation.mid_stream || injection;
    let by_fin = |who: Who, side: Side, by: By| Initiator {
        peer: Some(who),
        first_seen: Some(side),
        by: Some(by),
        certainty: certain(!likely_only && by != By::FinInferred),
    };
    if let Some(closer) = incarnation.first_closer {
        let inferred = incarnation.peers[closer].fin.is_some_and(|fin| fin.inferred);
        return if incarnation.roles.contains(Role::FinSimultaneous) {
            by_fin(Who::Both, closer, By::Fin)
        } else {
            by_fin(closer.into(), closer, if inferred { By::FinInferred } else { By::Fin })
        };
    }
    match incarnation.resets.first() {
        Some(reset) => by_fin(reset.peer.into(), reset.peer, By::Rst),
        None => Initiator { peer: None, first_seen: None, by: None, certainty: certain(!likely_only) },
    }
}

/// SPEC 8.1, last paragraph.
fn modifiers(incarnation: &Incarnation, closing: &Closing<'_>) -> Set<ConnectionModifier> {
    let mut modifiers = incarnation.modifiers;
    if is_one_way(incarnation) {
        modifiers.insert(ConnectionModifier::OneWay);
    }
    let unfinished = incarnation.fins() < 2 && incarnation.resets.is_empty();
    if let Some(modifier) = cut_off(unfinished, incarnation.last.time_ns, closing) {
        modifiers.insert(modifier);
    }
    modifiers
}

/// What is to be said of a connection with its last segment at `last_ns` because its record is written now.
pub(crate) fn cut_off(unfinished: bool, last_ns: i64, closing: &Closing<'_>) -> Option<ConnectionModifier> {
    if closing.evicted {
        return Some(ConnectionModifier::Evicted);
    }
    let silence_ns = elapsed(last_ns, closing.now_ns);
    let truncated = unfinished && silence_ns < closing.options.thresholds.truncated_by_end;
    truncated.then_some(ConnectionModifier::TruncatedByEnd)
}

/// True if waves 2 and 3 share a segment.
fn is_merged(incarnation: &Incarnation) -> bool {
    let (second, third) = (incarnation.wave(Wave::Second), incarnation.wave(Wave::Third));
    incarnation.roles.contains(Role::FinAckCombined) && second.is_some() && second == third
}

/// SPEC 8.5. `has_dwell`: waves 2 and 3 neither share a segment nor cross; `resets`: when those that count came.
pub(crate) fn durations(
    waves: &[Option<Moment>; 4],
    has_dwell: bool,
    resets: impl Iterator<Item = i64>,
) -> Durations {
    let between = |from: Wave, to: Wave| {
        let (from, to) = (waves[from as usize]?, waves[to as usize]?);
        Some(elapsed(from.time_ns, to.time_ns)).filter(|elapsed| *elapsed >= 0)
    };
    Durations {
        fin1_ack: between(Wave::First, Wave::Second),
        close_wait: if has_dwell { between(Wave::Second, Wave::Third) } else { None },
        last_ack: between(Wave::Third, Wave::Fourth),
        teardown: teardown(waves, resets),
    }
}

/// First to last of the waves and counted resets.
fn teardown(waves: &[Option<Moment>; 4], resets: impl Iterator<Item = i64>) -> Option<i64> {
    let mut instants = waves.iter().flatten().map(|moment| moment.time_ns).chain(resets);
    let first = instants.next()?;
    let (from, to) = instants.fold((first, first), |(from, to), time| (from.min(time), to.max(time)));
    Some(elapsed(from, to))
}
