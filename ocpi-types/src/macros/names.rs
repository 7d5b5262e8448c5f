//! Names, keys and masks that the macros work out at compile time.

use crate::Field;
#[doc(hidden)]
pub use crate::key;

/// The name of a member in messages: a raw identifier without its prefix.
pub const fn member_name(identifier: &'static str) -> &'static str {
    match identifier.as_bytes() {
        [b'r', b'#', name @ ..] => match core::str::from_utf8(name) {
            Ok(name) => name,
            Err(_) => identifier,
        },
        _ => identifier,
    }
}

/// The length of `"name":`.
pub const fn key_len(identifier: &'static str) -> usize {
    member_name(identifier).len() + 3
}

/// `"name":`.
pub const fn key_bytes<const N: usize>(identifier: &'static str) -> [u8; N] {
    let mut key = [b'"'; N];
    let name = member_name(identifier).as_bytes();
    let mut i = 0;
    while i < name.len() {
        key[i + 1] = name[i];
        i += 1;
    }
    key[N - 1] = b':';
    key
}

/// The length of `,"name":`.
pub const fn comma_key_len(identifier: &'static str) -> usize {
    key_len(identifier) + 1
}

/// `,"name":`.
pub const fn comma_key_bytes<const N: usize>(identifier: &'static str) -> [u8; N] {
    let mut key = [b','; N];
    let plain: [u8; N] = key_bytes(identifier);
    let mut i = 0;
    while i < N - 2 {
        key[i + 1] = plain[i];
        i += 1;
    }
    key[N - 1] = b':';
    key
}

/// A member's name as it stands in messages, made at compile time by two of the functions above.
#[doc(hidden)]
#[macro_export]
macro_rules! key {
    ($member:ident, $len:ident, $bytes:ident) => {
        const { &$crate::macros::$bytes::<{ $crate::macros::$len(stringify!($member)) }>(stringify!($member)) }
    };
}

/// Counts members: where they are gone through one by one, the compiler makes a jump of it.
#[derive(Debug, Default)]
pub struct Count(usize);

impl Count {
    /// Before the first.
    #[inline(always)]
    pub const fn new() -> Self {
        Self(0)
    }

    /// Goes on to the next member; whether it stands at this place.
    #[inline(always)]
    pub const fn is(&mut self, place: usize) -> bool {
        let is_here = self.0 == place;
        self.0 += 1;
        is_here
    }
}

/// One bit for every required member, in order of declaration.
pub const fn required_mask(fields: &[Field]) -> u64 {
    assert!(fields.len() <= 64, "an object has at most 64 members");
    let mut mask = 0;
    let mut i = 0;
    while i < fields.len() {
        if fields[i].card.is_required() {
            mask |= 1 << i;
        }
        i += 1;
    }
    mask
}

/// The place of a member that the table has.
pub const fn place(fields: &[Field], identifier: &'static str) -> usize {
    let name = member_name(identifier).as_bytes();
    let mut place = 0;
    while !is_same(fields[place].name.as_bytes(), name) {
        place += 1;
    }
    place
}

const fn is_same(one: &[u8], other: &[u8]) -> bool {
    let mut i = 0;
    while i < one.len() && i < other.len() && one[i] == other[i] {
        i += 1;
    }
    i == one.len() && i == other.len()
}

/// The table of a PATCH from that of its object: the same members, none of them required.
pub const fn changes<const N: usize>(whole: &[Field]) -> [Field; N] {
    let mut fields = [whole[0]; N];
    let mut i = 0;
    while i < N {
        fields[i] = whole[i];
        fields[i].card = crate::Cardinality::Optional;
        i += 1;
    }
    fields
}
