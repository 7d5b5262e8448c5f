//! The word that was likely meant.

/// The word that is most like this one, if one is like it.
pub(crate) fn nearest<'a>(wanted: &str, words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    const ALIKE: f64 = 0.6;
    let likeness = |word: &str| {
        let whole = strsim::normalized_damerau_levenshtein(wanted, word);
        // The part behind the dot is what people remember.
        let last = word.rsplit_once('.').map_or(word, |(_, last)| last);
        whole.max(strsim::normalized_damerau_levenshtein(wanted, last))
    };
    words
        .map(|word| (likeness(word), word))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_likely_word_is_proposed() {
        let words = ["id.duplicate", "req.missing", "num.string"];
        assert_eq!(nearest("id.dublicate", words.into_iter()), Some("id.duplicate"));
        assert_eq!(nearest("missing", words.into_iter()), Some("req.missing"));
        assert_eq!(nearest("xyz", words.into_iter()), None);
    }
}
