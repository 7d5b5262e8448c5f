//! Progress of a long run.

use indicatif::{ProgressBar, ProgressStyle};

use crate::input::Source;

/// A bar on a terminal, for files that take a moment.
pub(crate) fn progress(source: &Source) -> ProgressBar {
    const WORTH_IT: u64 = 8 << 20;
    let Some(size) = source.size().filter(|size| *size >= WORTH_IT) else { return ProgressBar::hidden() };
    // Without a terminal it hides itself.
    let bar = ProgressBar::new(size);
    let style = ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes} {bytes_per_sec}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar
}
