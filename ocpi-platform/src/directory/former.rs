//! Records in an older format, converted when a platform is opened.

use std::collections::BTreeMap;

use ocpi_server_traits::storage::{Address, Document, Query, Rejected, Start, Store, StoreExt, UpdateError};
use ocpi_types::json::{self, Limits, RawJson};
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::credentials::CredentialsRole;
use ocpi_types::v2_3_0::versions::Endpoint;
use ocpi_types::{CredentialsToken, DateTime, Text, Url, Version};

use super::allow::{Allow, host_of};
use super::stored::former_profile;
use super::{Also, Details, Partners, failure};
use crate::Error;
use crate::party_of;
use crate::trust::{Contact, PartnerState, Record, later};

/// Where a store that brings former files forward puts the records of partners.
const FORMER: &str = "Partner/1";

const FORMAT: &str = "partner 1";

ocpi_types::object! {
    /// A record of the former kind, with both tokens in plain.
    pub struct FormerPartner = "Partner", init FormerPartnerInit {
        /// The application's name for the partner.
        pub id: Text<0>,
        /// The token by which the partner is known to us.
        pub token_we_issued: CredentialsToken,
        /// The token by which we are known to the partner.
        pub token_we_received: Option<CredentialsToken>,
        /// Whether registration is done.
        pub registered: bool,
        /// The URL of the partner's versions.
        pub versions_url: Option<Url>,
        /// The version that is spoken.
        pub version: Option<Text<0>>,
        /// Whether the partner takes tokens in Base64.
        pub base64: Option<bool>,
        /// Its other deviations.
        pub quirks: Option<RawJson>,
        /// The endpoints that the partner offers.
        pub endpoints: Vec<Endpoint>,
        /// For whom it speaks.
        pub roles: Vec<CredentialsRole>,
    }
}

impl Partners {
    /// Takes over the records of the former kind: who was registered still is, who was invited gets a fresh term. Partners
    /// that have a party in common, or one of ours, wait for approval. Records that cannot be read stay where they are.
    pub(crate) async fn take_over(
        &self,
        store: &impl Store,
        own: &[Party],
        invitation: u32,
        now: DateTime,
    ) -> Result<(), Error> {
        let former = read_all(store).await?;
        let mut holders: BTreeMap<Party, usize> = own.iter().map(|party| (party.clone(), 1)).collect();
        for (_, partner) in &former {
            let mut parties: Vec<Party> = partner.roles.iter().map(party_of).collect();
            parties.sort();
            parties.dedup();
            parties.into_iter().for_each(|party| *holders.entry(party).or_default() += 1);
        }
        for (at, partner) in former {
            let is_alone =
                |role: &CredentialsRole| holders.get(&party_of(role)).is_none_or(|count| *count == 1);
            let is_disputed = !partner.roles.iter().all(is_alone);
            self.take_over_one(store, &partner, is_disputed, invitation, now).await?;
            delete(store, at, now).await?;
        }
        Ok(())
    }

    async fn take_over_one(
        &self,
        store: &impl Store,
        partner: &FormerPartner,
        is_disputed: bool,
        invitation: u32,
        now: DateTime,
    ) -> Result<(), Error> {
        let id = partner.id.as_str();
        let known = self.read(store, id).await?;
        if known.as_ref().is_some_and(|known| !is_empty(&known.record)) {
            // It was taken over before, and what was left of it not deleted.
            return Ok(());
        }
        let (record, details) = self.converted(partner, is_disputed, invitation, now);
        // A claim of somebody else writes the record anew, so that this one fails: there has to be one.
        let begun = match known {
            Some(known) => known,
            None => match self.replace(store, None, Record::new(id, now), Also::default(), now).await {
                Ok(begun) => begun,
                Err(Error::Conflict(_)) => return Ok(()),
                Err(error) => return Err(error),
            },
        };
        self.claim(store, id, &details.parties(), now).await?;
        let token = record.current;
        let also = Also { details: Some(&details), token, ..Also::default() };
        match self.replace(store, Some(&begun), record, also, now).await {
            // Another process does the same.
            Ok(_) | Err(Error::Conflict(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn converted(
        &self,
        partner: &FormerPartner,
        is_disputed: bool,
        invitation: u32,
        now: DateTime,
    ) -> (Record, Details) {
        let id = partner.id.as_str();
        let current = self.hasher().token(&partner.token_we_issued);
        let (Some(contact), Some(out), true) =
            (contact(partner), &partner.token_we_received, partner.registered)
        else {
            let record = Record::new(id, now).invited(current, later(now, invitation.into()), now);
            return (record, Details::default());
        };
        let urls = partner.endpoints.iter().map(|endpoint| &endpoint.url).chain([&contact.versions_url]);
        let allow = urls.filter_map(host_of).fold(Allow::default(), Allow::host);
        let endpoints = partner.endpoints.clone();
        let details = if is_disputed {
            Details { asked: partner.roles.clone(), allow, endpoints, ..Details::default() }
        } else {
            let allow = partner.roles.iter().map(party_of).fold(allow, Allow::party);
            Details { roles: partner.roles.clone(), allow, endpoints, ..Details::default() }
        };
        let record = Record {
            state: if is_disputed { PartnerState::Pending } else { PartnerState::Registered },
            current: Some(current),
            confirmed: true,
            out: Some(out.clone()),
            profile: former_profile(partner.base64, partner.quirks.as_ref(), contact.version.as_str())
                .unwrap_or_default(),
            contact: Some(contact),
            roles: details.distinct_roles(),
            ..Record::new(id, now)
        };
        (record, details)
    }
}

/// Whether a record is one that was only begun: a crash came between.
fn is_empty(record: &Record) -> bool {
    record.state == PartnerState::Left && record.details == 0
}

fn contact(partner: &FormerPartner) -> Option<Contact> {
    let version: Version = partner.version.as_ref()?.as_str().parse().ok()?;
    Some(Contact { versions_url: partner.versions_url.clone()?, version })
}

async fn read_all(store: &impl Store) -> Result<Vec<(Address, FormerPartner)>, Error> {
    const PAGE: u32 = 500;
    let (mut all, mut start) = (Vec::new(), Start::First);
    loop {
        let page = store.page(&Query::all(FORMER), start, PAGE).await.map_err(failure)?;
        all.extend(page.rows.into_iter().filter_map(|(at, document)| Some((at, read(&document)?))));
        match page.next {
            Some(next) => start = Start::After(next),
            None => return Ok(all),
        }
    }
}

fn read(document: &Document) -> Option<FormerPartner> {
    let is_former = document.format == FORMAT;
    json::read_within(&document.body, Limits::trusted()).ok().filter(|_| is_former).map(|read| read.value)
}

async fn delete(store: &impl Store, at: Address, now: DateTime) -> Result<(), Error> {
    let deleted = store.update(vec![at.clone()], move |tx| Ok::<_, Rejected<()>>(tx.delete(&at, now)?));
    match deleted.await {
        Ok(_) | Err(UpdateError::Rejected(()) | UpdateError::Aborted) => Ok(()),
        Err(UpdateError::Store(error)) => Err(failure(error)),
    }
}
