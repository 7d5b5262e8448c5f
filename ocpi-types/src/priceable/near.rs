//! Names that are nearly those of known members.

use crate::Field;

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
    let distances = fields.iter().map(|field| (distance(&fold(field.name), &sent), field.name));
    let near = distances.filter(|(distance, name)| *distance <= allowed(name));
    near.min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

/// Whether two names are the same but for case and the signs between words.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    fold(one) == fold(other)
}

fn fold(name: &str) -> Vec<u8> {
    let is_sign = |byte: &u8| matches!(byte, b'_' | b'-' | b' ' | b'.');
    name.bytes().filter(|byte| !is_sign(byte)).map(|byte| byte.to_ascii_lowercase()).collect()
}

/// Returns the number of letters that may be off.
fn allowed(name: &str) -> usize {
    if name.len() <= 5 { 1 } else { 2 }
}

/// The number of letters to take out, put in, change or swap with the next.
fn distance(one: &[u8], other: &[u8]) -> usize {
    let width = other.len() + 1;
    let mut rows: [Vec<usize>; 3] = [vec![0; width], (0..width).collect(), vec![0; width]];
    for (index, byte) in one.iter().enumerate() {
        let [before, last, row] = &mut rows;
        let mut left = index + 1;
        let mut swapped = None;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (column, (its, ((above_left, above), slot))) in
            other.iter().zip(last.iter().zip(last.iter().skip(1)).zip(row.iter_mut().skip(1))).enumerate()
        {
            let mut least = (above_left + usize::from(its != byte)).min(above + 1).min(left + 1);
            let is_swap =
                swapped == Some(byte) && index.checked_sub(1).and_then(|at| one.get(at)) == Some(its);
            if let (true, Some(cost)) = (is_swap, column.checked_sub(1).and_then(|at| before.get(at))) {
                least = least.min(cost + 1);
            }
            *slot = least;
            left = least;
            swapped = Some(its);
        }
        rows.rotate_left(1);
    }
    let [_, last, _] = &rows;
    last.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::{distance, is_same, nearest};
    use crate::{Object, v2_2_1::tariffs};

    #[test]
    fn distances() {
        for (one, other, expected) in [
            ("price", "price", 0),
            ("price", "prices", 1),
            ("price", "prise", 1),
            ("price", "pirce", 1),
            ("elements", "elemnts", 1),
            ("", "vat", 3),
            ("vat", "", 3),
            ("abcd", "badc", 2),
        ] {
            assert_eq!(distance(one.as_bytes(), other.as_bytes()), expected, "{one} {other}");
            assert_eq!(distance(other.as_bytes(), one.as_bytes()), expected, "{other} {one}");
        }
    }

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
