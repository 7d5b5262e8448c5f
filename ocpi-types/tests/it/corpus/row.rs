//! Parser of a row of the corpus: a file of cases, in the format that `corpus/README.md` describes.

use std::collections::BTreeSet;
use std::ops::Range;

const SENT: &str = "---- sent";
const ENCODED: &str = "---- sent, percent-encoded";
const OUTCOME: &str = "---- outcome";

/// A case of a row.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Case {
    /// Number of its heading's line, from 1.
    pub(super) line: usize,
    pub(super) version: String,
    pub(super) object: String,
    pub(super) name: String,
    pub(super) sent: Vec<u8>,
    /// Bytes of the row that hold the expected outcome.
    pub(super) outcome: Range<usize>,
}

/// Parses a row. An error names the line.
pub(super) fn parse(text: &str) -> Result<Vec<Case>, String> {
    let mut lines = Lines { text, next: 0, number: 0 };
    let mut names = BTreeSet::new();
    let mut cases = Vec::new();
    lines.title();
    while lines.peek().is_some() {
        let case = case(&mut lines)?;
        if !names.insert((case.version.clone(), case.object.clone(), case.name.clone())) {
            return Err(format!("line {}: a case before it has the same heading", case.line));
        }
        cases.push(case);
    }
    if cases.is_empty() { Err("it has no case".to_owned()) } else { Ok(cases) }
}

/// Writes the outcomes of the cases, in their order, into a row. The rest stays as it is.
pub(super) fn bless(text: &str, cases: &[Case], outcomes: &[String]) -> String {
    let (mut blessed, mut from) = (String::new(), 0);
    for (case, outcome) in cases.iter().zip(outcomes) {
        blessed += &text[from..case.outcome.start];
        blessed += outcome;
        from = case.outcome.end;
    }
    blessed + &text[from..]
}

fn case(lines: &mut Lines<'_>) -> Result<Case, String> {
    let words: Vec<&str> = lines.skip().trim_end().split(' ').collect();
    let line = lines.number;
    let ["====", version, object, name] = words[..] else {
        return Err(format!("line {line}: a case begins with `==== <version> <object> <name>`"));
    };
    if lines.until(&[SENT, ENCODED])?.trim().is_empty() {
        return Err(format!("line {line}: the case does not say what it shows"));
    }
    let is_encoded = lines.skip().trim_end() == ENCODED;
    let first = lines.number + 1;
    let sent = lines.until(&[OUTCOME])?;
    // The last line feed belongs to the separator.
    let sent = sent.strip_suffix('\n').unwrap_or(sent);
    let sent = if is_encoded { decode(sent, first)? } else { plain(sent, first)? };
    lines.skip();
    Ok(Case {
        line,
        version: version.to_owned(),
        object: object.to_owned(),
        name: name.to_owned(),
        sent,
        outcome: lines.outcome(),
    })
}

/// A text that stands in the row as it was sent: it has nothing that editors hide or change.
fn plain(sent: &str, first: usize) -> Result<Vec<u8>, String> {
    for (line, number) in sent.split('\n').zip(first..) {
        if line.ends_with(' ') || line.contains(|c: char| c.is_control() || c == '\u{feff}') {
            return Err(format!(
                "line {number}: a blank at the end or a control character; write `{ENCODED}` above, and it as %XX"
            ));
        }
    }
    Ok(sent.as_bytes().to_vec())
}

fn decode(sent: &str, first: usize) -> Result<Vec<u8>, String> {
    let mut parts = sent.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let byte = part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let Some(byte) = byte else {
            let line = first + bytes.iter().filter(|byte| **byte == b'\n').count();
            return Err(format!("line {line}: two hexadecimal digits follow %; % itself is %25"));
        };
        bytes.push(byte);
        bytes.extend(&part.as_bytes()[2..]);
    }
    Ok(bytes)
}

/// Lines of a row, each with its line feed.
struct Lines<'a> {
    text: &'a str,
    next: usize,
    number: usize,
}

impl<'a> Lines<'a> {
    fn peek(&self) -> Option<&'a str> {
        self.text[self.next..].split_inclusive('\n').next()
    }

    fn skip(&mut self) -> &'a str {
        let line = self.peek().unwrap_or_default();
        self.next += line.len();
        self.number += 1;
        line
    }

    fn wrong(&self, why: &str) -> String {
        format!("line {}: {why}", self.number + 1)
    }

    /// Lines before one of the separators.
    fn until(&mut self, separators: &[&str]) -> Result<&'a str, String> {
        let from = self.next;
        loop {
            match self.peek() {
                Some(line) if separators.contains(&line.trim_end()) => return Ok(&self.text[from..self.next]),
                Some(line) if !line.starts_with("----") && !line.starts_with("====") => self.skip(),
                _ => return Err(self.wrong(&format!("`{}` is due", separators[0]))),
            };
        }
    }

    /// Skips the lines before the first case.
    fn title(&mut self) {
        while self.peek().is_some_and(|line| !line.starts_with("====")) {
            self.skip();
        }
    }

    /// Place of the lines that are of an outcome, without the blank ones behind them, which are skipped too.
    fn outcome(&mut self) -> Range<usize> {
        let from = self.next;
        let mut to = from;
        while let Some(line) = self.peek() {
            let is_blank = line.trim().is_empty();
            if !is_blank
                && !["document", "item ", "  ", "failed "].iter().any(|start| line.starts_with(start))
            {
                break;
            }
            self.skip();
            if !is_blank {
                to = self.next;
            }
        }
        from..to
    }
}

const ROW: &str = "D0: samples\n\n==== 2.2.1 evse one\nit shows one\n---- sent\n{}\n---- outcome\n\n\
    ==== 2.2.1 evse two\nit shows\ntwo\n---- sent, percent-encoded\n%EF{%25\n\n---- outcome\nfailed a\n";

#[test]
fn a_row_holds_cases() {
    let cases = parse(ROW).expect("a row");
    let sent: Vec<_> = cases.iter().map(|case| (case.line, &*case.name, &*case.sent)).collect();
    assert_eq!(sent, [(3, "one", &b"{}"[..]), (9, "two", &b"\xEF{%\n"[..])]);
    assert_eq!(&ROW[cases[1].outcome.clone()], "failed a\n");
}

#[test]
fn blessing_changes_outcomes_only() {
    let cases = parse(ROW).expect("a row");
    let blessed = bless(ROW, &cases, &["item 0 clean\n".to_owned(), String::new()]);
    let expected = ROW.replace("{}\n---- outcome\n", "{}\n---- outcome\nitem 0 clean\n");
    assert_eq!(blessed, expected.replace("failed a\n", ""));
}

#[test]
fn errors_name_the_line() {
    for (from, to, error) in [
        (
            "==== 2.2.1 evse one",
            "==== 2.2.1 evse",
            "line 3: a case begins with `==== <version> <object> <name>`",
        ),
        ("evse two", "evse one", "line 9: a case before it has the same heading"),
        ("it shows one\n", "", "line 3: the case does not say what it shows"),
        ("---- sent\n", "", "line 6: `---- sent` is due"),
        ("---- outcome\n\n", "\n", "line 8: `---- outcome` is due"),
        ("%25", "%2", "line 13: two hexadecimal digits follow %; % itself is %25"),
        (
            "{}",
            "{} ",
            "line 6: a blank at the end or a control character; write `---- sent, percent-encoded` above, \
             and it as %XX",
        ),
    ] {
        assert_eq!(parse(&ROW.replacen(from, to, 1)), Err(error.to_owned()));
    }
    assert_eq!(parse("D0: none\n"), Err("it has no case".to_owned()));
}
