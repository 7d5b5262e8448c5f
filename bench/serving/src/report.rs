//! Text of the results.

use std::fmt::Write;

/// The results: goals first, then what was measured.
pub struct Report {
    head: String,
    notes: String,
    goals: String,
    details: String,
}

impl Report {
    /// An empty report.
    pub fn new(documents: u64) -> Self {
        let seconds = std::time::UNIX_EPOCH.elapsed().map_or(0, |time| time.as_secs());
        let now = i64::try_from(seconds).ok().and_then(ocpi_types::DateTime::from_unix).expect("a date");
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        let head = format!(
            "# What serving costs\n\n\
             Written by `just bench-serving`: {:.10}, {cores} cores, load {} at the beginning, {} at the end; the full\n\
             list has {documents} documents. Figures are medians of alternating rounds. The machine has other work, so goals for pages,\n\
             for the feed and for the CPU of a PATCH are compared with CPU time: that of the whole process, all its threads\n\
             included, and of the processes of the database, if it is on this machine. Other times are those of the clock.\n",
            now.to_string(),
            load(),
            "{end}"
        );
        Self { head, notes: String::new(), goals: String::new(), details: String::new() }
    }

    /// Adds a sentence at the beginning.
    pub fn note(&mut self, text: &str) {
        let _ = write!(self.notes, "\n{text}\n");
    }

    /// Adds a goal, and whether it was met.
    pub fn goal(&mut self, what: &str, goal: &str, measured: &str, is_met: bool) {
        let verdict = if is_met { "yes" } else { "**no**" };
        let row = format!("| {what} | {goal} | {measured} | {verdict} |\n");
        eprint!("{row}");
        self.goals += &row;
    }

    /// Adds a heading, and the head of a table.
    pub fn table(&mut self, heading: &str, text: &str, columns: &[&str]) {
        let _ = write!(self.details, "\n## {heading}\n\n");
        if !text.is_empty() {
            let _ = write!(self.details, "{text}\n\n");
        }
        let lines = format!("|---|{}\n", "--:|".repeat(columns.len() - 1));
        let _ = write!(self.details, "| {} |\n{lines}", columns.join(" | "));
    }

    /// Adds a row of a table.
    pub fn row(&mut self, cells: &[String]) {
        let row = format!("| {} |\n", cells.join(" | "));
        eprint!("{row}");
        self.details += &row;
    }

    /// Adds a sentence below a table.
    pub fn remark(&mut self, text: &str) {
        let _ = write!(self.details, "\n{text}\n");
    }

    /// Returns the whole text.
    pub fn finish(self) -> String {
        let Self { head, notes, goals, details } = self;
        let head = head.replace("{end}", &load());
        format!("{head}{notes}\n| what | goal | measured | met |\n|---|---|---|---|\n{goals}{details}")
    }
}

/// Work that waits for a processor.
fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or("unknown").to_owned()
}
