//! Messages of the partner.

use ocpi_types::CredentialsToken;

/// Most characters that are kept of a message.
const MOST: usize = 255;
/// Least characters of a word that looks like a secret.
const SECRET: usize = 20;
/// Characters behind the cut that are looked at: more than the longest token has in Base64.
const BEHIND: usize = 512;
/// Takes the place of a secret.
const MASK: &str = "***";

/// A partner's message as people may see it: cut, without control characters, without the token, and without words that
/// look like a secret, which are long and have digits.
pub(crate) fn masked(message: &str, token: &CredentialsToken) -> String {
    masked_within(message, token, MOST)
}

/// [`masked`], cut to this many characters.
pub(super) fn masked_within(message: &str, token: &CredentialsToken, most: usize) -> String {
    let is_direction =
        |c: char| ('\u{2028}'..='\u{202e}').contains(&c) || ('\u{2066}'..='\u{2069}').contains(&c);
    // Masked before it is cut: else the beginning of a secret at the cut would be shown.
    let plain: String = message
        .chars()
        .take(most.saturating_add(BEHIND))
        .map(|c| if c.is_control() || is_direction(c) { '\u{fffd}' } else { c })
        .collect();
    let encoded = token.to_header(true);
    let forms = [token.expose(), encoded.trim_start_matches("Token ")];
    let known = forms.into_iter().filter(|form| !form.is_empty());
    let plain = known.fold(plain, |plain, form| plain.replace(form, MASK));
    let is_in_word = |c: char| c.is_ascii_alphanumeric() || "-_+/=.%~".contains(c);
    let mut shown = String::with_capacity(plain.len());
    let mut rest = plain.as_str();
    while !rest.is_empty() {
        let (word, behind) = rest.split_at(rest.find(|c| !is_in_word(c)).unwrap_or(rest.len()));
        let is_secret = word.len() >= SECRET && word.bytes().any(|byte| byte.is_ascii_digit());
        shown.push_str(if is_secret { MASK } else { word });
        let (between, next) = behind.split_at(behind.find(is_in_word).unwrap_or(behind.len()));
        shown.push_str(between);
        rest = next;
    }
    if let Some((end, _)) = shown.char_indices().nth(most) {
        shown.truncate(end);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn secrets_are_masked_and_the_rest_is_not() {
        let token = "s3cret".parse().expect("a token");
        for (message, shown) in [
            ("token s3cret refused", "token *** refused"),
            ("Token czNjcmV0 refused", "Token *** refused"),
            ("xs3cretx", "x***x"),
            ("no session 4711 at LOC-1", "no session 4711 at LOC-1"),
            ("unknown-parameter-in-the-body", "unknown-parameter-in-the-body"),
            ("key 9f2c4b7d8e1a4c3f9b0d, please", "key ***, please"),
            ("a\nb\u{202e}c", "a\u{fffd}b\u{fffd}c"),
            ("", ""),
        ] {
            assert_eq!(masked(message, &token), shown, "{message}");
        }
        assert_eq!(masked(&"ö".repeat(300), &token).chars().count(), 255);
        let long = "a:b!c#d".repeat(9).parse().expect("a token");
        for before in 200..300 {
            let shown = masked(&format!("{}{}", ".".repeat(before), "a:b!c#d".repeat(9)), &long);
            assert!(!shown.contains('a'), "{before}: {shown}");
        }
    }
}
