//! Contenders that the library is measured against, for locations, CDRs and tariffs of both versions.
//!
//! Pages come from the network as bytes, so all read from bytes, except for the one contender that is named after
//! reading from a `str`.

use std::any::Any;
use std::hint::black_box;

use ocpi_kit::transport::Patch;
use ocpi_kit::types::Validate;
use ocpi_kit::{v2_2_1 as kit_2_2_1, v2_3_0 as kit_2_3_0};
use other_ocpi_types::{v2_2_1 as old_2_2_1, v2_3_0 as old_2_3_0};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::plain;

const LOCATIONS: &str = "locations";
const CDRS: &str = "cdrs";
const TARIFFS: &str = "tariffs";
const V2_2_1: &str = "2.2.1";
const V2_3_0: &str = "2.3.0";

/// Something that reads a page of one kind of objects.
#[derive(Clone, Copy, Debug)]
pub struct Contender {
    /// The reader: `plain from_slice`.
    pub name: &'static str,
    /// The objects that are read: `locations`, `cdrs` or `tariffs`.
    pub kind: &'static str,
    /// The version of OCPI: `2.2.1` or `2.3.0`.
    pub version: &'static str,
    /// Reads a page and returns what it read. Panics at what the contender cannot read.
    pub decode: fn(&str) -> Box<dyn Any>,
}

/// Writes a page once.
pub type Encode = Box<dyn Fn() -> Vec<u8>>;

/// Something that writes a page of one kind of objects.
#[derive(Clone, Copy, Debug)]
pub struct Encoder {
    /// The writer: `plain` or `ocpi-kit`.
    pub name: &'static str,
    /// The objects that are written: `locations`, `cdrs` or `tariffs`.
    pub kind: &'static str,
    /// The version of OCPI: `2.2.1` or `2.3.0`.
    pub version: &'static str,
    /// Reads a page, which is not to be measured, and returns what writes it, which is. Panics at what the
    /// contender cannot read.
    pub prepare: fn(&str) -> Encode,
}

/// All that read, grouped by kind and version.
///
/// The types of `ocpi-types` 0.3.0 are there for all six groups and take every conformant page, so that none is
/// left out.
pub fn all() -> Vec<Contender> {
    [
        group::<plain::Location, kit_2_2_1::Location, old_2_2_1::Location>(LOCATIONS, V2_2_1),
        group::<plain::Location, kit_2_3_0::Location, old_2_3_0::Location>(LOCATIONS, V2_3_0),
        group::<plain::v2_2_1::Cdr, kit_2_2_1::Cdr, old_2_2_1::Cdr>(CDRS, V2_2_1),
        group::<plain::v2_3_0::Cdr, kit_2_3_0::Cdr, old_2_3_0::Cdr>(CDRS, V2_3_0),
        group::<plain::v2_2_1::Tariff, kit_2_2_1::Tariff, old_2_2_1::Tariff>(TARIFFS, V2_2_1),
        group::<plain::v2_3_0::Tariff, kit_2_3_0::Tariff, old_2_3_0::Tariff>(TARIFFS, V2_3_0),
    ]
    .concat()
}

/// All that write, grouped by kind and version.
pub fn encoders() -> Vec<Encoder> {
    [
        writers::<plain::Location, kit_2_2_1::Location>(LOCATIONS, V2_2_1),
        writers::<plain::Location, kit_2_3_0::Location>(LOCATIONS, V2_3_0),
        writers::<plain::v2_2_1::Cdr, kit_2_2_1::Cdr>(CDRS, V2_2_1),
        writers::<plain::v2_3_0::Cdr, kit_2_3_0::Cdr>(CDRS, V2_3_0),
        writers::<plain::v2_2_1::Tariff, kit_2_2_1::Tariff>(TARIFFS, V2_2_1),
        writers::<plain::v2_3_0::Tariff, kit_2_3_0::Tariff>(TARIFFS, V2_3_0),
    ]
    .concat()
}

/// Prepares runs that apply a PATCH to a location of 2.2.1 with `ocpi-kit`.
///
/// The location is read beforehand, as one that is stored would be. Each run reads the patch and applies it, which
/// gives a new location and checks it.
///
/// # Panics
/// When the location is none, and in a run when the patch is none or does not fit.
pub fn kit_patch_prepared(location_json: &str, patch_json: &str) -> Box<dyn Fn()> {
    let location: kit_2_2_1::Location = serde_json::from_str(location_json).expect("a location");
    let patch = patch_json.as_bytes().to_vec();
    Box::new(move || {
        let patch: Patch<kit_2_2_1::Location> = serde_json::from_slice(&patch).expect("a patch");
        black_box(patch.apply(&location).expect("the patch fits the location"));
    })
}

fn group<Plain, Kit, Old>(kind: &'static str, version: &'static str) -> Vec<Contender>
where
    Plain: DeserializeOwned + 'static,
    Kit: DeserializeOwned + Validate + 'static,
    Old: DeserializeOwned + 'static,
{
    let readers: [(&'static str, fn(&str) -> Box<dyn Any>); 6] = [
        ("plain from_slice", from_slice::<Vec<Plain>>),
        ("plain from_str", from_str::<Vec<Plain>>),
        ("Value", from_slice::<Value>),
        ("ocpi-kit", from_slice::<Vec<Kit>>),
        ("ocpi-kit + validate", validated::<Kit>),
        ("ocpi-types 0.3.0", from_slice::<Vec<Old>>),
    ];
    readers.map(|(name, decode)| Contender { name, kind, version, decode }).to_vec()
}

fn writers<Plain, Kit>(kind: &'static str, version: &'static str) -> Vec<Encoder>
where
    Plain: DeserializeOwned + Serialize + 'static,
    Kit: DeserializeOwned + Serialize + 'static,
{
    let writers: [(&'static str, fn(&str) -> Encode); 2] =
        [("plain", to_vec::<Plain>), ("ocpi-kit", to_vec::<Kit>)];
    writers.map(|(name, prepare)| Encoder { name, kind, version, prepare }).to_vec()
}

fn from_slice<T: DeserializeOwned + 'static>(page: &str) -> Box<dyn Any> {
    Box::new(serde_json::from_slice::<T>(page.as_bytes()).expect("a page that the contender can read"))
}

fn from_str<T: DeserializeOwned + 'static>(page: &str) -> Box<dyn Any> {
    Box::new(serde_json::from_str::<T>(page).expect("a page that the contender can read"))
}

/// Reads, and then has each object say what in it does not conform; returns the objects and how much that was.
fn validated<T: DeserializeOwned + Validate + 'static>(page: &str) -> Box<dyn Any> {
    let items: Vec<T> = serde_json::from_slice(page.as_bytes()).expect("a page that the contender can read");
    let violations: usize =
        items.iter().map(|item| item.validate().map_or_else(|violations| violations.len(), |()| 0)).sum();
    Box::new((items, violations))
}

fn to_vec<T: DeserializeOwned + Serialize + 'static>(page: &str) -> Encode {
    let items: Vec<T> = serde_json::from_slice(page.as_bytes()).expect("a page that the contender can read");
    Box::new(move || serde_json::to_vec(&items).expect("what was read can be written"))
}
