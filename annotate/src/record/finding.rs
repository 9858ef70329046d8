//! The findings in the record of a connection.

use alloc::borrow::Cow;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::code::{Code, Set};
use crate::finding::{Finding, FindingId, InjectionEvidence, Params, ReuseOutcome, Severity, VantageLimit};
use crate::json::{Json, Room};
use crate::kind::Certainty;
use crate::options::SECOND;
use crate::record::part::Part;
use crate::record::text::List;
use crate::record::{Key, Shape, object};

object! { Part<'_, &Finding>, |it| {
    "id": Shape::word::<FindingId>() => it.value.id,
    "severity": Shape::word::<Severity>() => it.value.severity,
    "certainty": Shape::word::<Certainty>() => it.value.certainty,
    "frames": Shape::List(&Shape::Integer) => List(|| it.value.frames.iter().map(|at| at.frame())),
    "files": Shape::OrNull(&Shape::List(&Shape::TEXT_OR_NULL)) =>
        it.leaves_file().then_some(List(|| it.value.frames.iter().map(|at| it.file(*at)))),
    "params": Shape::Sparse(Given::KEYS) => Given(&it.value.params),
    "text": Shape::Text => Sentence(it.origin.context.lang.finding_text(it.value)),
    "advice": Shape::TEXT_OR_NULL => it.origin.context.lang.finding_advice(it.value.id),
} }

/// What a finding says. If it says that of every one, it has nothing that needs an escape.
#[derive(Serialize)]
struct Sentence(Cow<'static, str>);

impl Json for Sentence {
    #[inline]
    fn json<'to>(&self, to: Room<'to>) -> Room<'to> {
        match &self.0 {
            Cow::Borrowed(text) => to.quoted(text),
            Cow::Owned(text) => text.as_str().json(to),
        }
    }
}

impl Part<'_, &Finding> {
    /// True if a frame is not in the record's own file.
    fn leaves_file(&self) -> bool {
        self.value.frames.iter().any(|at| !self.origin.is_in_file(*at))
    }
}

/// The parameters that are set, and no others.
struct Given<'a>(&'a Params);

/// Declares an object that has only those keys whose value is not `None`.
macro_rules! sparse {
    ($type:ty, |$this:ident| { $($key:literal: $shape:expr => $value:expr,)+ }) => {
        impl $type {
            const KEYS: &'static [Key] = &[$(Key::new($key, $shape),)+];
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let $this = self.0;
                let mut map = serializer.serialize_map(None)?;
                $(if let Some(value) = $value {
                    map.serialize_entry($key, &value)?;
                })+
                map.end()
            }
        }

        impl Json for $type {
            fn json<'to>(&self, to: Room<'to>) -> Room<'to> {
                let $this = self.0;
                let mut to = to;
                let mut separator = b'{';
                $(if let Some(value) = $value {
                    to = value.json(to.key(separator, concat!(",\"", $key, "\":")));
                    separator = b',';
                })+
                if separator == b'{' { to.put(b"{}") } else { to.put(b"}") }
            }
        }
    };
}

sparse! { Given<'_>, |params| {
    "peer": Shape::SIDE => params.peer,
    "other": Shape::SIDE => params.other,
    "seconds": Shape::Number => params.duration_ns.map(seconds),
    "octets": Shape::Integer => params.octets,
    "copies": Shape::Integer => params.copies,
    "text": Shape::Text => params.text.as_deref(),
    "outcome": Shape::word::<ReuseOutcome>() => params.outcome,
    "evidence": Shape::List(&Shape::word::<InjectionEvidence>()) => filled(params.evidence),
    "what": Shape::List(&Shape::word::<VantageLimit>()) => filled(params.what),
} }

fn seconds(duration_ns: i64) -> f64 {
    duration_ns as f64 / SECOND as f64
}

fn filled<T: Code>(set: Set<T>) -> Option<Set<T>> {
    (!set.is_empty()).then_some(set)
}
