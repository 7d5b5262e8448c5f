//! Numbers with their nouns.

use std::fmt::Display;

/// A number and its noun, in the plural unless it is one: `1 location`, `2 locations`.
pub(super) fn count<N: Display + PartialEq + From<u8>>(number: N, noun: &str) -> String {
    let ending = if number == N::from(1) { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn one_is_singular() {
        let told = [0_usize, 1, 2].map(|number| count(number, "EVSE"));
        assert_eq!(told, ["0 EVSEs", "1 EVSE", "2 EVSEs"]);
    }
}
