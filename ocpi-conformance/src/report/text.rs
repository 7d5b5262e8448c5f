//! The report for people.

use std::fmt::{self, Write as _};

use super::Report;
use crate::check::{CheckOutcome, Checked, Failure};

/// The report for people: breaches first, with request, answer and rule; then the outcomes by module.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "server   {}", self.server)?;
        writeln!(f, "version  {}", self.version.as_deref().unwrap_or("none"))?;
        for (word, title) in [("fail", "FAILED"), ("warn", "WARNED")] {
            let breaches = self.checks.iter().filter(|it| it.outcome.as_str() == word);
            for (number, checked) in breaches.enumerate() {
                if number == 0 {
                    writeln!(f, "\n{title}")?;
                }
                breach(f, checked)?;
            }
        }
        writeln!(f, "\nCHECKS")?;
        let mut modules: Vec<&str> = Vec::new();
        for checked in &self.checks {
            if !modules.contains(&checked.check.module.as_str()) {
                modules.push(&checked.check.module);
            }
        }
        for module in modules {
            writeln!(f, "  {module}")?;
            for checked in self.checks.iter().filter(|it| it.check.module == module) {
                let why = match &checked.outcome {
                    CheckOutcome::Skipped(why) => format!(" ({why})"),
                    _ => String::new(),
                };
                let word = checked.outcome.as_str();
                writeln!(f, "    {word}  {:<44} {}{why}", checked.check.id, checked.check.title)?;
            }
        }
        let [pass, fail, warn, skip] = ["pass", "fail", "warn", "skip"].map(|word| self.count(word));
        writeln!(f, "\n{pass} passed, {fail} failed, {warn} warned, {skip} skipped")
    }
}

fn breach(f: &mut fmt::Formatter<'_>, checked: &Checked) -> fmt::Result {
    let Some(Failure { expected, found, request, answer }) = checked.outcome.failure() else { return Ok(()) };
    writeln!(f, "  {}: {}", checked.check.id, checked.check.title)?;
    writeln!(f, "    expected  {expected}")?;
    writeln!(f, "    found     {found}")?;
    for (name, text) in [("request", request), ("answer", answer)] {
        if let Some(text) = text {
            let mut shown = String::new();
            for (number, line) in text.lines().enumerate() {
                let name = if number == 0 { name } else { "" };
                writeln!(shown, "    {name:<8}  {line}")?;
            }
            f.write_str(&shown)?;
        }
    }
    writeln!(f, "    rule      {}", checked.check.source)
}
