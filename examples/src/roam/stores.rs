//! Stores of the two platforms.

use std::path::Path;

use ocpi_server_traits::AnyStore;

use super::Failure;

/// Opens the store of a platform: the one that the user names, or a file in a folder.
pub(super) async fn open(url: Option<&str>, folder: &Path, side: &str) -> Result<AnyStore, Failure> {
    let url = match url {
        Some(url) => url_of(url, side),
        None => format!("sqlite:{}", folder.join(side).display()),
    };
    Ok(ocpi_store::open(&url).await?)
}

/// The URL of one platform's store.
fn url_of(url: &str, side: &str) -> String {
    if url.contains("{side}") {
        url.replace("{side}", side)
    } else if url.starts_with("postgres") {
        let separator = if url.contains('?') { '&' } else { '?' };
        format!("{url}{separator}schema=roam_{side}")
    } else if url.starts_with("sqlite") {
        format!("{url}.{side}")
    } else {
        url.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::url_of;

    #[test]
    fn each_side_has_a_store_of_its_own() {
        for (url, expected) in [
            ("sqlite:day.db", "sqlite:day.db.cpo"),
            ("sqlite:{side}.db", "sqlite:cpo.db"),
            ("postgres://u@h/db", "postgres://u@h/db?schema=roam_cpo"),
            ("postgres://u@h/db?sslmode=require", "postgres://u@h/db?sslmode=require&schema=roam_cpo"),
            ("postgres://u@h/db?schema=monday_{side}", "postgres://u@h/db?schema=monday_cpo"),
            ("memory:", "memory:"),
        ] {
            assert_eq!(url_of(url, "cpo"), expected);
        }
    }
}
