//! The state of a sandbox as metrics in the text format of Prometheus. Partners appear by their ids, drivers not at all.

use std::collections::BTreeMap;
use std::fmt::Write;

use ocpi_client::Transport;
use ocpi_platform::PartnerState;
use ocpi_server_traits::Store;
use ocpi_server_traits::storage::{Query, Start};
use ocpi_types::Object;
use ocpi_types::v2_3_0::bookings::Booking;
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::Token;

use crate::{Counters, Error, Sandbox};

impl<S: Store, T: Transport + 'static> Sandbox<S, T> {
    /// Writes the metrics: requests by status, partners by state, what waits for each partner, the age of the lists that are
    /// kept, the number of objects, charges that go on.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn metrics(&self, counters: &Counters) -> Result<String, Error> {
        let platform = self.platform();
        let failed = |error| Error::platform("the partners cannot be read", error);
        let mut text = Metrics::default();
        text.family(
            "ocpi_requests_total",
            "counter",
            "Requests by direction, status of HTTP and status of OCPI.",
        );
        for (kind, count) in counters.all() {
            let (http, ocpi) = (kind.http.to_string(), kind.ocpi.to_string());
            let labels = [("direction", kind.direction.as_str()), ("http", &http), ("ocpi", &ocpi)];
            text.sample("ocpi_requests_total", &labels, count);
        }
        let partners = platform.partners().await.map_err(failed)?;
        let mut states: BTreeMap<&str, u64> = BTreeMap::new();
        for partner in &partners {
            *states.entry(partner.state.as_str()).or_default() += 1;
        }
        text.family("ocpi_partners", "gauge", "Partners by state.");
        for (state, count) in states {
            text.sample("ocpi_partners", &[("state", state)], count);
        }
        let registered: Vec<&str> = partners
            .iter()
            .filter(|partner| partner.state == PartnerState::Registered)
            .map(|partner| partner.id.as_str())
            .collect();
        text.family("ocpi_deliveries", "gauge", "What is on its way to a partner, and what it refused.");
        for id in &registered {
            let lag = platform.deliveries(id).lag().await.map_err(failed)?;
            let parts = u64::try_from(lag.parts).unwrap_or(u64::MAX);
            for (kind, count) in [("parts", parts), ("messages", lag.messages), ("dead", lag.dead)] {
                text.sample("ocpi_deliveries", &[("partner", id), ("kind", kind)], count);
            }
        }
        text.family(
            "ocpi_list_age_seconds",
            "gauge",
            "Time since a list of a partner was synced completely.",
        );
        for id in &registered {
            let Some(health) = platform.health(id).await.map_err(failed)? else { continue };
            for list in health.lists {
                let Some(age) = list.age.and_then(|age| u64::try_from(age).ok()) else { continue };
                text.sample("ocpi_list_age_seconds", &[("partner", id), ("list", &list.list.kind)], age);
            }
        }
        text.family("ocpi_objects", "gauge", "Objects that are kept, ours and those of partners.");
        for kind in [
            Location::INFO.name,
            Tariff::INFO.name,
            Session::INFO.name,
            Cdr::INFO.name,
            Token::INFO.name,
            Booking::INFO.name,
        ] {
            let page = platform.objects().store().page(&Query::all(kind), Start::First, 0).await;
            let page = page.map_err(|error| {
                Error::platform("the objects cannot be counted", ocpi_server_traits::Error::failed(error))
            })?;
            text.sample("ocpi_objects", &[("kind", kind)], page.total);
        }
        text.family(
            "ocpi_sandbox_charges",
            "gauge",
            "Charges that go on, of drivers whose platforms are told.",
        );
        text.sample("ocpi_sandbox_charges", &[], u64::try_from(self.charges()).unwrap_or(u64::MAX));
        Ok(text.0)
    }
}

/// Metrics as text. Writing into a `String` does not fail.
#[derive(Default)]
struct Metrics(String);

impl Metrics {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: u64) {
        let labels: Vec<String> =
            labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let _ = writeln!(self.0, "{name}{labels} {value}");
    }
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::Metrics;

    #[test]
    fn labels_are_escaped() {
        let mut text = Metrics::default();
        text.sample("m", &[("partner", "a\"b\\c")], 1);
        text.sample("m", &[], 2);
        assert_eq!(text.0, "m{partner=\"a\\\"b\\\\c\"} 1\nm 2\n");
    }
}
