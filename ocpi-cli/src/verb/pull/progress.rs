//! Progress of a pull, on a terminal.

use indicatif::{ProgressBar, ProgressStyle};

use super::Summary;

/// Counts objects on standard error, if that is a terminal.
pub(super) struct Progress(ProgressBar);

impl Progress {
    pub(super) fn new() -> Self {
        // Without a terminal it hides itself.
        let bar = ProgressBar::no_length();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {human_pos} objects {per_sec} {msg}") {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// Shows how many have come, of how many the partner says there are.
    pub(super) fn show(&self, summary: &Summary, total: Option<u64>) {
        self.0.set_position(summary.objects_in_all());
        if let Some(total) = total {
            self.0.set_message(format!("of {total}"));
        }
    }

    pub(super) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
