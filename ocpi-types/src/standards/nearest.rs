//! The known text nearest to an unknown one.

/// Longer texts are nobody's slip of the pen.
const LONGEST: usize = 48;

/// A text in lower case, without signs and blanks; `None` if it is too long to be a code.
pub(super) fn folded(text: &str) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    Some(text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect())
}

/// The one of `known` that is nearest to a folded text, if it is near and no other is as near: one slip, or two in a
/// longer text. Digits do not slip: a type 4 is no type 2.
pub(super) fn nearest(text: &str, known: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let limit = match text.len() {
        0..4 => 0,
        4..7 => 1,
        _ => 2,
    };
    let mut best: Option<(usize, &'static str)> = None;
    let mut is_unique = true;
    for candidate in known {
        let Some(plain) = folded(candidate) else { continue };
        if !digits(&plain).eq(digits(text)) {
            continue;
        }
        let Some(distance) = distance(text, &plain, limit) else { continue };
        match best {
            Some((least, _)) if distance > least => {}
            Some((least, _)) if distance == least => is_unique = false,
            _ => {
                best = Some((distance, candidate));
                is_unique = true;
            }
        }
    }
    best.filter(|_| is_unique).map(|(_, candidate)| candidate)
}

fn digits(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(char::is_ascii_digit)
}

/// Counts the letters that were added, left out, mistaken or exchanged with the next; `None` if more than `limit`.
pub(crate) fn distance(one: &str, other: &str, limit: usize) -> Option<usize> {
    if one.len().abs_diff(other.len()) > limit * 4 {
        return None;
    }
    let other: Vec<char> = other.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=other.len()).collect();
    let mut last = None;
    for (row, letter) in one.chars().enumerate() {
        let mut line = vec![row + 1];
        for (column, known) in other.iter().enumerate() {
            let at = |list: &[usize], place: usize| list.get(place).copied().unwrap_or(usize::MAX / 2);
            let mut least = (at(&above, column + 1) + 1)
                .min(at(&line, column) + 1)
                .min(at(&above, column) + usize::from(letter != *known));
            if column > 0 && other.get(column - 1) == Some(&letter) && last == Some(*known) {
                least = least.min(at(&before, column - 1) + 1);
            }
            line.push(least);
        }
        if line.iter().all(|distance| *distance > limit) {
            return None;
        }
        before = above;
        above = line;
        last = Some(letter);
    }
    above.last().copied().filter(|distance| *distance <= limit)
}

#[cfg(test)]
mod tests {
    use super::distance;

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
            for (one, other) in [(one, other), (other, one)] {
                assert_eq!(distance(one, other, 3), Some(expected), "{one} {other}");
                let less = expected.checked_sub(1).and_then(|limit| distance(one, other, limit));
                assert_eq!(less, None, "{one} {other}");
            }
        }
    }
}
