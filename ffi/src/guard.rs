//! The border: what comes from C as pointers becomes references here, and no panic passes.
//!
//! Everything that is done with a caller's pointer is in this file, in `unsafe` functions that say what the pointer has
//! to be. Who calls them hands on what C promises in the header: a pointer is NULL or points to what its type says, for
//! as long as the call lasts, a structure has `struct_size` octets, and nobody else uses the handle meanwhile.

use core::ffi::{CStr, c_char};
use core::mem::{MaybeUninit, size_of};
use core::{ptr, slice};
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::status::{
    FOURWAVE_NOT_UTF8, FOURWAVE_NULL, FOURWAVE_OK, FOURWAVE_PANIC, FOURWAVE_STRUCT_SIZE, fourwave_status,
};

/// What the body of a C function may fail with.
pub(crate) type Checked<T> = Result<T, fourwave_status>;

/// Runs the body of a C function.
pub(crate) fn status(body: impl FnOnce() -> Checked<()>) -> fourwave_status {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => FOURWAVE_OK,
        Ok(Err(status)) => status,
        Err(_) => FOURWAVE_PANIC,
    }
}

/// Runs the body of a C function that returns a plain value, `otherwise` if it cannot.
pub(crate) fn value<T>(otherwise: T, body: impl FnOnce() -> Checked<T>) -> T {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(value)) => value,
        Ok(Err(_)) | Err(_) => otherwise,
    }
}

/// A structure that C fills or reads.
///
/// # Safety
/// `repr(C)`, begins with its own size as a `usize`, and any octets, zeros too, are a valid value of its fields.
pub(crate) unsafe trait Versioned: Copy {
    /// The size it had when it was first published. Fields are added behind it, not into the padding at its end: that
    /// of an older caller holds anything.
    const FIRST_SIZE: usize;
}

/// A handle, to look at.
///
/// # Safety
/// `pointer` is NULL, or a handle that [`give`] made, that is not taken back during `'a`, and that nobody changes
/// meanwhile.
pub(crate) unsafe fn handle<'a, T>(pointer: *const T) -> Checked<&'a T> {
    // SAFETY: NULL or a live handle, which our caller promises.
    unsafe { pointer.as_ref() }.ok_or(FOURWAVE_NULL)
}

/// A handle, to change.
///
/// # Safety
/// `pointer` is NULL, or a handle that [`give`] made, that is not taken back during `'a`, and that nobody else uses
/// meanwhile.
pub(crate) unsafe fn handle_mut<'a, T>(pointer: *mut T) -> Checked<&'a mut T> {
    // SAFETY: NULL or a live handle that is ours alone, which our caller promises.
    unsafe { pointer.as_mut() }.ok_or(FOURWAVE_NULL)
}

/// Gives a new handle to the caller; NULL if none can be made.
///
/// # Safety
/// `out` is NULL, or a pointer can be written there.
pub(crate) unsafe fn give<T>(out: *mut *mut T, make: impl FnOnce() -> Checked<T>) -> Checked<()> {
    if out.is_null() {
        return Err(FOURWAVE_NULL);
    }
    let made = make().map_or_else(
        |status| (ptr::null_mut(), Err(status)),
        |handle| (Box::into_raw(Box::new(handle)), Ok(())),
    );
    // SAFETY: not NULL, so a pointer can be written there, which our caller promises.
    unsafe { out.write(made.0) };
    made.1
}

/// Takes a handle back and drops it.
///
/// # Safety
/// `pointer` is NULL, or a handle that [`give`] made, and that nobody uses now or later.
pub(crate) unsafe fn take_back<T>(pointer: *mut T) {
    if !pointer.is_null() {
        // SAFETY: not NULL, so it is a handle that `give` made of a box, and ours again, which our caller promises.
        let handle = unsafe { Box::from_raw(pointer) };
        value((), || {
            drop(handle);
            Ok(())
        });
    }
}

/// A structure from the caller; what an older caller does not know is zero.
///
/// # Safety
/// `pointer` is NULL, or points to a `usize` and as many octets from there as it says can be read.
pub(crate) unsafe fn read<T: Versioned>(pointer: *const T) -> Checked<T> {
    // SAFETY: what our caller promises.
    let size = unsafe { size_given(pointer) }?;
    let mut value = MaybeUninit::<T>::zeroed();
    // SAFETY: `size` octets can be read, which our caller promises; no more than a `T` holds are copied; any are a
    // value of `T`.
    unsafe {
        ptr::copy_nonoverlapping(
            pointer.cast::<u8>(),
            value.as_mut_ptr().cast::<u8>(),
            size.min(size_of::<T>()),
        );
        Ok(value.assume_init())
    }
}

