//! The two platforms, and the traffic between them.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use ocpi_client::Transport;
use ocpi_server_traits::Locations;
use ocpi_types::convert::{Found, OfKind, Relation};
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::types::Role;
use ocpi_types::v2_3_0::versions::{InterfaceRole, ModuleId};
use ocpi_types::{CredentialsToken, Version};
use serde_json::json;

use super::chargers::Depot;
use super::crossing::ConversionReport;
use super::report::Details;
use super::side::{Opening, Side};
use super::wire::Counts;
use super::words::count;
use super::{Failure, routes, stores};

/// Both platforms, and the charge points of the CPO.
pub(super) struct World {
    pub(super) cpo: Side,
    pub(super) emsp: Side,
    pub(super) depot: Arc<Depot>,
    crossing: ConversionReport,
    relation: Relation,
}

/// The eMSP's party.
pub(super) fn emsp_party() -> Result<Party, Failure> {
    Ok(Party::new("DE", "EMP")?)
}

impl World {
    /// Starts both servers on 127.0.0.1, at ports that the system chooses. The first of the CPO's parties is its main
    /// one.
    pub(super) async fn start(
        store: Option<&str>,
        folder: &Path,
        cpo_parties: &[Party],
        cpo_version: Version,
    ) -> Result<Self, Failure> {
        let (own, versions) = (stores::open(store, folder, "cpo").await?, vec![cpo_version]);
        let cpo = Opening::new(cpo_parties, Role::Cpo, "Alfa Laden", own, versions).await?;
        let depot = Arc::new(Depot::default());
        let cpo = cpo.serve(|platform, mounted| routes::cpo(platform, &depot, mounted))?;
        let (own, versions) = (stores::open(store, folder, "emsp").await?, Version::ALL.to_vec());
        let emsp = Opening::new(&[emsp_party()?], Role::Emsp, "EM Power", own, versions).await?;
        let emsp = emsp.serve(routes::emsp)?;
        let crossing = ConversionReport { version: cpo_version };
        let relation = Relation::of(Role::Cpo, cpo_parties.first().cloned(), Some(emsp_party()?));
        Ok(Self { cpo, emsp, depot, crossing, relation })
    }

    /// Returns an object of the CPO as the eMSP sees it.
    pub(super) fn seen_by_emsp<T: OfKind>(&self, object: T) -> Result<T, Failure> {
        self.crossing.seen(object, &self.relation)
    }

    /// Returns an object of the eMSP as the CPO sees it.
    pub(super) fn seen_by_cpo<T: OfKind>(&self, object: T) -> Result<T, Failure> {
        self.crossing.seen(object, &self.relation)
    }

    /// Returns a Session as the eMSP sees it: in 2.1.1 it embeds its Location.
    pub(super) async fn session_seen_by_emsp(&self, session: Session) -> Result<Session, Failure> {
        let mut found = Found::default();
        if let Some(at) = session.embeds() {
            let location = self.cpo.platform.objects().location(&at).await;
            found.add(at, location?.ok_or("the CPO does not know the location")?);
        }
        self.crossing.seen_with(session, &self.relation, &found)
    }

    /// Asks the CPO for its locations with this token; returns the status of HTTP.
    pub(super) async fn stranger_asks(&self, token: &CredentialsToken) -> Result<http::StatusCode, Failure> {
        let url = self.cpo.url_of(self.crossing.version, &ModuleId::Locations, &InterfaceRole::Sender)?;
        let request = http::Request::get(url.as_str()).header("Authorization", token.to_header(true));
        Ok(self.emsp.transport.send(request.body(Bytes::new())?).await?.status())
    }

    /// Sums up the traffic between the two sides in a run that took this long.
    pub(super) async fn summary(&self, took: Duration) -> Result<Details, Failure> {
        let (to_emsp, to_cpo) = (self.cpo.transport.counts(), self.emsp.transport.counts());
        let objects = self.emsp.objects().await?;
        let text = format!(
            "{} in {:.1} s; the eMSP keeps {}",
            count(to_emsp.requests + to_cpo.requests, "request"),
            took.as_secs_f64(),
            count(objects, "object"),
        );
        let head = format!(
            "{:<11}  {:>8}  {:>10}  {:>11}  {:>11}",
            "", "requests", "per second", "bytes there", "bytes back"
        );
        let row = |way: &str, counts: Counts| {
            let (rate, Counts { requests, sent, received }) = (counts.per_second(took), counts);
            format!("{way:<11}  {requests:>8}  {rate:>10.1}  {sent:>11}  {received:>11}")
        };
        let data = |counts: Counts| {
            json!({
                "requests": counts.requests, "requests_per_second": counts.per_second(took),
                "bytes_sent": counts.sent, "bytes_received": counts.received,
            })
        };
        let data =
            json!({ "cpo_to_emsp": data(to_emsp), "emsp_to_cpo": data(to_cpo), "objects_at_emsp": objects });
        let table = vec![head, row("CPO to eMSP", to_emsp), row("eMSP to CPO", to_cpo)];
        Ok(Details::new(text, data).with_table(table))
    }
}
