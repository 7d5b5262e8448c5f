//! Locations and Tariffs with which the sandbox begins.

use ocpi_types::endpoint::RootResource;
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::bookings::BookingLocation;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::{CiString, Object, json};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{Error, city};

/// Number of Locations of a city when nobody says otherwise.
const LOCATIONS: usize = 40;

/// Locations and Tariffs with which the sandbox begins.
///
/// ```
/// use ocpi_sandbox::Seed;
/// use ocpi_types::protocol::Party;
/// let party = Party::new("NL", "ALF")?;
/// let city = Seed::city(1, Some(5), &party)?;
/// assert_eq!((city.locations.len(), city.tariffs.len()), (5, 6));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Seed {
    /// The Locations.
    pub locations: Vec<Location>,
    /// The Tariffs to which their Connectors refer.
    pub tariffs: Vec<Tariff>,
    /// Booking locations. Without any, the sandbox offers Locations that can be reserved.
    pub booking_locations: Vec<BookingLocation>,
}

/// A file with all of them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<'a> {
    #[serde(borrow, default)]
    locations: Option<&'a RawValue>,
    #[serde(borrow, default)]
    tariffs: Option<&'a RawValue>,
    #[serde(borrow, default)]
    booking_locations: Option<&'a RawValue>,
}

impl Seed {
    /// A made-up city that follows from a number; 40 Locations, if nobody says otherwise.
    ///
    /// # Errors
    /// When the party is none that OCPI takes.
    pub fn city(number: u64, locations: Option<usize>, party: &Party) -> Result<Self, Error> {
        let (country_code, party_id) = (party.country_code.as_str(), party.party_id.as_str());
        let party = city::Party { country_code, party_id };
        let city = city::build(number, locations.unwrap_or(LOCATIONS), &party).map_err(Error::id)?;
        Ok(Self { locations: city.locations, tariffs: city.tariffs, booking_locations: Vec::new() })
    }

    /// Reads JSON of 2.3.0: `{"locations": […], "tariffs": […], "booking_locations": […]}`, or an array of Locations. All belong
    /// to `party` afterwards.
    ///
    /// # Errors
    /// When it cannot be read, or holds no Location that is whole. `name` is the file in messages.
    pub fn read(name: &str, bytes: &[u8], party: &Party) -> Result<Self, Error> {
        let is_array = bytes.trim_ascii_start().first() == Some(&b'[');
        let file = serde_json::from_slice::<File<'_>>(bytes).ok().filter(|_| !is_array);
        let is_whole = file.is_some();
        let (locations, tariffs, offers) = match file {
            Some(file) => (file.locations, file.tariffs, file.booking_locations),
            None => (None, None, None),
        };
        let locations = if is_whole { locations.map(RawValue::get) } else { std::str::from_utf8(bytes).ok() };
        let mut locations: Vec<Location> = list(name, "locations", locations)?;
        let mut tariffs: Vec<Tariff> = list(name, "tariffs", tariffs.map(RawValue::get))?;
        let mut booking_locations: Vec<BookingLocation> =
            list(name, "booking_locations", offers.map(RawValue::get))?;
        if locations.is_empty() {
            return Err(Error::input(name, "it holds no Locations: `--seed city` makes some up"));
        }
        for location in &mut locations {
            (location.country_code, location.party_id) = (party.country_code.clone(), party.party_id.clone());
        }
        for tariff in &mut tariffs {
            (tariff.country_code, tariff.party_id) = (party.country_code.clone(), party.party_id.clone());
        }
        for offer in &mut booking_locations {
            (offer.country_code, offer.party_id) = (party.country_code.clone(), party.party_id.clone());
        }
        Ok(Self { locations, tariffs, booking_locations })
    }

    /// The number of Connectors that name none of the Tariffs: nothing is charged there.
    pub fn without_tariff(&self) -> usize {
        let connectors =
            self.locations.iter().flat_map(|it| &it.evses).flat_map(|evse| evse.connectors.iter());
        let has = |id: &CiString<36>| self.tariffs.iter().any(|tariff| tariff.id == *id);
        connectors.filter(|connector| !connector.tariff_ids.iter().any(has)).count()
    }
}

fn list<T: RootResource + Object>(name: &str, member: &str, text: Option<&str>) -> Result<Vec<T>, Error> {
    let Some(text) = text else { return Ok(Vec::new()) };
    let list = json::read_document::<T>(text.as_bytes());
    let list = list.map_err(|error| Error::input(name, format!("`{member}`: {error}")))?.list;
    let bad = list.rejected.len() + list.partial.len();
    if bad > 0 {
        let finding = list.findings.iter().find(|finding| finding.is_error());
        let why = finding.map_or_else(|| "they cannot be read".to_owned(), ToString::to_string);
        let why = format!(
            "`{member}`: {bad} of its objects are none of OCPI 2.3.0: {why}. `ocpi convert --to 2.3.0` converts those of other versions"
        );
        return Err(Error::input(name, why));
    }
    Ok(list.items)
}
