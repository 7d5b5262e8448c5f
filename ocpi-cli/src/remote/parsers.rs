//! Values of arguments.

use std::time::Duration;

use ocpi_types::protocol::Party;
use ocpi_types::{DateTime, ModuleId, Url};

use crate::nearest::nearest;

/// Reads a URL.
pub(crate) fn url(text: &str) -> Result<Url, String> {
    let url: Url = text.parse().map_err(|_| "no URL")?;
    let uri = text.parse::<http::Uri>().ok().filter(|uri| uri.host().is_some_and(|host| !host.is_empty()));
    match uri.as_ref().and_then(http::Uri::scheme_str) {
        Some("http" | "https") => Ok(url),
        _ => Err("not an absolute http or https URL".to_owned()),
    }
}

/// Reads a party: `DE/EMP`.
pub(crate) fn party(text: &str) -> Result<Party, String> {
    let form = "a party is written as country and party id, such as DE/EMP";
    let (country, party) = text.split_once('/').ok_or(form)?;
    Party::new(country, party).map_err(|error| format!("{form}: {error}"))
}

/// Reads the name of a module of the specification, in any case.
pub(crate) fn module(text: &str) -> Result<ModuleId, String> {
    let found = ModuleId::ALL.iter().find(|it| it.as_str().eq_ignore_ascii_case(text));
    found.cloned().ok_or_else(|| {
        let likely = nearest(text, ModuleId::ALL.iter().map(ModuleId::as_str));
        let likely = likely.map(|it| format!(", did you mean `{it}`?")).unwrap_or_default();
        format!("there is no such module{likely}")
    })
}

/// Reads a time, or a date that stands for its midnight in UTC.
pub(crate) fn time(text: &str) -> Result<DateTime, String> {
    let is_date = text.len() == 10;
    let whole = if is_date { format!("{text}T00:00:00Z") } else { text.to_owned() };
    whole.parse().map_err(|_| "no time, such as 2026-05-04T16:30:00Z or 2026-05-04".to_owned())
}

/// Reads a duration in whole seconds, minutes, hours or days: `90s`, `30m`, `72h`, `3d`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    const FORM: &str = "a number and a unit, such as 90s, 30m, 72h or 3d";
    let unit = text.chars().last().ok_or(FORM)?;
    let seconds: u32 = match unit {
        's' => 1,
        'm' => 60,
        'h' => 60 * 60,
        'd' => 24 * 60 * 60,
        _ => return Err(FORM.to_owned()),
    };
    let number = text.strip_suffix(unit).unwrap_or_default();
    let number: u32 = number.parse().map_err(|_| FORM)?;
    let seconds = number.checked_mul(seconds).filter(|seconds| *seconds > 0).ok_or("out of range")?;
    Ok(Duration::from_secs(seconds.into()))
}

#[cfg(test)]
mod tests {
    use super::{duration, party, time, url};

    #[test]
    fn values_have_their_forms() {
        assert_eq!(duration("72h").map(|time| time.as_secs()), Ok(259_200));
        for bad in ["", "h", "72", "1.5h", "0s", "-1h", "99999d", "7hh", "ä"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
        assert_eq!(party("de/emp").unwrap().canonical(), "DE/EMP");
        assert!(party("DEEMP").is_err() && party("D/EMP").is_err());
        assert_eq!(time("2026-05-04").unwrap(), time("2026-05-04T00:00:00Z").unwrap());
        assert!(time("yesterday").is_err());
        assert!(url("https://cpo.example/ocpi/versions").is_ok());
        for bad in ["cpo.example/ocpi", "ftp://cpo.example/", "https://", "", "/versions"] {
            assert!(url(bad).is_err(), "{bad}");
        }
    }
}
