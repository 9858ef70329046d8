//! The engine as a handle: packets or headers in, and after each call what it brought, by index.

use core::ffi::c_char;
use core::mem;
use std::borrow::Cow;
use std::ffi::CString;

use fourwave_annotate::Engine;
use fourwave_dissector::{Dissector, Packet, Zone};

use crate::annotation::{fourwave_annotation, fourwave_timer};
use crate::connection::fourwave_connection;
use crate::guard::{
    Checked, Versioned, can_fill, fill, give, handle, handle_mut, read, status, take_back, value,
};
use crate::heard::{Feed, Heard, Look, fourwave_news};
use crate::input::{Unread, fourwave_packet, fourwave_segment};
use crate::options::fourwave_options;
use crate::status::{
    FOURWAVE_FINISHED, FOURWAVE_NOT_FOUND, FOURWAVE_NOT_REMEMBERED, FOURWAVE_PANIC, fourwave_status,
};
use crate::words::c_text;

/// Follows all connections of one capture. Opaque. May be handed from thread to thread, but be used by one at a time.
pub struct fourwave_engine {
    input: Input,
    dissector: Dissector,
    zone: Zone,
    heard: Heard,
    /// Why the last call failed, if it did so for a reason of its input.
    error: Option<CString>,
}

/// Whether more can be taken in.
enum Input {
    Open(Box<Engine>),
    Over,
    /// A fault of ours left the engine half-way through a segment.
    Broken,
}

impl Input {
    const fn engine(&self) -> Option<&Engine> {
        match self {
            Self::Open(engine) => Some(engine),
            Self::Over | Self::Broken => None,
        }
    }
}

const _: () = {
    const fn is_send<T: Send>() {}
    is_send::<fourwave_engine>();
    is_send::<fourwave_connection>();
    is_send::<fourwave_options>();
};

/// A new engine, with options or, if they are NULL, the defaults. Free it with fourwave_engine_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fourwave_engine_new(
    options: *const fourwave_options,
    out: *mut *mut fourwave_engine,
) -> fourwave_status {
    status(|| {
        // SAFETY: the header asks it of the caller.
        let options = unsafe { handle(options) }.ok();
        let zone = options.map(|options| options.zone).unwrap_or_default();
        let settings = options.map(|options| options.engine).unwrap_or_default();
        let remember = options.is_some_and(|options| options.remember);
        let make = || {
            Ok(fourwave_engine {
                input: Input::Open(Box::new(Engine::new(settings))),
                dissector: Dissector::new(zone),
                zone,
                heard: Heard::new(remember),
                error: None,
            })
        };
        // SAFETY: the header asks it of the caller.
        unsafe { give(out, make) }
    })
}

/// Frees an engine. NULL is allowed. What was got from it and has its own free lives on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fourwave_engine_free(engine: *mut fourwave_engine) {
    // SAFETY: the header asks it of the caller.
    unsafe { take_back(engine) };
}

/// Takes in a packet, from its link layer down: follows VLANs, tunnels and IP fragments to its TCP segments. Call in
/// the order of the capture. A packet without TCP is no error: it brings nothing. A segment may show that an earlier one
/// belongs to a new connection: that one is told of again, by fourwave_engine_revised. FOURWAVE_INVALID if the number of
/// the packet or that of its file cannot be; nothing else changes then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fourwave_engine_push_packet(
    engine: *mut fourwave_engine,
    packet: *const fourwave_packet,
    news: *mut fourwave_news,
) -> fourwave_status {
    status(|| {
        // SAFETY: the header asks it of the caller.
        let (it, packet) = unsafe { (begin(engine, news)?, read(packet)?.packet()) };
        let packet = packet.map_err(|unread| it.refuse(&unread))?;
        it.feed(|engine, dissector, heard| {
            dissector.dissect(&packet, &mut Feed { engine, heard });
        })?;
        // SAFETY: the header asks it of the caller.
        unsafe { it.heard.tell(news) }
    })
}

/// Takes in a TCP segment that the caller has found. Call in the order of the capture. It may show that an earlier one
/// belongs to a new connection: that one is told of again, by fourwave_engine_revised. FOURWAVE_BAD_HEADER if the header
/// cannot be read, FOURWAVE_INVALID if address_len, the number of the packet or that of its file cannot be; nothing else
/// changes then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fourwave_engine_push_segment(
    engine: *mut fourwave_engine,
    segment: *const fourwave_segment,
    news: *mut fourwave_news,
) -> fourwave_status {
    status(|| {
        // SAFETY: the header asks it of the caller.
        let (it, segment) = unsafe { (begin(engine, news)?, read(segment)?.segment()) };
        let segment = segment.map_err(|unread| it.refuse(&unread))?;
        it.feed(|engine, _, heard| engine.push(&segment, heard))?;
        // SAFETY: the header asks it of the caller.
        unsafe { it.heard.tell(news) }
    })
}