/// Whether a structure of the caller can be filled; for calls that must not do half of what they do.
///
/// # Safety
/// `pointer` is NULL, or points to a `usize`.
pub(crate) unsafe fn can_fill<T: Versioned>(pointer: *const T) -> Checked<()> {
    // SAFETY: what our caller promises.
    unsafe { size_given(pointer) }.map(drop)
}

/// Fills a structure of the caller as far as the caller knows it; its size stays.
///
/// # Safety
/// `pointer` is NULL, or points to a `usize` and as many octets from there as it says can be written; none of them is
/// in `value`.
pub(crate) unsafe fn fill<T: Versioned>(pointer: *mut T, value: &T) -> Checked<()> {
    // SAFETY: what our caller promises.
    let size = unsafe { size_given(pointer) }?.min(size_of::<T>());
    let after_size = size_of::<usize>();
    // SAFETY: `size` octets can be written there, which our caller promises, and are in `value`; both begin with the
    // size.
    unsafe {
        let source = ptr::from_ref(value).cast::<u8>().add(after_size);
        ptr::copy_nonoverlapping(source, pointer.cast::<u8>().add(after_size), size - after_size);
    }
    Ok(())
}

/// The size that the caller set.
///
/// # Safety
/// `pointer` is NULL, or points to a `usize`.
unsafe fn size_given<T: Versioned>(pointer: *const T) -> Checked<usize> {
    if pointer.is_null() {
        return Err(FOURWAVE_NULL);
    }
    // SAFETY: not NULL, so a `usize` is there, which our caller promises.
    let size = unsafe { pointer.cast::<usize>().read() };
    if size < T::FIRST_SIZE { Err(FOURWAVE_STRUCT_SIZE) } else { Ok(size) }
}

/// Octets of the caller. None are there if `len` is 0.
///
/// # Safety
/// `len` is 0, or `pointer` is NULL, or `len` octets can be read there, which nobody changes during `'a`.
pub(crate) unsafe fn octets<'a>(pointer: *const u8, len: usize) -> Checked<&'a [u8]> {
    match (pointer.is_null(), len) {
        (_, 0) => Ok(&[]),
        (true, _) => Err(FOURWAVE_NULL),
        // SAFETY: not NULL, so `len` octets are there and stay, which our caller promises. No object is larger than
        // an `isize` can say, so `min` changes no honest length.
        (false, len) => Ok(unsafe { slice::from_raw_parts(pointer, len.min(isize::MAX as usize)) }),
    }
}

/// A text of the caller.
///
/// # Safety
/// `pointer` is NULL, or octets can be read there up to a NUL, which nobody changes during `'a`.
pub(crate) unsafe fn text<'a>(pointer: *const c_char) -> Checked<&'a str> {
    if pointer.is_null() {
        return Err(FOURWAVE_NULL);
    }
    // SAFETY: not NULL, so it is a text that ends with a NUL, which our caller promises.
    unsafe { CStr::from_ptr(pointer) }.to_str().map_err(|_| FOURWAVE_NOT_UTF8)
}

/// The size of a structure whose last field stands at `offset` and is what `_last` gives.
pub(crate) const fn size_with<T, Field>(offset: usize, _last: fn(&T) -> &Field) -> usize {
    (offset + size_of::<Field>()).next_multiple_of(align_of::<T>())
}

