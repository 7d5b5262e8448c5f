//! Default values for required members that the library does not depend on: an object without them is accepted, with a
//! finding.

use crate::convert::{AnyVersion, Kind, OfKind};
use crate::json::{self, Read};
use crate::{Node, NodeMut, Value, Version, access};

/// Kinds of objects, the ends of the pointers to such members, and what stands in for them.
const STAND_INS: &[(&str, &[(&str, &str)])] = &[
    ("Credentials", &[("/business_details", r#"{"name":"-"}"#), ("/business_details/name", r#""-""#)]),
    // Bookings 1.0 has no such member.
    ("BookingRequest", &[("/booking_location_id", NOT_AVAILABLE)]),
    ("Booking", &[("/booking_location_id", NOT_AVAILABLE)]),
];

/// The specification's own text where there is no value.
const NOT_AVAILABLE: &str = r##""#NA""##;

/// Stand-ins in objects of one kind; `None` if it has none.
fn of_kind(name: &str) -> Option<&'static [(&'static str, &'static str)]> {
    STAND_INS.iter().find(|(kind, _)| *kind == name).map(|(_, members)| *members)
}

/// Reads an object of its own version that lacks nothing else.
pub(super) fn read<T: OfKind>(text: &[u8]) -> Option<Read<T>> {
    of_type(text, of_kind(<T::Kind as Kind>::NAME)?)
}

/// Reads an object of a version that lacks nothing else.
pub(super) fn read_version<K: Kind>(version: Version, text: &[u8]) -> Option<Read<AnyVersion<K>>> {
    fn wrapped<K: Kind, W: Value>(text: &[u8], wrap: fn(W) -> AnyVersion<K>) -> Option<Read<AnyVersion<K>>> {
        let Read { value, findings } = of_type(text, of_kind(K::NAME)?)?;
        Some(Read { value: wrap(value), findings })
    }
    match version {
        Version::V2_1_1 => wrapped(text, AnyVersion::V2_1_1),
        Version::V2_2 | Version::V2_2_1 => wrapped(text, AnyVersion::V2_2_1),
        Version::V2_3_0 => wrapped(text, AnyVersion::V2_3_0),
    }
}

fn of_type<T: Value>(text: &[u8], members: &[(&str, &str)]) -> Option<Read<T>> {
    let mut read = json::read_partial::<T>(text).ok()?;
    fill(read.value.node_mut(), members)?;
    Some(read)
}

/// Puts stand-ins in the places of the members that are missing; `None` if there is none for one of them.
fn fill(node: NodeMut<'_>, members: &[(&str, &str)]) -> Option<()> {
    let NodeMut::Object(object) = node else { return Some(()) };
    let mut missing = Vec::new();
    access::missing(Node::Object(object), &mut String::new(), &mut missing);
    for pointer in missing {
        let (_, stand_in) = members.iter().find(|(end, _)| pointer.ends_with(end))?;
        access::set(object, &pointer, stand_in).ok()?;
    }
    Some(())
}
