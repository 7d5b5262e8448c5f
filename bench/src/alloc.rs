//! An allocator that counts, to measure what reading needs and what it leaves behind.
//!
//! A program that measures names it as its own allocator:
//!
//! ```ignore
//! #[global_allocator]
//! static ALLOCATOR: ocpi_bench::alloc::Counting = ocpi_bench::alloc::Counting;
//! ```
//!
//! Counting takes time, so that programs that measure time should go without.

#![allow(
    unsafe_code,
    reason = "the trait of allocators is unsafe; each call goes on to the system's allocator as it is"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

/// How often memory was asked for since the program began.
static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);
/// Bytes that are in use.
static LIVE: AtomicUsize = AtomicUsize::new(0);
/// The most bytes that were in use since the last measurement began.
static PEAK: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, with a count of what it gives out, in all threads together.
#[derive(Clone, Copy, Debug)]
pub struct Counting;

// SAFETY: every call goes with the same arguments to the system's allocator, which keeps the promises of the trait,
// and its answer is returned. Counting neither allocates nor panics.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the conditions of this very function.
        let place = unsafe { System.alloc(layout) };
        if !place.is_null() {
            count(layout.size());
        }
        place
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the conditions of this very function.
        let place = unsafe { System.alloc_zeroed(layout) };
        if !place.is_null() {
            count(layout.size());
        }
        place
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the conditions of this very function.
        unsafe { System.dealloc(place, layout) };
        LIVE.fetch_sub(layout.size(), Ordering::Relaxed);
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller keeps the conditions of this very function.
        let moved = unsafe { System.realloc(place, layout, size) };
        if !moved.is_null() {
            LIVE.fetch_sub(layout.size(), Ordering::Relaxed);
            count(size);
        }
        moved
    }
}

/// Counts memory that was given out. What grows or shrinks counts as given out anew, without a moment in which
/// both old and new are in use.
fn count(bytes: usize) {
    ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
    let live = LIVE.fetch_add(bytes, Ordering::Relaxed) + bytes;
    PEAK.fetch_max(live, Ordering::Relaxed);
}

/// The memory that something used.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Use {
    /// How often memory was asked for, counting what was made larger or smaller.
    pub allocations: usize,
    /// Bytes that were still in use at the end, the result with them. Zero if it freed more than it kept.
    pub kept_bytes: usize,
    /// The most bytes that were in use at one time.
    pub peak_bytes: usize,
}

/// Runs something and says what memory it used, compared with when it began.
///
/// Other threads are counted too, so only one should be at work. All is zero in a program that does not allocate
/// by [`Counting`].
pub fn measure<T>(run: impl FnOnce() -> T) -> (T, Use) {
    let allocations = ALLOCATIONS.load(Ordering::Relaxed);
    let live = LIVE.load(Ordering::Relaxed);
    PEAK.store(live, Ordering::Relaxed);
    let result = run();
    let used = Use {
        allocations: ALLOCATIONS.load(Ordering::Relaxed) - allocations,
        kept_bytes: LIVE.load(Ordering::Relaxed).saturating_sub(live),
        peak_bytes: PEAK.load(Ordering::Relaxed).saturating_sub(live),
    };
    (result, used)
}
