//! The URL of a database.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use ocpi_server_traits::storage::{StoreError, StoreErrorKind};
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};
use url::Url;

/// Time without a sign of life after which a connection is probed, and time for which what was sent may stay unacknowledged.
const SILENCE: Duration = Duration::from_secs(15);

/// A database, and the way to speak to it.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) config: Config,
    pub(super) is_encrypted: bool,
    /// File of the authorities to trust.
    pub(super) root_certificates: Option<PathBuf>,
    /// Schema of the tables, if the URL names one.
    pub(super) schema: Option<String>,
    /// Whether statements are prepared.
    pub(super) prepares: bool,
}

/// Reads a URL. No error quotes it: it may hold a password.
pub(super) fn parse(text: &str) -> Result<Target, StoreError> {
    let (url, names) = without_own(text)?;
    let mut config: Config = url.parse().map_err(|_| wrong("the URL of the database cannot be read"))?;
    if config.get_application_name().is_none() {
        config.application_name("ocpi");
    }
    if !names.are_given.contains("target_session_attrs") {
        // Never a standby, also where it has the name of the primary for a while after a fail-over.
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
    }
    notice_dead_hosts(&mut config, &names.are_given);
    let is_encrypted = match names.mode.as_deref() {
        Some("disable") => false,
        Some("require" | "verify-full") => true,
        Some(_) => return Err(wrong("sslmode is neither disable nor require nor verify-full")),
        None => !is_on_this_machine(&config),
    };
    config.ssl_mode(if is_encrypted { SslMode::Require } else { SslMode::Disable });
    let prepares = match names.prepare.as_deref() {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(wrong("prepare is neither true nor false")),
    };
    Ok(Target { config, is_encrypted, root_certificates: names.roots, schema: names.schema, prepares })
}

/// A host that is dead closes no connection. Here it is noticed within 30 seconds; by the defaults of Linux it would take 15
/// minutes for a request that is still to arrive, and more than 2 hours for an answer.
fn notice_dead_hosts(config: &mut Config, are_given: &BTreeSet<String>) {
    let is_silent = |name| !are_given.contains(name);
    if is_silent("tcp_user_timeout") {
        config.tcp_user_timeout(SILENCE);
    }
    if is_silent("keepalives_idle") {
        config.keepalives_idle(SILENCE);
    }
    if is_silent("keepalives_interval") {
        config.keepalives_interval(Duration::from_secs(5));
    }
    if is_silent("keepalives_retries") {
        config.keepalives_retries(3);
    }
}

#[derive(Default)]
struct Own {
    /// Names of what the URL says to the driver.
    are_given: BTreeSet<String>,
    mode: Option<String>,
    roots: Option<PathBuf>,
    schema: Option<String>,
    prepare: Option<String>,
}

/// Takes out what `tokio-postgres` does not know.
fn without_own(text: &str) -> Result<(String, Own), StoreError> {
    let is_url = text.starts_with("postgres://") || text.starts_with("postgresql://");
    if !is_url {
        return Err(wrong("the URL of the database does not begin with postgres://"));
    }
    let mut own = Own::default();
    // Not by `Url` as a whole, which takes neither several hosts nor the path of a socket.
    let Some((base, query)) = text.split_once('?') else { return Ok((text.to_owned(), own)) };
    let mut kept = Vec::new();
    for part in query.split('&') {
        let value = || value_of(part);
        let name = part.split_once('=').map_or(part, |(name, _)| name);
        match name {
            "sslmode" => own.mode = Some(value()?),
            "sslrootcert" => own.roots = Some(value()?.into()),
            "schema" => own.schema = Some(value()?),
            "prepare" => own.prepare = Some(value()?),
            _ => {
                own.are_given.insert(name.to_owned());
                kept.push(part);
            }
        }
    }
    let kept = kept.join("&");
    Ok((if kept.is_empty() { base.to_owned() } else { format!("{base}?{kept}") }, own))
}

fn value_of(part: &str) -> Result<String, StoreError> {
    let url = Url::parse(&format!("x:y?{}", part.replace('+', "%2B")))
        .map_err(|_| wrong("the URL of the database cannot be read"))?;
    Ok(url.query_pairs().next().map(|(_, value)| value.into_owned()).unwrap_or_default())
}

fn is_on_this_machine(config: &Config) -> bool {
    let by_name = config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|address: IpAddr| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    });
    by_name && config.get_hostaddrs().iter().all(IpAddr::is_loopback)
}

fn wrong(message: &str) -> StoreError {
    StoreError::new(StoreErrorKind::Other, message)
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use tokio_postgres::config::TargetSessionAttrs;

    use super::parse;

    #[test]
    fn servers_of_elsewhere_are_spoken_to_over_tls() {
        for (url, is_encrypted) in [
            ("postgres://u:p@localhost/db", false),
            ("postgres://u@127.0.0.1:5433/db", false),
            ("postgres://u@%2Ftmp%2Fsocket/db", false),
            ("postgresql://u@[::1]/db?connect_timeout=3", false),
            ("postgres://u@db.example/db", true),
            ("postgres://u@10.0.0.1,localhost/db", true),
            ("postgres://u@db.example/db?sslmode=disable", false),
            ("postgres://u@localhost/db?sslmode=verify-full", true),
        ] {
            assert_eq!(parse(url).unwrap().is_encrypted, is_encrypted, "{url}");
        }
        let url = "postgres://u@h/db?sslrootcert=%2Fa%20b+c&schema=day&application_name=x&sslmode=require";
        let target = parse(url).unwrap();
        assert_eq!(target.root_certificates.as_deref(), Some(Path::new("/a b+c")));
        assert_eq!(target.config.get_application_name(), Some("x"));
        assert_eq!((target.schema.as_deref(), target.prepares), (Some("day"), false));
        assert!(parse("postgres://u@h/db?prepare=true").unwrap().prepares);
    }

    #[test]
    fn a_standby_is_not_gone_to_unless_the_url_says_so() {
        for (url, attributes) in [
            ("postgres://u@h/db", TargetSessionAttrs::ReadWrite),
            ("postgres://u@h1,h2/db?connect_timeout=3", TargetSessionAttrs::ReadWrite),
            ("postgres://u@h/db?target_session_attrs=any", TargetSessionAttrs::Any),
        ] {
            assert_eq!(parse(url).unwrap().config.get_target_session_attrs(), attributes, "{url}");
        }
    }

    #[test]
    fn a_host_that_is_dead_is_noticed() {
        let times = |url| {
            let config = parse(url).unwrap().config;
            let user = config.get_tcp_user_timeout().copied();
            let idle = config.get_keepalives_idle();
            let seconds = [user, Some(idle), config.get_keepalives_interval()];
            (seconds.map(|time| time.as_ref().map(Duration::as_secs)), config.get_keepalives_retries())
        };
        assert_eq!(times("postgres://u@h/db"), ([Some(15), Some(15), Some(5)], Some(3)));
        let url = "postgres://u@h/db?keepalives_retries=9&tcp_user_timeout=0&keepalives_idle=60&keepalives_interval=7";
        assert_eq!(times(url), ([None, Some(60), Some(7)], Some(9)));
    }

    #[test]
    fn errors_do_not_quote_the_password() {
        for url in [
            "mysql://u:secret@h/db",
            "postgres://u:secret@h/db?sslmode=prefer",
            "postgres://u:secret@h/db?sslmode=verify-ca",
            "postgres://u:secret@h:port/db",
            "postgres://u:secret@h/db?prepare=secret",
            "postgres://u:secret@h/db?secret=1",
        ] {
            let error = parse(url).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("secret"), "{url}");
        }
    }
}
