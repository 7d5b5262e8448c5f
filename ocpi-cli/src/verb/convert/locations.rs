//! Locations from files, for Sessions and CDRs that name them and are to embed them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use ocpi_types::Version;
use ocpi_types::convert::{AnyVersion, Context, Ledger, Lookup, SpecVersion, V2_2_1, kind};
use ocpi_types::protocol::Party;
use ocpi_types::v2_2_1::locations::Location;

use crate::infer::Wanted;
use crate::input::{self, Content, Failure, Source};
use crate::output;

/// Locations by owner and id; case does not matter in either.
#[derive(Default)]
pub(super) struct Locations(BTreeMap<(String, String), Location>);

impl Locations {
    /// Reads files of Locations, of any version. Those that cannot be used are told and left out.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(super) fn read(paths: &[PathBuf], context: &Context<'_>) -> Result<Self, Failure> {
        let mut locations = Self::default();
        for source in input::sources(paths) {
            locations.add_all(&source?, context)?;
        }
        Ok(locations)
    }

    fn add_all(&mut self, source: &Source, context: &Context<'_>) -> Result<(), Failure> {
        let mut content = Content::open(source, |_| {})?;
        let wanted = Wanted::told(Some("location".to_owned()), None);
        let Some(kind) = content.kind(&wanted)? else { return content.end() };
        while let Some(span) = content.next()? {
            let item = span.index.map(|index| format!(" item {index}")).unwrap_or_default();
            match location(&span.text, kind.version(), context) {
                Ok(location) => self.add(location),
                Err(why) => output::mention(&format!("{}{item}: not used: {why}", source.name())),
            }
        }
        content.end()
    }

    fn add(&mut self, location: Location) {
        let owner =
            Party { country_code: location.country_code.clone(), party_id: location.party_id.clone() };
        self.0.insert(key(&owner, location.id.as_str()), location);
    }
}

/// A Location of any version, as 2.2.1 has it.
fn location(text: &str, version: Version, context: &Context<'_>) -> Result<Location, String> {
    let read =
        AnyVersion::<kind::Location>::read(version, text.as_bytes()).map_err(|error| error.to_string())?;
    V2_2_1::of_any(read.value, context, &mut Ledger::new()).map_err(|refused| refused.to_string())
}

fn key(owner: &Party, id: &str) -> (String, String) {
    (owner.canonical(), id.to_ascii_uppercase())
}

impl Lookup for Locations {
    fn location(&self, owner: &Party, id: &str) -> Option<Location> {
        self.0.get(&key(owner, id)).cloned()
    }
}
