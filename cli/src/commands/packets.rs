//! `annotate --format pcapng`: captures with comments on their packets.
//!
//! Files are read twice: first for their comments, then to be copied. So a comment can say what was learnt after its
//! packet, and a finding stands where its evidence is complete. What cannot be read twice is copied as it is read.

use std::fs;
use std::path::Path;

use anyhow::Context;
use fourwave_annotate::{Fields, Hindsight};
use fourwave_dissector::capture::CaptureError;

use super::{Session, Usage, spare_inputs_in};
use crate::archive::Archive;
use crate::args::{AnnotateArgs, Format};
use crate::batch;
use crate::comments::{Collected, Collector, Comments, Stream};
use crate::filter::Filter;
use crate::output::pcapng::{Annotator, LeftOut};
use crate::output::{Output, Styles};
use crate::progress::{Meter, Progress};
use crate::report;
use crate::run::{End, Made, Outcome, Reading};
use crate::stop::Stop;

/// Runs the command.
///
/// # Errors
/// When the arguments do not fit together, or an output cannot be written.
pub fn annotate(args: &AnnotateArgs, stop: &Stop) -> anyhow::Result<End> {
    refuse(&[
        (args.fields.is_some(), "--fields chooses keys of records; --format pcapng holds packets"),
        (
            args.batch.output_dir.is_some(),
            "--output-dir is for records; expected -o DIR with --format pcapng",
        ),
    ])?;
    let (inputs, format, result) = (&args.inputs, args.output.format, &args.output.result);
    let session = Session::new(inputs, &args.engine, format, result, None, Fields::STREAMED, stop)?;
    let is_live = session.archive.is_live();
    refuse(&[
        (
            is_live && session.archive.len() > 1,
            "what can be read once only cannot be annotated with other inputs",
        ),
        (
            is_live && args.hindsight,
            "--hindsight with --format pcapng needs inputs that can be read twice: files",
        ),
        (
            is_live && !args.filter.kind.is_empty(),
            "--kind with --format pcapng needs inputs that can be read twice: files",
        ),
    ])?;
    let job = Job { args, session: &session, destination: Destination::new(&session)? };
    session.sum_up("annotate", |progress| if is_live { job.stream(progress) } else { job.copy(progress) })
}

fn refuse(wrong: &[(bool, &str)]) -> Result<(), Usage> {
    match wrong.iter().find(|(is_wrong, _)| *is_wrong) {
        Some((_, why)) => Err(Usage((*why).to_owned())),
        None => Ok(()),
    }
}

/// Where copies go.
enum Destination<'a> {
    /// There is one, at this path or on standard output.
    One(Option<&'a Path>),
    /// Into a folder, each with the name of its input.
    Folder(&'a Path, Vec<String>),
}

impl<'a> Destination<'a> {
    fn new(session: &Session<'a>) -> anyhow::Result<Self> {
        let Session { archive, path, .. } = session;
        match path {
            Some(path) if path.is_dir() => Self::folder(path, archive),
            Some(path) if archive.len() > 1 => {
                fs::create_dir(path).with_context(|| format!("cannot create {}", path.display()))?;
                Self::folder(path, archive)
            }
            None if archive.len() > 1 => {
                Err(Usage("expected -o DIR for the copies of several inputs".into()).into())
            }
            one => Ok(Self::One(*one)),
        }
    }

    /// The copies in `folder`, if none has the place of something that is still to be read.
    fn folder(folder: &'a Path, archive: &Archive) -> anyhow::Result<Self> {
        let names = batch::output_names(&archive.names, Format::Pcapng.ending());
        spare_inputs_in(folder, archive, &names)?;
        Ok(Self::Folder(folder, names))
    }
}

/// What is to be done.
struct Job<'a> {
    args: &'a AnnotateArgs,
    session: &'a Session<'a>,
    destination: Destination<'a>,
}

