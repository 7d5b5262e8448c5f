//! What an input holds, found out by looking.

use ocpi_types::json::{self, Limits, RawJson, Reader, Stop};
use ocpi_types::transport::{Envelope, StatusCode};

use crate::remark::Remark;

/// The objects in an input.
#[derive(Debug, Default)]
pub(crate) struct Content<'a> {
    pub(crate) items: Vec<Span<'a>>,
    /// What there is to say about the input around its items.
    pub(crate) remarks: Vec<Remark>,
    /// The status of a page, if it is no success.
    pub(crate) refusal: Option<String>,
}

/// The text of one item.
#[derive(Debug)]
pub(crate) struct Span<'a> {
    /// Its place in the array, page or sequence; `None` for an object that stands alone.
    pub(crate) index: Option<usize>,
    pub(crate) text: &'a str,
}

impl<'a> Content<'a> {
    /// Finds the items in a text: an object, an array, a page, or several of these one after another.
    ///
    /// # Errors
    /// When the text is not JSON. In a text with one object per line, a broken line costs that line only.
    pub(crate) fn split(text: &'a [u8]) -> Result<Self, json::Error> {
        let mut reader = Reader::tolerant(text, Limits::trusted())?;
        let values = match values(&mut reader) {
            Ok(values) if !values.is_empty() => values,
            _ => lines(text).map_or_else(|| explain(text), Ok)?,
        };
        let remarks = reader.into_findings().into_iter().map(Remark::from).collect();
        let mut content = Self { remarks, ..Self::default() };
        let alone = values.len() == 1;
        for value in values {
            content.add(value, alone)?;
        }
        Ok(content)
    }

    /// Adds the items of one value: of an array its elements, of a page those of its `data`.
    fn add(&mut self, value: &'a str, alone: bool) -> Result<(), json::Error> {
        let Some(Page { data, rest }) = page(value) else { return self.add_data(value, alone) };
        let envelope = Envelope::read(rest.as_bytes())?;
        self.remarks.extend(envelope.findings.into_iter().map(Remark::from));
        if let Some(status) = envelope.status_code.filter(|status| !status.is_success()) {
            self.refusal = Some(refusal(status, envelope.status_message.as_deref()));
        }
        data.map_or(Ok(()), |data| self.add_data(data, alone))
    }

    fn add_data(&mut self, value: &'a str, alone: bool) -> Result<(), json::Error> {
        if value.starts_with('[') {
            let elements = elements(value).or_else(|_| explain(value.as_bytes()))?;
            elements.into_iter().for_each(|text| self.push(text));
        } else if alone {
            self.items.push(Span { index: None, text: value });
        } else {
            self.push(value);
        }
        Ok(())
    }

    fn push(&mut self, text: &'a str) {
        self.items.push(Span { index: Some(self.items.len()), text });
    }
}

/// The values that stand one after another.
fn values<'a>(r: &mut Reader<'a>) -> Result<Vec<&'a str>, Stop> {
    let mut values = Vec::new();
    r.skip_blanks();
    while r.peek().is_some() {
        values.push(r.raw_value()?);
        r.skip_blanks();
    }
    Ok(values)
}

fn elements(list: &str) -> Result<Vec<&str>, Stop> {
    // Not larger than the text it stands in, which was taken already.
    let Ok(mut r) = Reader::tolerant(list.as_bytes(), Limits::trusted()) else { return Ok(Vec::new()) };
    let mut elements = Vec::new();
    let mut more = r.open_list()?;
    while more {
        elements.push(r.raw_value()?);
        more = r.next_element()?;
    }
    Ok(elements)
}

/// The lines of a text with one object per line, some of them broken; `None` if the text does not look like one.
///
/// Objects spread over several lines have lines that start with something else than a brace.
fn lines(text: &[u8]) -> Option<Vec<&str>> {
    let text = std::str::from_utf8(text).ok()?.trim_start_matches('\u{feff}');
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let whole = lines.iter().filter(|line| line.starts_with('{') && explain(line.as_bytes()).is_ok());
    let looks_so = match whole.count() {
        0 => false,
        some if some * 2 > lines.len() => lines.first().is_some_and(|line| line.starts_with('{')),
        _ => lines.iter().all(|line| line.starts_with('{')),
    };
    (looks_so && lines.len() > 1).then_some(lines)
}

/// Reads a broken text once more, for an error that says where it breaks.
fn explain(text: &[u8]) -> Result<Vec<&str>, json::Error> {
    json::read_within::<RawJson>(text, Limits::trusted()).map(|_| Vec::new())
}

/// An answer with its envelope.
struct Page<'a> {
    /// `None` if absent or null.
    data: Option<&'a str>,
    /// The envelope without `data`: that may be of any size, the envelope may not.
    rest: String,
}

/// The members by which an envelope is known: no object of OCPI has them.
const ENVELOPE: [&str; 2] = ["data", "status_code"];

/// The other members of an envelope.
const REST: [&str; 2] = ["status_message", "timestamp"];

/// The answer that a value is, if it is one. A partner may have added `data` to an object: then other members
/// stand beside it.
fn page(value: &str) -> Option<Page<'_>> {
    if !ENVELOPE.iter().any(|name| value.contains(name)) {
        return None;
    }
    let mut r = Reader::tolerant(value.as_bytes(), Limits::trusted()).ok()?;
    let mut data = None;
    let [mut has_status, mut has_data, mut has_others] = [false; 3];
    let mut rest = Vec::new();
    let mut more = r.open_object().ok()?;
    while more {
        let start = r.offset();
        let name = r.key_text().ok()?;
        let member = r.raw_value().ok()?;
        has_status |= name == "status_code";
        has_others |= !ENVELOPE.contains(&&*name) && !REST.contains(&&*name);
        has_data |= name == "data";
        if name == "data" {
            data = Some(member).filter(|data| *data != "null");
        } else {
            rest.push(value.get(start..r.offset()).unwrap_or_default());
        }
        more = r.next_member().ok()?;
    }
    (has_status || (has_data && !has_others)).then(|| Page { data, rest: format!("{{{}}}", rest.join(",")) })
}

fn refusal(status: StatusCode, message: Option<&str>) -> String {
    message.map_or_else(|| status.to_string(), |message| format!("{status}: {message}"))
}

#[cfg(test)]
mod tests {
    use super::ENVELOPE;
    use crate::kinds::KINDS;

    #[test]
    fn no_object_is_taken_for_an_envelope() {
        for kind in KINDS {
            assert!(kind.info.fields.iter().all(|field| !ENVELOPE.contains(&field.name)), "{}", kind.name());
        }
    }
}
