//! Facts about a partner that determine its pushes.

use std::collections::BTreeSet;
use std::sync::Arc;

use ocpi_client::Client;
use ocpi_server_traits::Permissions;
use ocpi_types::endpoint::{PostCdr, PostInvoiceReconciliationRecord, Put};
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::{cdrs::Cdr, locations::Location, sessions::Session, tariffs::Tariff, tokens::Token};
use ocpi_types::{InterfaceRole, Role};

use super::kinds::Kind;
use super::settings::PartnerPush;

/// Facts about a partner by which it is served.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Facts {
    pub(super) push: PartnerPush,
    pub(super) parties: Arc<BTreeSet<String>>,
    pub(super) to: Option<Party>,
    /// Kinds of objects that it may see and has a place for.
    pub(super) kinds: BTreeSet<Kind>,
}

impl Facts {
    pub(super) fn of<T>(
        push: PartnerPush,
        parties: &BTreeSet<Party>,
        (roles, permissions): &(Vec<Role>, Permissions),
        client: &Client<T>,
    ) -> Self {
        let offers = |kind: &Kind| match kind {
            Kind::Location => client.offers::<Put<Location>>(),
            Kind::Session => client.offers::<Put<Session>>(),
            Kind::Tariff => client.offers::<Put<Tariff>>(),
            Kind::Token => client.offers::<Put<Token>>(),
            Kind::Cdr => client.offers::<PostCdr<Cdr>>(),
            Kind::Invoice => client.offers::<PostInvoiceReconciliationRecord>(),
        };
        // Who may not fetch it is not sent it either.
        let may_see = |kind: &Kind| permissions.allows(roles, &kind.module(), &InterfaceRole::Sender);
        let kinds = Kind::ALL.into_iter().filter(|kind| offers(kind) && may_see(kind)).collect();
        let to = parties.first().cloned();
        let parties = Arc::new(parties.iter().map(Party::canonical).collect());
        Self { push, parties, to, kinds }
    }
}
