//! Phrases by which a partner reports that it already has a message.

/// Words that say it, with a subject beside them.
const SAYING: [&[&str]; 4] =
    [&["already", "exists"], &["already", "exist"], &["already", "received"], &["duplicate"]];
/// Words that may stand between these and their subject.
const BETWEEN: [&str; 15] = [
    "a", "an", "the", "this", "that", "such", "same", "with", "id", "of", "is", "was", "has", "been", "entry",
];
/// Words before a subject that make it that of something else: "the tariff of this CDR".
const OF_ANOTHER: [&str; 6] = ["of", "in", "for", "from", "by", "on"];
/// Words behind a subject that leave it the subject: not "duplicate CDR period".
const BEHIND: [&str; 8] = ["id", "with", "received", "found", "detected", "rejected", "ignored", "for"];

/// Whether a text says of one of these names (`cdr`, the id), whole words each, that it is there already. Of a text that
/// speaks of anything else, such as a period that is there twice, it is not true.
pub(super) fn is_said(text: &str, names: &[&str]) -> bool {
    let text = text.to_lowercase();
    clauses(&text).any(|clause| {
        SAYING.iter().any(|said| {
            let places = clause.windows(said.len()).enumerate().filter(|(_, words)| words == said);
            let mut sides = places.map(|(at, said)| (&clause[..at], &clause[at + said.len()..]));
            sides.any(|(before, behind)| is_behind(behind, names) || is_before(before, behind, names))
        })
    })
}

/// Words of a text, in pieces that end where a mark ends one.
fn clauses(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let mut words = text.split_whitespace();
    std::iter::from_fn(move || {
        let mut clause = Vec::new();
        for word in words.by_ref() {
            let is_mark = |sign: char| !sign.is_alphanumeric();
            let bare = word.trim_matches(is_mark);
            clause.extend((!bare.is_empty()).then_some(bare));
            if word.ends_with(['.', ',', ':', ';', '!', '?', ')']) {
                return Some(clause);
            }
        }
        (!clause.is_empty()).then_some(clause)
    })
}

fn is_behind(words: &[&str], names: &[&str]) -> bool {
    let mut words = words.iter().skip_while(|word| BETWEEN.contains(word) && !names.contains(word));
    words.next().is_some_and(|word| names.contains(word))
        && words.next().is_none_or(|word| names.contains(word) || BEHIND.contains(word))
}

fn is_before(words: &[&str], behind: &[&str], names: &[&str]) -> bool {
    let mut words = words.iter().rev().skip_while(|word| BETWEEN.contains(word) && !names.contains(word));
    let is_named = words.next().is_some_and(|word| names.contains(word));
    let mut others = words.skip_while(|word| matches!(**word, "the" | "this" | "a"));
    is_named && behind.is_empty() && others.next().is_none_or(|word| !OF_ANOTHER.contains(word))
}

#[cfg(test)]
mod tests {
    use super::is_said;

    #[test]
    fn only_words_about_the_message_itself_say_that_it_is_there() {
        let says = |text: &str| is_said(text, &["cdr", "c-1"]);
        for text in [
            "CDR already exists",
            "Duplicate CDR",
            "duplicate cdr id",
            "A CDR with id C-1 already exists.",
            "A CDR with the same id has been already received",
            "already exists: no. Already received CDR \"C-1\"",
            "this CDR is a duplicate",
            "C-1 already exists",
        ] {
            assert!(says(text), "{text}");
        }
        for text in [
            "",
            "duplicate",
            "duplicate charging period",
            "CDR: duplicate charging period",
            "CDR has a duplicate charging period",
            "duplicate charging period in CDR C-1",
            "duplicate CDR period",
            "duplicate key",
            "C-12 already exists",
            "the tariff of this CDR already exists",
            "a session of the CDR, which already exists",
            "the location already exists",
            "cdrs already exist",
        ] {
            assert!(!says(text), "{text}");
        }
    }
}
