//! Names that are nearly those of known members.

use crate::Field;
use crate::standards::distance;

/// The member of an object that is probably meant by a name: the nearest one, by few letters that are missing, too many,
/// wrong or swapped, whatever the case and the signs between words.
pub(super) fn nearest(fields: &[Field], sent: &str) -> Option<&'static str> {
    // No known name is nearly as long; a longer one is not compared.
    const LONGEST: usize = 40;
    let is_extension =
        sent.starts_with(['_', '$', '@']) || matches!(sent.as_bytes(), [b'x' | b'X', b'_' | b'-', ..]);
    let sent = fold(sent);
    if is_extension || sent.len() > LONGEST {
        return None;
    }
    let near = fields.iter().filter_map(|field| {
        let distance = distance(&sent, &fold(field.name), allowed(field.name))?;
        Some((distance, field.name))
    });
    near.min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

/// Whether two names are the same but for case and the signs between words.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    fold(one) == fold(other)
}

fn fold(name: &str) -> String {
    let is_sign = |letter: &char| matches!(letter, '_' | '-' | ' ' | '.');
    name.chars().filter(|letter| !is_sign(letter)).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// Returns the number of letters that may be off.
fn allowed(name: &str) -> usize {
    if name.len() <= 5 { 1 } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::{is_same, nearest};
    use crate::{Object, v2_2_1::tariffs};

    #[test]
    fn names() {
        let component = tariffs::PriceComponent::INFO.fields;
        let limits = tariffs::TariffRestrictions::INFO.fields;
        for (fields, sent, meant) in [
            (component, "stepsize", Some("step_size")),
            (component, "stepSize", Some("step_size")),
            (component, "prices", Some("price")),
            (component, "Vat", Some("vat")),
            (component, "note", None),
            (component, "name", None),
            (component, "tax", None),
            (component, "x_price", None),
            (component, "X-Price", None),
            (component, &"price".repeat(1000), None),
            (limits, "dayOfWeek", Some("day_of_week")),
            (limits, "max_powr", Some("max_power")),
            (limits, "min_vehicle_soc", None),
        ] {
            assert_eq!(nearest(fields, sent), meant, "{sent}");
        }
        assert!(is_same("minPrice", "min_price") && !is_same("min_price", "max_price"));
    }
}
