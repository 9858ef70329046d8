//! A series that is to be read, or what is left of it after a checkpoint: from where, and with what knowledge.

use std::sync::Arc;

use fourwave_annotate::Engine;
use fourwave_dissector::Dissector;

use crate::archive::{Archive, Order};
use crate::args::EngineArgs;
use crate::follow::Keep;

/// What is left of a series.
pub struct Stretch<'a, 'o> {
    /// The place of the file to read first; none if nothing is left.
    pub next: Option<usize>,
    /// The last of its frames that were read before: they are passed over.
    pub read_to: u64,
    /// Which file follows.
    pub order: &'o mut Order<'a>,
    /// Some of its files were read before.
    pub is_begun: bool,
    /// What reading remembers.
    pub dissector: Dissector,
    /// What is known of connections, if something is.
    pub engine: Option<Engine>,
    /// The numbers of its files.
    pub numbers: Numbers,
    /// Who keeps what is needed to go on, if somebody does.
    pub keeper: Option<&'o mut (dyn Keep + Send + 'o)>,
}

/// The numbers of files, which frames carry: their places, unless places have changed while a series was read.
#[derive(Clone, Debug)]
pub struct Numbers {
    /// The files by their numbers.
    pub names: Arc<[String]>,
    /// What has to be added to a place.
    pub shift: i64,
}

impl<'a, 'o> Stretch<'a, 'o> {
    /// All of the series that begins at the place `first`.
    #[must_use]
    pub fn from_start(
        archive: &Archive,
        engine: &EngineArgs,
        first: usize,
        order: &'o mut Order<'a>,
    ) -> Self {
        Self {
            next: Some(first),
            read_to: 0,
            order,
            is_begun: false,
            dissector: Dissector::new(engine.zone()),
            engine: None,
            numbers: Numbers { names: archive.names.clone(), shift: 0 },
            keeper: None,
        }
    }
}

impl Numbers {
    /// The number of the file at `place`.
    #[must_use]
    pub const fn of(&self, place: usize) -> u32 {
        (place as i64 + self.shift) as u32
    }
}
