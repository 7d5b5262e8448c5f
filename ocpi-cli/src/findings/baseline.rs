//! Findings of an earlier run.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::BufReader;
use std::path::Path;

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};

use super::{About, Entry};
use crate::input::{Failure, Source};

/// The findings of an earlier run, as often as they were there. Kept are hashes of the marks of each finding.
///
/// A finding is the same if file name, rule, pointer and the id of the object are; an object without id is known by its
/// place in the file. So objects may move inside a file, and the file from one folder to another.
#[derive(Debug)]
pub(super) struct Baseline {
    counts: BTreeMap<u64, usize>,
}

/// The JSON output of a verb, or a line of it.
#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    file: Option<String>,
    #[serde(default)]
    item: Option<usize>,
    #[serde(default)]
    id: Option<String>,
    findings: Hashes,
    #[serde(default)]
    not_computable: Vec<String>,
}

impl Baseline {
    /// Reads the JSON output of `check`, `read`, `lint` or `audit`.
    ///
    /// # Errors
    /// When it cannot be read, or is something else.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let source = Source::File(path.to_owned());
        let text = BufReader::new(source.open(|_| {})?);
        let documents = serde_json::Deserializer::from_reader(text).into_iter::<Document>();
        let mut counts = BTreeMap::new();
        for document in documents {
            let document = document.map_err(|error| {
                source.failure(format_args!(
                    "cannot be used as a baseline, as it is not a JSON output of this command: {error}"
                ))
            })?;
            let reasons = document.not_computable.iter().map(|_| {
                let file = document.file.as_deref().unwrap_or_default();
                key(file, document.item, document.id.as_deref(), "", crate::output::NOT_COMPUTABLE.id)
            });
            for hash in document.findings.0.iter().copied().chain(reasons) {
                *counts.entry(hash).or_insert(0) += 1;
            }
        }
        Ok(Self { counts })
    }

    /// Whether a finding was there before. Each of the earlier ones is one of now.
    pub(super) fn has(&mut self, about: &About<'_>, entry: &Entry<'_>) -> bool {
        let of = |id| key(about.file, about.item, id, entry.pointer, entry.rule.id);
        let candidates = [Some(of(about.id)), about.id.map(|_| of(None))];
        for hash in candidates.into_iter().flatten() {
            if let Some(count) = self.counts.get_mut(&hash).filter(|count| **count > 0) {
                *count -= 1;
                return true;
            }
        }
        false
    }
}

/// Hashes the marks that make a finding the same.
fn key(file: &str, item: Option<usize>, id: Option<&str>, pointer: &str, rule: &str) -> u64 {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let mut hasher = DefaultHasher::new();
    // The id says more than the place.
    let item = if id.is_some() { None } else { item };
    (name, item, id, pointer, rule).hash(&mut hasher);
    hasher.finish()
}

/// Findings, of which only the hashes are kept.
struct Hashes(Vec<u64>);

#[derive(Deserialize)]
struct Known {
    file: String,
    item: Option<usize>,
    #[serde(default)]
    id: Option<String>,
    pointer: String,
    rule: String,
}

impl<'de> Deserialize<'de> for Hashes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;

        impl<'de> Visitor<'de> for List {
            type Value = Hashes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of findings")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Hashes, A::Error> {
                let mut hashes = Vec::new();
                while let Some(Known { file, item, id, pointer, rule }) = list.next_element()? {
                    hashes.push(key(&file, item, id.as_deref(), &pointer, &rule));
                }
                Ok(Hashes(hashes))
            }
        }

        deserializer.deserialize_seq(List)
    }
}