/// Declares that C knows a structure by its size, and the last field it had when it was first published.
macro_rules! versioned {
    ($name:ident, from $last:ident) => {
        // SAFETY: it is repr(C), begins with `struct_size`, and holds numbers and raw pointers only.
        unsafe impl $crate::guard::Versioned for $name {
            const FIRST_SIZE: usize =
                $crate::guard::size_with(core::mem::offset_of!($name, $last), |it: &$name| &it.$last);
        }
        const _: () = assert!(core::mem::offset_of!($name, struct_size) == 0);
    };
}
pub(crate) use versioned;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::FOURWAVE_NOT_FOUND;
    use crate::{
        fourwave_annotation, fourwave_evidence, fourwave_finding, fourwave_news, fourwave_next,
        fourwave_packet, fourwave_reset, fourwave_segment, fourwave_step, fourwave_summary, fourwave_timer,
    };

    #[test]
    fn a_panic_ends_at_the_border() {
        assert_eq!(status(|| panic!("on purpose")), FOURWAVE_PANIC);
        assert_eq!(value(7, || panic!("on purpose")), 7);

        struct Fragile;
        impl Drop for Fragile {
            fn drop(&mut self) {
                panic!("on purpose");
            }
        }
        let mut handle = ptr::null_mut();
        // SAFETY: a pointer of our own can be written.
        assert_eq!(unsafe { give(&raw mut handle, || Ok(Fragile)) }, Ok(()));
        // SAFETY: `give` made it, and nobody uses it any more.
        unsafe { take_back(handle) };
    }

    #[test]
    fn what_cannot_be_made_is_null() {
        let mut handle = ptr::dangling_mut::<u8>();
        // SAFETY: a pointer of our own can be written.
        let given = unsafe { give(&raw mut handle, || Err(FOURWAVE_NOT_FOUND)) };
        assert_eq!(given, Err(FOURWAVE_NOT_FOUND));
        assert!(handle.is_null());
    }

    /// A structure that has got a field since it was published.
    #[repr(C)]
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    struct Grown {
        struct_size: usize,
        old: [u64; 2],
        new: u64,
    }
    versioned!(Grown, from old);

    const TOLD: Grown = Grown { struct_size: 0, old: [1; 2], new: 2 };

    /// What a caller holds who says a size: there is `u64::MAX` in all fields, in those behind a `Grown` too.
    #[repr(C)]
    struct Held {
        known: Grown,
        behind: u64,
    }

    const fn held(struct_size: usize) -> Held {
        Held { known: Grown { struct_size, old: [u64::MAX; 2], new: u64::MAX }, behind: u64::MAX }
    }

    #[test]
    fn an_older_caller_gets_and_gives_what_it_knows() {
        let mut caller = held(Grown::FIRST_SIZE);
        // SAFETY: a structure of our own, larger than it says.
        assert_eq!(unsafe { fill(&raw mut caller.known, &TOLD) }, Ok(()));
        assert_eq!(caller.known, Grown { struct_size: Grown::FIRST_SIZE, old: [1; 2], new: u64::MAX });
        // SAFETY: the same.
        assert_eq!(unsafe { read(&raw const caller.known) }, Ok(Grown { new: 0, ..caller.known }));
    }

    #[test]
    fn a_newer_caller_gets_and_gives_what_this_library_knows() {
        let mut caller = held(size_of::<Held>());
        // SAFETY: a structure of our own, as large as it says.
        assert_eq!(unsafe { fill((&raw mut caller).cast(), &TOLD) }, Ok(()));
        assert_eq!((caller.known.old, caller.known.new, caller.behind), ([1; 2], 2, u64::MAX));
        // SAFETY: the same.
        assert_eq!(unsafe { read((&raw const caller).cast()) }, Ok(caller.known));
    }

    #[test]
    fn a_caller_who_forgot_the_size_is_told() {
        let mut caller = held(Grown::FIRST_SIZE - 1);
        // SAFETY: a structure of our own, larger than it says.
        assert_eq!(unsafe { fill(&raw mut caller.known, &TOLD) }, Err(FOURWAVE_STRUCT_SIZE));
        // SAFETY: the same.
        assert_eq!(unsafe { read(&raw const caller.known) }, Err(FOURWAVE_STRUCT_SIZE));
        assert_eq!(caller.known.old, [u64::MAX; 2]);
    }

    /// First sizes never change. A structure may outgrow its own, but never shrinks.
    #[test]
    #[cfg(target_pointer_width = "64")]
    fn structures_are_as_large_as_published() {
        const fn sizes<T: Versioned>() -> (usize, usize) {
            (T::FIRST_SIZE, size_of::<T>())
        }
        assert_eq!(sizes::<fourwave_annotation>(), (200, 200));
        assert_eq!(sizes::<fourwave_evidence>(), (24, 24));
        assert_eq!(sizes::<fourwave_finding>(), (32, 32));
        assert_eq!(sizes::<fourwave_news>(), (32, 40));
        assert_eq!(sizes::<fourwave_next>(), (16, 16));
        assert_eq!(sizes::<fourwave_packet>(), (48, 48));
        assert_eq!(sizes::<fourwave_reset>(), (24, 24));
        assert_eq!(sizes::<fourwave_segment>(), (104, 104));
        assert_eq!(sizes::<fourwave_step>(), (24, 24));
        assert_eq!(sizes::<fourwave_summary>(), (344, 344));
        assert_eq!(sizes::<fourwave_timer>(), (40, 40));
    }
}
