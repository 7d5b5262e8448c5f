//! Names and masks that the macros compute at compile time.

use std::fmt;

#[doc(hidden)]
pub use crate::member_name;
use crate::{EnumInfo, Field};

/// The name of a member in messages, as a literal: a raw identifier without its prefix.
#[doc(hidden)]
#[macro_export]
macro_rules! member_name {
    (r#as) => {
        "as"
    };
    (r#break) => {
        "break"
    };
    (r#const) => {
        "const"
    };
    (r#continue) => {
        "continue"
    };
    (r#dyn) => {
        "dyn"
    };
    (r#else) => {
        "else"
    };
    (r#enum) => {
        "enum"
    };
    (r#extern) => {
        "extern"
    };
    (r#fn) => {
        "fn"
    };
    (r#for) => {
        "for"
    };
    (r#if) => {
        "if"
    };
    (r#impl) => {
        "impl"
    };
    (r#in) => {
        "in"
    };
    (r#let) => {
        "let"
    };
    (r#loop) => {
        "loop"
    };
    (r#match) => {
        "match"
    };
    (r#mod) => {
        "mod"
    };
    (r#move) => {
        "move"
    };
    (r#mut) => {
        "mut"
    };
    (r#pub) => {
        "pub"
    };
    (r#ref) => {
        "ref"
    };
    (r#return) => {
        "return"
    };
    (r#static) => {
        "static"
    };
    (r#struct) => {
        "struct"
    };
    (r#trait) => {
        "trait"
    };
    (r#type) => {
        "type"
    };
    (r#unsafe) => {
        "unsafe"
    };
    (r#use) => {
        "use"
    };
    (r#where) => {
        "where"
    };
    (r#while) => {
        "while"
    };
    (r#async) => {
        "async"
    };
    (r#await) => {
        "await"
    };
    (r#true) => {
        "true"
    };
    (r#false) => {
        "false"
    };
    (r#abstract) => {
        "abstract"
    };
    (r#become) => {
        "become"
    };
    (r#box) => {
        "box"
    };
    (r#do) => {
        "do"
    };
    (r#final) => {
        "final"
    };
    (r#gen) => {
        "gen"
    };
    (r#macro) => {
        "macro"
    };
    (r#override) => {
        "override"
    };
    (r#priv) => {
        "priv"
    };
    (r#try) => {
        "try"
    };
    (r#typeof) => {
        "typeof"
    };
    (r#unsized) => {
        "unsized"
    };
    (r#virtual) => {
        "virtual"
    };
    (r#yield) => {
        "yield"
    };
    ($member:ident) => {
        stringify!($member)
    };
}

/// Counter of members, whose comparisons the compiler turns into a jump table.
#[derive(Debug, Default)]
pub struct Count(usize);

impl Count {
    /// Starts before the first member.
    #[inline(always)]
    pub const fn new() -> Self {
        Self(0)
    }

    /// Advances to the next member; returns whether it is at this place.
    #[inline(always)]
    pub const fn is(&mut self, place: usize) -> bool {
        let is_here = self.0 == place;
        self.0 += 1;
        is_here
    }
}

/// Returns the mask of required members, one bit for each, in order of declaration.
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

/// Returns the place of a member of the table.
pub const fn place(fields: &[Field], name: &'static str) -> usize {
    let mut place = 0;
    while !is_same(fields[place].name.as_bytes(), name.as_bytes()) {
        place += 1;
    }
    place
}

/// Whether the specification lists a value of an enum, in some version.
pub(crate) const fn is_listed(info: &EnumInfo, text: &str) -> bool {
    let mut place = 0;
    while place < info.values.len() {
        if is_same(info.values[place].0.as_bytes(), text.as_bytes()) {
            return true;
        }
        place += 1;
    }
    false
}

/// Whether a text can be a module id in URLs and in names of collections: letters, digits, `-`, `_` and `.`.
pub const fn is_module_id(text: &str) -> bool {
    let text = text.as_bytes();
    let mut place = 0;
    while place < text.len() {
        if !(text[place].is_ascii_alphanumeric() || matches!(text[place], b'-' | b'_' | b'.')) {
            return false;
        }
        place += 1;
    }
    !text.is_empty() && text[0].is_ascii_alphanumeric()
}

const fn is_same(one: &[u8], other: &[u8]) -> bool {
    let mut i = 0;
    while i < one.len() && i < other.len() && one[i] == other[i] {
        i += 1;
    }
    i == one.len() && i == other.len()
}

/// Returns the table of a PATCH: the members of its object, none of them required.
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

/// Formats an enum value as a derived `Debug` does: the variant's name, or `Custom` with the text.
#[doc(hidden)]
pub fn debug_value(f: &mut fmt::Formatter<'_>, info: &EnumInfo, names: &[&str], text: &str) -> fmt::Result {
    match info.values.iter().zip(names).find(|((value, _), _)| *value == text) {
        Some((_, name)) => f.write_str(name),
        None => f.debug_tuple("Custom").field(&text).finish(),
    }
}

/// Returns the facts of an enum whose values need no escapes.
#[doc(hidden)]
pub const fn plain_values(info: EnumInfo) -> EnumInfo {
    let mut value = 0;
    while value < info.values.len() {
        let text = info.values[value].0.as_bytes();
        let mut at = 0;
        while at < text.len() {
            assert!(
                text[at] >= b' ' && text[at] != b'"' && text[at] != b'\\',
                "a value of an enum holds a quotation mark, a backslash or a control character"
            );
            at += 1;
        }
        value += 1;
    }
    info
}
