//! Body of an answer, up to a limit.

use std::io::{self, Write};

use bytes::Bytes;
use flate2::write::MultiGzDecoder;
use http::{HeaderMap, HeaderValue, header};

use crate::{TransportError, TransportErrorKind};

/// Bytes of an answer that do not count for its ratio.
const FREE: usize = 1 << 20;

/// Collects a body as it comes, and unpacks it. Not more than the limit is kept, whatever was announced.
pub(crate) struct BodyReader {
    sink: Sink,
    ratio: usize,
    received: usize,
}

enum Sink {
    Plain(Kept),
    Gzip(Box<MultiGzDecoder<Kept>>),
}

/// The first bytes of a body.
struct Kept {
    bytes: Vec<u8>,
    limit: usize,
    is_over: bool,
}

impl BodyReader {
    /// For the body that a head announces. The headers of an encoding that is undone here are taken out.
    pub(crate) fn new(headers: &mut HeaderMap, limit: usize, ratio: usize) -> Result<Self, TransportError> {
        let announced =
            headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        let announced: usize = announced.unwrap_or(0);
        let is_gzip = match encoding(headers)? {
            Encoding::Plain if announced > limit => return Err(too_large()),
            Encoding::Plain => false,
            Encoding::Gzip => true,
        };
        let bytes = Vec::with_capacity(announced.min(limit).min(FREE));
        let kept = Kept { bytes, limit, is_over: false };
        let sink = if is_gzip {
            headers.remove(header::CONTENT_ENCODING);
            headers.remove(header::CONTENT_LENGTH);
            Sink::Gzip(Box::new(MultiGzDecoder::new(kept)))
        } else {
            Sink::Plain(kept)
        };
        Ok(Self { sink, ratio, received: 0 })
    }

    /// Takes the next bytes.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<(), TransportError> {
        self.received = self.received.saturating_add(bytes.len());
        let written = match &mut self.sink {
            Sink::Plain(kept) => kept.write_all(bytes),
            Sink::Gzip(decoder) => decoder.write_all(bytes),
        };
        self.checked(written)
    }

    /// The whole body.
    pub(crate) fn finish(mut self) -> Result<Bytes, TransportError> {
        if let Sink::Gzip(decoder) = &mut self.sink {
            // An empty body is one whatever its encoding.
            let finished = if self.received == 0 { Ok(()) } else { decoder.try_finish() };
            self.checked(finished)?;
        }
        let kept = match &mut self.sink {
            Sink::Plain(kept) => kept,
            Sink::Gzip(decoder) => decoder.get_mut(),
        };
        Ok(std::mem::take(&mut kept.bytes).into())
    }

    fn checked(&self, done: io::Result<()>) -> Result<(), TransportError> {
        let kept = match &self.sink {
            Sink::Plain(kept) => kept,
            Sink::Gzip(decoder) => decoder.get_ref(),
        };
        let most = self.received.saturating_mul(self.ratio).max(FREE);
        if kept.is_over || matches!(self.sink, Sink::Gzip(_)) && kept.bytes.len() > most {
            return Err(too_large());
        }
        done.map_err(|_| TransportError::new("the answer is no gzip, though it says so"))
    }
}

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len().saturating_add(bytes.len()) > self.limit {
            self.is_over = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

enum Encoding {
    Plain,
    Gzip,
}

/// The encoding that a head announces: one, and one that was asked for.
fn encoding(headers: &HeaderMap) -> Result<Encoding, TransportError> {
    let all = headers.get_all(header::CONTENT_ENCODING).iter().map(|value| value.to_str().unwrap_or("?"));
    let mut found = Encoding::Plain;
    for name in all.flat_map(|value| value.split(',')).map(str::trim) {
        match name.to_ascii_lowercase().as_str() {
            "" | "identity" => {}
            "gzip" | "x-gzip" if matches!(found, Encoding::Plain) => found = Encoding::Gzip,
            _ => return Err(TransportError::new("the answer is encoded in a way that was not asked for")),
        }
    }
    Ok(found)
}

/// Says that gzip is understood, unless the request says what is.
pub(crate) fn says_gzip(headers: &mut HeaderMap) {
    headers.entry(header::ACCEPT_ENCODING).or_insert(HeaderValue::from_static("gzip"));
}

fn too_large() -> TransportError {
    TransportError::new("the answer is larger than the limit").with_kind(TransportErrorKind::TooLarge)
}
