//! Pages built from encoded objects.

use super::reply::{EncodedResponse, page_headers};
use crate::convert::ConversionError;
use crate::json::Cut;

/// A page built from objects that were encoded individually, for example earlier and cached.
///
/// ```
/// use ocpi_types::endpoint::{EncodedPage, Encoding, Page, Reply};
/// use ocpi_types::v2_3_0::locations::GeoLocation;
/// let places: Vec<GeoLocation> = ocpi_types::json::from_str(
///     r#"[{"latitude":"52.09","longitude":"5.12"},{"latitude":"48.85","longitude":"2.35"}]"#,
/// )?;
/// let mut page = EncodedPage::default();
/// page.push(br#"{"latitude":"52.09","longitude":"5.12"}"#);
/// page.push_encoded(&places[1].clone().write(&Encoding::PLAIN)?);
/// let page = page.finish(None, Some(2), Some(100));
/// let whole = Page { total_count: Some(2), limit: Some(100), ..Page::whole(places) };
/// assert_eq!(page, whole.write(&Encoding::PLAIN)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct EncodedPage {
    parts: EncodedResponse,
    data: Vec<u8>,
    /// Objects so far, and how many of them are written.
    seen: usize,
    written: usize,
}

impl Default for EncodedPage {
    fn default() -> Self {
        Self::with_capacity(2)
    }
}

impl EncodedPage {
    /// Creates an empty page, with a capacity in bytes.
    pub fn with_capacity(bytes: usize) -> Self {
        let mut data = Vec::with_capacity(bytes);
        data.push(b'[');
        Self { parts: EncodedResponse::empty(), data, seen: 0, written: 0 }
    }

    /// Adds an encoded object, which must be JSON.
    pub fn push(&mut self, object: &[u8]) {
        if self.written > 0 {
            self.data.push(b',');
        }
        self.data.extend_from_slice(object);
        self.seen += 1;
        self.written += 1;
    }

    /// Adds an encoded object, with its losses and cuts.
    pub fn push_encoded(&mut self, object: &EncodedResponse) {
        let (seen, written) = (self.seen, self.written);
        if !object.ledger.is_empty() {
            self.parts.ledger.element(seen, |ledger| ledger.append(object.ledger.clone()));
        }
        let cuts = object.cuts.iter();
        self.parts
            .cuts
            .extend(cuts.map(|cut| Cut { pointer: format!("/{written}{}", cut.pointer), ..cut.clone() }));
        self.push(object.data.as_deref().unwrap_or(b"null"));
    }

    /// Records an object that the version of the connection cannot express; it is left out.
    pub fn leave_out(&mut self, error: ConversionError) {
        self.parts.left_out.push((self.seen, error));
        self.seen += 1;
    }

    /// Returns the answer, with the URL of the next page, the total number of objects and the page size limit.
    pub fn finish(mut self, next: Option<&str>, total: Option<u64>, limit: Option<u64>) -> EncodedResponse {
        self.data.push(b']');
        self.parts.data = Some(self.data);
        page_headers(&mut self.parts, next, total, limit);
        self.parts
    }
}
