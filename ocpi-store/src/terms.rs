//! Terms that a document lost, and those that it got.

use std::collections::BTreeSet;

/// A term's name and value.
pub(crate) type Term = (String, String);

/// The terms that are not among others. There may be very many of both, and mostly they are the same.
pub(crate) fn without<'a>(terms: &'a [Term], others: &[Term]) -> Vec<&'a Term> {
    if terms == others {
        return Vec::new();
    }
    let others: BTreeSet<&Term> = others.iter().collect();
    terms.iter().filter(|term| !others.contains(term)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Term, without};

    fn terms(values: impl IntoIterator<Item = u32>) -> Vec<Term> {
        values.into_iter().map(|value| ("evse".to_owned(), value.to_string())).collect()
    }

    #[test]
    fn what_stands_on_both_sides_is_left_out() {
        let (old, new) = (terms([1, 2, 3]), terms([3, 1, 4]));
        assert_eq!(without(&old, &new), [&old[1]]);
        assert_eq!(without(&new, &old), [&new[2]]);
        assert!(without(&old, &old.clone()).is_empty() && without(&[], &old).is_empty());
        assert_eq!(without(&old, &[]).len(), 3);
    }

    /// So many that it would take minutes to look for each among the others.
    #[test]
    fn very_many_terms_are_compared() {
        let (old, new) = (terms(0..200_000), terms((1..200_001).rev()));
        assert_eq!(without(&old, &new), [&old[0]]);
        assert_eq!(without(&new, &old), [&new[0]]);
    }
}