/// Moves the clock without a packet: what is due at a time (nanoseconds since 1970-01-01 UTC) happens.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fourwave_engine_advance(
    engine: *mut fourwave_engine,
    time_ns: i64,
    news: *mut fourwave_news,
) -> fourwave_status {
    status(|| {
        // SAFETY: the header asks it of the caller.
        let it = unsafe { begin(engine, news) }?;
        it.feed(|engine, _, heard| engine.advance(time_ns, heard))?;
        // SAFETY: the header asks it of the caller.
        unsafe { it.heard.tell(news) }
    })
}

/// Ends the input: every connection that is left ends, by number. After that the engine takes nothing in.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fourwave_engine_finish(
    engine: *mut fourwave_engine,
    news: *mut fourwave_news,
) -> fourwave_status {
    status(|| {
        // SAFETY: the header asks it of the caller.
        let it = unsafe { begin(engine, news) }?;
        let engine = it.take_engine()?;
        engine.finish(&mut it.heard);
        it.input = Input::Over;
        // SAFETY: the header asks it of the caller.
        unsafe { it.heard.tell(news) }
    })
}

/// Looks at a packet again that was pushed before, as often as wanted and in any order: its annotations, corrected by
/// all that came since. For an engine made with "remember".
///
/// The packet must be the same as then; a frame number that was given again stands for the last packet that had it.
/// Segments pushed by fourwave_engine_push_segment are remembered whole and found by frame and file alone: data must
/// be NULL for them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fourwave_engine_look(
    engine: *mut fourwave_engine,
    packet: *const fourwave_packet,
    news: *mut fourwave_news,
) -> fourwave_status {
    status(|| {
        // SAFETY: the header asks it of the caller.
        let it = unsafe { begin(engine, news) }?;
        it.can_be_asked()?;
        // SAFETY: the header asks it of the caller.
        let packet = unsafe { read(packet)?.packet() };
        let packet: Packet<'_> = packet.map_err(|unread| it.refuse(&unread))?;
        let Heard { annotations, recall, .. } = &mut it.heard;
        let recall = recall.as_deref().ok_or(FOURWAVE_NOT_REMEMBERED)?;
        let mut look = Look { engine: it.input.engine(), recall, found: annotations };
        // A dissector without a past: fragments of other packets must not join.
        Dissector::new(it.zone).dissect(&packet, &mut look);
        for segment in recall.scattered(packet.at) {
            look.find(segment);
        }
        // SAFETY: the header asks it of the caller.
        unsafe { it.heard.tell(news) }
    })
}

/// Ends remembering: what an engine made with "remember" has kept is given back, and it keeps no more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fourwave_engine_forget(engine: *mut fourwave_engine) -> fourwave_status {
    status(|| {
        // SAFETY: the header asks it of the caller.
        let it = unsafe { handle_mut(engine) }?;
        it.heard.recall = None;
        Ok(())
    })
}

/// The index-th annotation that the last call brought.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fourwave_engine_annotation(
    engine: *const fourwave_engine,
    index: usize,
    out: *mut fourwave_annotation,
) -> fourwave_status {
    // SAFETY: the header asks it of the caller.
    status(|| unsafe { fill_from(engine, |heard| &heard.annotations, index, out) })
}

/// The index-th annotation that the last call put in place of an earlier one: that of a SYN or SYN-ACK which was said to
/// belong to one connection, and which a later segment shows to have opened the next on the same addresses and ports.
/// Frame, file and layer are those of the earlier one. fourwave_engine_look gives this one, too, from then on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fourwave_engine_revised(
    engine: *const fourwave_engine,
    index: usize,
    out: *mut fourwave_annotation,
) -> fourwave_status {
    // SAFETY: the header asks it of the caller.
    status(|| unsafe { fill_from(engine, |heard| &heard.revised, index, out) })
}

/// The index-th end of a TIME-WAIT that the last call brought.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fourwave_engine_timer(
    engine: *const fourwave_engine,
    index: usize,
    out: *mut fourwave_timer,
) -> fourwave_status {
    // SAFETY: the header asks it of the caller.
    status(|| unsafe { fill_from(engine, |heard| &heard.timers, index, out) })
}