impl Job<'_> {
    /// Copies the only input while it is read.
    fn stream(&self, progress: &Progress) -> anyhow::Result<Made> {
        let Session { archive, lang, .. } = self.session;
        let output = self.open(0)?;
        let (filter, files) = (Filter::new(&self.args.filter), archive.names.clone());
        let mut stream = Stream::new(filter, self.args.all, *lang, files, output.clone());
        let outcome = Reading::All(self.session.run(&output, progress)).read(&mut stream);
        Ok(self.session.made(complete(output, stream.annotator()), outcome))
    }

    /// Reads all inputs, then copies each.
    fn copy(&self, progress: &Progress) -> anyhow::Result<Made> {
        // That it cannot be written should be known before hours of work.
        let only = match self.destination {
            Destination::One(_) => Some(self.open(0)?),
            Destination::Folder(..) => None,
        };
        let (collected, Outcome { end, totals, .. }) = self.collect(progress)?;
        Ok(Made { end: self.copy_inputs(collected, only, end), totals })
    }

    /// Copies each input, where the first reading came to this `end`; `only` is opened already.
    fn copy_inputs(
        &self,
        collected: Collected,
        mut only: Option<Output>,
        mut end: End,
    ) -> anyhow::Result<End> {
        for (place, head) in collected.heads.into_iter().enumerate() {
            let output = only.take().map_or_else(|| self.open(place), Ok)?;
            let mut annotator = Annotator::new(head);
            let copied = self.copy_input(place, &mut annotator, &collected.comments, &output);
            if self.session.stop.requested() {
                // A part of a capture should not pass for all of it.
                output.abandon()?;
                let input = &self.session.archive.names[place];
                report::note(&format_args!(
                    "{input}: interrupted before its copy was complete: a part would pass for the whole"
                ));
                return Ok(End::Stopped);
            }
            complete(output, &annotator)?;
            // What was wrong when it was read first was said then, also where it is no damage.
            if let Err(error) = copied
                && end == End::Complete
                && !error.kind.is_truncated()
            {
                report::error(&error);
                end = End::Damaged;
            }
        }
        Ok(end)
    }

    fn collect(&self, progress: &Progress) -> anyhow::Result<(Collected, Outcome)> {
        let Session { archive, lang, .. } = self.session;
        let args = self.args;
        let mut collector = Collector::new(Filter::new(&args.filter), args.all, *lang, archive.names.clone());
        // Only live inputs make an output wait.
        let nowhere = Output::open(None, Styles::Untouched, self.session.stop.clone())?;
        let reading = Reading::All(self.session.run(&nowhere, progress));
        let outcome;
        if args.hindsight {
            let mut hindsight = Hindsight::new(collector, Hindsight::<Collector>::MOST_HELD);
            outcome = reading.read(&mut hindsight);
            collector = hindsight.finish();
        } else {
            outcome = reading.read(&mut collector);
        }
        Ok((collector.finish(), outcome))
    }

    /// Copies the input at `place`, up to damage or a stop.
    fn copy_input(
        &self,
        place: usize,
        annotator: &mut Annotator,
        comments: &Comments,
        output: &Output,
    ) -> Result<(), CaptureError> {
        let Session { archive, stop, .. } = self.session;
        // What is read again counts once.
        let mut reader = archive.open(place, place as u32, output, stop, &Meter::default())?;
        output.fill(|to| {
            annotator.begin(&reader, to);
            Ok(())
        });
        while !stop.requested() {
            match reader.next_piece() {
                Ok(Some(piece)) => output.fill(|to| {
                    let on_it = piece.packet.map(|packet| comments.on(packet.at)).unwrap_or_default();
                    annotator.piece(&piece, &on_it, to);
                    Ok(())
                }),
                Ok(None) => break,
                Err(error) => {
                    annotator.keep_rest(&mut reader.into_rest(), output);
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// Opens the copy of the input at `place`.
    fn open(&self, place: usize) -> anyhow::Result<Output> {
        let stop = self.session.stop.clone();
        match &self.destination {
            Destination::One(path) => Output::open(*path, Styles::Untouched, stop),
            Destination::Folder(folder, names) => {
                Output::open(Some(&folder.join(&names[place])), Styles::Untouched, stop)
            }
        }
    }
}

/// Completes a copy, unless there was nothing to copy, and says what is missing in it.
fn complete(output: Output, annotator: &Annotator) -> anyhow::Result<()> {
    if !annotator.has_begun() {
        return output.abandon();
    }
    let LeftOut { comments, packets } = annotator.left_out();
    if comments > 0 {
        report::note(&format_args!(
            "{comments} comments left out: their packets are in blocks that carry none"
        ));
    }
    if packets > 0 {
        report::note(&format_args!(
            "{packets} packets left out, and kept for --strip: too long for a block of pcapng"
        ));
    }
    output.finish()
}
