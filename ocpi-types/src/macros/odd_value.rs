//! Enum values with a deviating spelling.

use std::borrow::Cow;

use super::names::is_listed;
use crate::EnumInfo;
use crate::json::aliases::known_value;
use crate::json::{Reader, Stop};

/// Reads an enum value whose text is not a listed one: surrounded by blanks, in another spelling, or unknown. `text`
/// began at `at`.
#[cold]
pub fn read_odd_value<'a, T: for<'t> From<&'t str>>(
    value: &mut T,
    info: &EnumInfo,
    text: Cow<'a, str>,
    at: usize,
    r: &mut Reader<'a>,
) -> Result<(), Stop> {
    read_otherwise(&mut |text| *value = T::from(text), info, text, at, r)
}

fn read_otherwise<'a>(
    set: &mut dyn FnMut(&str),
    info: &EnumInfo,
    text: Cow<'a, str>,
    at: usize,
    r: &mut Reader<'a>,
) -> Result<(), Stop> {
    let text = r.unpadded(text, at)?;
    set(&text);
    if is_listed(info, &text) {
        return Ok(());
    }
    let Some((known, rule)) = known_value(info, &text) else { return Ok(()) };
    set(known);
    r.deviates_from(known, rule, at)
}