/// The index-th connection that ended in the last call. A handle of its own: free it with fourwave_connection_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fourwave_engine_ended(
    engine: *const fourwave_engine,
    index: usize,
    out: *mut *mut fourwave_connection,
) -> fourwave_status {
    status(|| {
        // SAFETY: the header asks it of the caller.
        let it = unsafe { handle(engine) }?;
        let make = || {
            let connection = it.heard.ended.get(index).ok_or(FOURWAVE_NOT_FOUND)?;
            Ok(fourwave_connection::new(connection.clone(), true))
        };
        // SAFETY: the header asks it of the caller.
        unsafe { give(out, make) }
    })
}

/// A connection by its number, as far as it is known: its end, or what that would be if the input ended now. Any for an
/// engine made with "remember"; otherwise one of which the last call brought an annotation. A handle of its
/// own: free it with fourwave_connection_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fourwave_engine_connection(
    engine: *const fourwave_engine,
    number: u64,
    out: *mut *mut fourwave_connection,
) -> fourwave_status {
    status(|| {
        // SAFETY: the header asks it of the caller.
        let it = unsafe { handle(engine) }?;
        it.can_be_asked()?;
        let make = || {
            let connection = it.heard.connection(number, it.input.engine())?;
            let is_settled = matches!(connection, Cow::Borrowed(_));
            Ok(fourwave_connection::new(connection.into_owned(), is_settled))
        };
        // SAFETY: the header asks it of the caller.
        unsafe { give(out, make) }
    })
}

/// How many connections the engine follows at the moment.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fourwave_engine_tracked(engine: *const fourwave_engine) -> usize {
    value(0, || {
        // SAFETY: the header asks it of the caller.
        let it = unsafe { handle(engine) }?;
        Ok(it.input.engine().map_or(0, Engine::tracked))
    })
}

/// Why the last call that takes fourwave_news failed with FOURWAVE_BAD_HEADER or FOURWAVE_INVALID, in English. Belongs
/// to the engine, until the next such call with it. Empty if it did not fail so.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fourwave_engine_error(engine: *const fourwave_engine) -> *const c_char {
    value(c"".as_ptr(), || {
        // SAFETY: the header asks it of the caller.
        let it = unsafe { handle(engine) }?;
        Ok(it.error.as_deref().unwrap_or_default().as_ptr())
    })
}

impl fourwave_engine {
    /// Lets the engine take something in. If it does not come back, it is given up.
    fn feed(&mut self, feed: impl FnOnce(&mut Engine, &mut Dissector, &mut Heard)) -> Checked<()> {
        let mut engine = self.take_engine()?;
        feed(&mut engine, &mut self.dissector, &mut self.heard);
        self.input = Input::Open(engine);
        Ok(())
    }

    /// Keeps why an input was not taken in, and gives the status of that.
    fn refuse(&mut self, unread: &Unread) -> fourwave_status {
        self.error = Some(c_text(&unread.why));
        unread.status
    }

    /// What a fault left half-written is not shown.
    const fn can_be_asked(&self) -> Checked<()> {
        match self.input {
            Input::Open(_) | Input::Over => Ok(()),
            Input::Broken => Err(FOURWAVE_PANIC),
        }
    }

    fn take_engine(&mut self) -> Checked<Box<Engine>> {
        match mem::replace(&mut self.input, Input::Broken) {
            Input::Open(engine) => Ok(engine),
            Input::Over => {
                self.input = Input::Over;
                Err(FOURWAVE_FINISHED)
            }
            Input::Broken => Err(FOURWAVE_PANIC),
        }
    }
}

/// Fills `out` with the index-th of what the last call brought `of` a kind.
///
/// # Safety
/// Those of [`handle`], for `engine`, and of [`fill`], for `out`.
unsafe fn fill_from<T: Versioned>(
    engine: *const fourwave_engine,
    of: impl FnOnce(&Heard) -> &[T],
    index: usize,
    out: *mut T,
) -> Checked<()> {
    // SAFETY: what our caller promises.
    let it = unsafe { handle(engine) }?;
    let one = of(&it.heard).get(index).ok_or(FOURWAVE_NOT_FOUND)?;
    // SAFETY: the same.
    unsafe { fill(out, one) }
}

/// The engine at the beginning of a call that brings news. What the call cannot tell it must not do either, so the
/// place for the news is looked at first.
///
/// # Safety
/// Those of [`handle_mut`], for `engine`, and of [`can_fill`], for `news`.
unsafe fn begin<'a>(
    engine: *mut fourwave_engine,
    news: *mut fourwave_news,
) -> Checked<&'a mut fourwave_engine> {
    // SAFETY: what our caller promises.
    let it = unsafe { handle_mut(engine) }?;
    it.heard.clear(news);
    it.error = None;
    if !news.is_null() {
        // SAFETY: the same.
        unsafe { can_fill(news) }?;
    }
    Ok(it)
}
