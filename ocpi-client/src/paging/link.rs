//! Links to the next page.

use url::Url;

use super::ListUrls;

/// Most bytes of a link that is followed.
const MOST: usize = 8 * 1024;
/// Parts of the names of parameters by which a partner finds the place itself: an offset beside them means nothing.
const PLACES: [&str; 7] = ["cursor", "token", "after", "marker", "continu", "scroll", "seek"];
/// Names of a parameter that counts pages.
const PAGE_NUMBERS: [&str; 4] = ["page", "page_number", "pagenumber", "pageno"];

/// A link that was read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Link {
    pub(super) url: Url,
    pub(super) place: Place,
    /// Whether it named another origin than one that is registered.
    pub(super) is_repaired: bool,
}

/// Way in which a link names the place of the next page.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Place {
    /// By a number of objects to skip.
    Offset(u64),
    /// By a page number.
    PageNumber,
    /// By a cursor of the partner.
    Mark,
}

impl Link {
    /// Reads a link that came in answer to a request; `None` if it cannot be followed.
    pub(super) fn read(text: &str, request: &Url, urls: &ListUrls) -> Option<Self> {
        if text.len() > MOST {
            return None;
        }
        let mut url = request.join(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        url.set_fragment(None);
        // The user's part of a URL would become a header.
        url.set_username("").ok()?;
        url.set_password(None).ok()?;
        let is_repaired = !urls.knows(&url);
        if is_repaired {
            let path = url.path().to_owned();
            let query = url.query().map(str::to_owned);
            url = urls.list.clone();
            url.set_path(&path);
            url.set_query(query.as_deref());
        }
        let place = place(&url);
        Some(Self { url, place, is_repaired })
    }
}

/// Finds how a URL names the place of its page.
pub(super) fn place(url: &Url) -> Place {
    let names = || url.query_pairs().map(|(name, _)| name.to_ascii_lowercase());
    if names().any(|name| PLACES.iter().any(|part| name.contains(part))) {
        return Place::Mark;
    }
    let mut offsets = url.query_pairs().filter(|(name, _)| name.eq_ignore_ascii_case("offset"));
    match (offsets.next(), offsets.next()) {
        (Some((_, value)), None) => value.trim().parse().map_or(Place::Mark, Place::Offset),
        (None, _) if names().any(|name| PAGE_NUMBERS.contains(&name.as_str())) => Place::PageNumber,
        _ => Place::Mark,
    }
}

/// The URL with another number in a parameter; everything else stays as it stands.
pub(super) fn with_number(url: &Url, name: &str, number: u64) -> Url {
    let new = format!("{name}={number}");
    let is_it = |pair: &str| pair.split('=').next().is_some_and(|found| found.eq_ignore_ascii_case(name));
    let query = url.query().filter(|query| !query.is_empty());
    let mut pairs: Vec<&str> = query.into_iter().flat_map(|query| query.split('&')).collect();
    match pairs.iter_mut().find(|pair| is_it(pair)) {
        Some(pair) => *pair = &new,
        None => pairs.push(&new),
    }
    let mut changed = url.clone();
    changed.set_query(Some(&pairs.join("&")));
    changed
}

#[cfg(test)]
mod tests {
    use super::{Link, ListUrls, Place, with_number};

    const LIST: &str = "https://cpo.example/ocpi/tariffs";

    fn read(text: &str) -> Option<Link> {
        let list = LIST.parse().expect("a URL");
        let other = "https://other.example/ocpi/cdrs".parse().expect("a URL");
        let urls = ListUrls::new(&list, [&other]).expect("a URL");
        Link::read(text, &format!("{LIST}?limit=5").parse().expect("a URL"), &urls)
    }

    #[test]
    fn links_are_resolved_and_kept_at_the_registered_origins() {
        for (text, url, is_repaired) in [
            ("https://cpo.example/x?offset=2", "https://cpo.example/x?offset=2", false),
            ("tariffs?offset=2&a=%2f+1", "https://cpo.example/ocpi/tariffs?offset=2&a=%2f+1", false),
            ("?offset=2", "https://cpo.example/ocpi/tariffs?offset=2", false),
            ("//cpo.example/x", "https://cpo.example/x", false),
            ("https://other.example/x", "https://other.example/x", false),
            ("http://cpo.example/x?offset=2", "https://cpo.example/x?offset=2", true),
            ("https://127.0.0.1:18101/y/?a=b", "https://cpo.example/y/?a=b", true),
            ("https://cpo.example@evil.example/", "https://cpo.example/", true),
            ("https://me:secret@cpo.example/x", "https://cpo.example/x", false),
        ] {
            let link = read(text).expect(text);
            assert_eq!((link.url.as_str(), link.is_repaired), (url, is_repaired), "{text}");
        }
        let long = format!("https://cpo.example/{}", "x".repeat(9_000));
        for odd in ["https://", "ftp://cpo.example/x", "https://[::1", "javascript:alert(1)", &long] {
            assert_eq!(read(odd), None, "{odd}");
        }
    }

    #[test]
    fn an_offset_is_one_only_where_nothing_else_names_the_place() {
        for (query, place) in [
            ("offset=50&limit=50", Place::Offset(50)),
            ("date_from=None&OFFSET=7", Place::Offset(7)),
            ("offset=50&cursor=abc", Place::Mark),
            ("offset=50&pageToken=abc", Place::Mark),
            ("offset=abc", Place::Mark),
            ("offset=-1", Place::Mark),
            ("offset=1&offset=2", Place::Mark),
            ("page=3&size=50", Place::PageNumber),
            ("next=3", Place::Mark),
        ] {
            assert_eq!(read(&format!("?{query}")).expect(query).place, place, "{query}");
        }
    }

    #[test]
    fn one_number_is_changed_and_nothing_else() {
        for (before, after) in [
            ("?a=%2F&offset=5&b=+", "?a=%2F&offset=4&b=+"),
            ("?Offset=5", "?offset=4"),
            ("", "?offset=4"),
            ("?a", "?a&offset=4"),
        ] {
            let url = format!("{LIST}{before}").parse().expect("a URL");
            assert_eq!(with_number(&url, "offset", 4).as_str(), format!("{LIST}{after}"));
        }
    }
}
