//! Collection of an object's facts, in every version.

use std::any::Any;

use super::collected::{Collected, EvseFacts, Inside, Reference};
use super::country::code;
use super::id::{Hashed, Id, folded, hashed};
use super::kind::FeedKind;
use super::place::Spot;
use crate::rules::{is_blank, is_not_applicable};
use crate::v2_2_1::locations::Status;
use crate::v2_3_0::bookings::{Booking, BookingLocation, BookingOption};
use crate::v2_3_0::invoice_reconciliation::InvoiceReconciliationRecord;
use crate::v2_3_0::payments::{FinancialAdviceConfirmation, Terminal};
use crate::{DateTime, Extra, Object, Version, json, v2_1_1, v2_2_1, v2_3_0};

/// The facts of an object; `None` for types that are no part of a feed. The buffer is to write in.
pub(super) fn collect<'a, T: Object>(
    object: &'a T,
    version: Version,
    buffer: &mut Vec<u8>,
) -> Option<Collected<'a>> {
    macro_rules! first_of {
        ($($ty:ty = $kind:ident,)+) => {
            $(if let Some(known) = (object as &dyn Any).downcast_ref::<$ty>() {
                let mut facts = Facts::new(FeedKind::$kind, version);
                known.tell(&mut facts);
                json::write_over(buffer, known);
                facts.collected.content = hashed(&**buffer);
                return Some(facts.collected);
            })+
        };
    }
    first_of! {
        v2_1_1::locations::Location = Location,
        v2_2_1::locations::Location = Location,
        v2_3_0::locations::Location = Location,
        v2_1_1::tariffs::Tariff = Tariff,
        v2_2_1::tariffs::Tariff = Tariff,
        v2_3_0::tariffs::Tariff = Tariff,
        v2_1_1::sessions::Session = Session,
        v2_2_1::sessions::Session = Session,
        v2_3_0::sessions::Session = Session,
        v2_1_1::cdrs::Cdr = Cdr,
        v2_2_1::cdrs::Cdr = Cdr,
        v2_3_0::cdrs::Cdr = Cdr,
        v2_1_1::tokens::Token = Token,
        v2_2_1::tokens::Token = Token,
        Booking = Booking,
        BookingLocation = BookingLocation,
        Terminal = Terminal,
        FinancialAdviceConfirmation = FinancialAdvice,
        InvoiceReconciliationRecord = Invoice,
    }
    None
}

/// Collects the facts of an object.
struct Facts<'a> {
    collected: Collected<'a>,
    owner: Option<Hashed>,
}

impl<'a> Facts<'a> {
    fn new(kind: FeedKind, version: Version) -> Self {
        let collected = Collected {
            kind,
            version,
            id: None,
            id_at: kind.id_at(),
            label: None,
            content: 0,
            country: None,
            currency: None,
            last_updated: None,
            evses: Vec::new(),
            references: Vec::new(),
            is_plain_cdr: false,
        };
        Self { collected, owner: None }
    }

    fn owner(&mut self, country_code: &str, party_id: &str) {
        if !country_code.is_empty() && !party_id.is_empty() {
            self.owner = Some(folded(&format!("{country_code}*{party_id}")));
        }
    }

    /// Objects of 2.1.1 name their owner in members that the version does not have, if at all.
    fn owner_among(&mut self, extra: &Extra) {
        let text = |name| extra.get(name).and_then(|raw| json::from_str::<crate::Text<0>>(raw).ok());
        if let (Some(country_code), Some(party_id)) = (text("country_code"), text("party_id")) {
            self.owner(country_code.as_str(), party_id.as_str());
        }
    }

    fn id(&mut self, id: &str) {
        self.collected.id = named(id).map(|id| Id::new(id, self.owner, self.is_by_case()));
        let may_be_seen = self.collected.kind != FeedKind::Token;
        self.collected.label = named(id).filter(|_| may_be_seen).map(Into::into);
    }

    /// In 2.1.1 only CDRs have ids in which case does not matter.
    fn is_by_case(&self) -> bool {
        self.collected.version == Version::V2_1_1 && self.collected.kind != FeedKind::Cdr
    }

    fn changed(&mut self, time: DateTime) {
        // A time that is missing reads as 1970.
        self.collected.last_updated = Some(time).filter(|time| time.to_chrono().timestamp() != 0);
    }

    fn currency(&mut self, currency: &str, country: Option<&str>) {
        self.collected.currency = code(currency);
        self.collected.country = country.and_then(code);
    }

    /// Adds a reference to an object, once only: the same one may stand at every connector.
    fn refers(&mut self, to: FeedKind, id: &str, spot: Spot) -> Option<&mut Reference> {
        let text = named(id)?;
        let is_it = |known: &Reference| known.to == to && known.inside.is_none() && known.text == text;
        if self.collected.references.iter().any(is_it) {
            return None;
        }
        self.refer(to, text, spot)
    }

    fn refer(&mut self, to: FeedKind, text: &str, spot: Spot) -> Option<&mut Reference> {
        let by_case = self.collected.version == Version::V2_1_1 && to != FeedKind::Cdr;
        self.collected.references.push(Reference {
            to,
            id: Id::new(text, self.owner, by_case),
            text: text.into(),
            spot,
            inside: None,
            is_certain: false,
        });
        self.collected.references.last_mut()
    }

    /// A Location, and an EVSE and a Connector in it.
    fn refers_inside(&mut self, location: (&str, Spot), evse: (&str, Spot), connector: Option<(&str, Spot)>) {
        let inside = named(evse.0).map(|uid| Inside {
            evse: uid.into(),
            evse_at: evse.1,
            connector: connector.and_then(|(id, spot)| Some((named(id)?.into(), spot))),
        });
        let Some(text) = named(location.0) else { return };
        if let Some(reference) = self.refer(FeedKind::Location, text, location.1) {
            reference.inside = inside.map(Box::new);
        }
    }

    /// The tariffs of charging periods: those of a CDR, or those of the feed.
    fn periods<'b>(&mut self, ids: impl Iterator<Item = Option<&'b str>>, own: &[&str]) {
        for (index, id) in ids.enumerate() {
            let Some(id) = id.filter(|id| !own.iter().any(|own| own.eq_ignore_ascii_case(id))) else {
                continue;
            };
            let spot = Spot::within("/charging_periods/*/tariff_id", &[index]);
            if let Some(reference) = self.refers(FeedKind::Tariff, id, spot) {
                reference.is_certain = !own.is_empty();
            }
        }
    }

    fn evse(
        &mut self,
        index: usize,
        (uid, evse_id, status): (&'a str, Option<&'a str>, &Status),
        connectors: impl Iterator<Item = &'a str>,
    ) {
        self.collected.evses.push(EvseFacts {
            index,
            uid: named(uid),
            evse_id: evse_id.and_then(named),
            is_removed: *status == Status::Removed,
            connectors: connectors.filter_map(named).collect(),
        });
    }

    fn tariffs<'b>(&mut self, ids: impl Iterator<Item = &'b str>) {
        for (index, id) in ids.enumerate() {
            self.refers(FeedKind::Tariff, id, Spot::within("/tariff_ids/*", &[index]));
        }
    }
}

/// An id that is one.
fn named(id: &str) -> Option<&str> {
    Some(id).filter(|id| !is_blank(id) && !is_not_applicable(id))
}

/// An object that can be part of a feed.
trait InFeed: Object {
    fn tell<'a>(&'a self, facts: &mut Facts<'a>);
}

/// Collects the facts that all objects have since 2.2.1.
macro_rules! owned {
    ($object:expr, $facts:expr) => {
        $facts.owner($object.country_code.as_str(), $object.party_id.as_str());
        $facts.id($object.id.as_str());
        $facts.changed($object.last_updated);
    };
}

/// Collects the facts that all objects of 2.1.1 have.
macro_rules! unowned {
    ($object:expr, $facts:expr) => {
        $facts.owner_among(&$object.extra);
        $facts.id($object.id.as_str());
        $facts.changed($object.last_updated);
    };
}

/// EVSEs and Connectors of a Location.
macro_rules! evses {
    ($location:expr, $facts:expr) => {
        for (index, evse) in $location.evses.iter().enumerate() {
            let ids = (evse.uid.as_str(), evse.evse_id.as_ref().map(|id| id.as_str()), &evse.status);
            $facts.evse(index, ids, evse.connectors.iter().map(|connector| connector.id.as_str()));
        }
        $facts.collected.country = code($location.country.as_str());
    };
}

impl InFeed for v2_1_1::locations::Location {
    fn tell<'a>(&'a self, facts: &mut Facts<'a>) {
        unowned!(self, facts);
        evses!(self, facts);
        for (e, evse) in self.evses.iter().enumerate() {
            for (c, connector) in evse.connectors.iter().enumerate() {
                let spot = Spot::within("/evses/*/connectors/*/tariff_id", &[e, c]);
                let id = connector.tariff_id.as_ref().map(|id| id.as_str());
                facts.refers(FeedKind::Tariff, id.unwrap_or_default(), spot);
            }
        }
    }
}

impl InFeed for v2_1_1::tariffs::Tariff {
    fn tell<'a>(&'a self, facts: &mut Facts<'a>) {
        unowned!(self, facts);
        let country = self.extra.get("country_code").map(|raw| raw.trim_matches('"'));
        facts.currency(self.currency.as_str(), country);
    }
}

/// The Location that Sessions and CDRs of 2.1.1 hold.
fn embedded(location: &v2_1_1::locations::Location, facts: &mut Facts<'_>) {
    let evse = location.evses.first();
    let connector = evse
        .and_then(|evse| evse.connectors.iter().next())
        .map(|connector| (connector.id.as_str(), Spot::member("/location/evses/0/connectors/0/id")));
    let uid = evse.map(|evse| evse.uid.as_str()).unwrap_or_default();
    let location = (location.id.as_str(), Spot::member("/location/id"));
    facts.refers_inside(location, (uid, Spot::member("/location/evses/0/uid")), connector);
}

impl InFeed for v2_1_1::sessions::Session {
    fn tell<'a>(&'a self, facts: &mut Facts<'a>) {
        unowned!(self, facts);
        facts.currency(self.currency.as_str(), Some(self.location.country.as_str()));
        embedded(&self.location, facts);
    }
}

impl InFeed for v2_1_1::cdrs::Cdr {
    fn tell<'a>(&'a self, facts: &mut Facts<'a>) {
        unowned!(self, facts);
        facts.collected.is_plain_cdr = true;
        facts.currency(self.currency.as_str(), Some(self.location.country.as_str()));
        embedded(&self.location, facts);
    }
}

impl InFeed for v2_1_1::tokens::Token {
    fn tell<'a>(&'a self, facts: &mut Facts<'a>) {
        facts.owner_among(&self.extra);
        facts.id(self.uid.as_str());
        facts.changed(self.last_updated);
    }
}

/// A token is known by its uid and its type.
impl InFeed for v2_2_1::tokens::Token {
    fn tell<'a>(&'a self, facts: &mut Facts<'a>) {
        facts.owner(self.country_code.as_str(), self.party_id.as_str());
        let uid = self.uid.as_str();
        if named(uid).is_some() {
            facts.id(&format!("{} {uid}", self.r#type.as_str()));
        }
        facts.changed(self.last_updated);
    }
}

/// Versions that differ in types, not in members that matter here.
macro_rules! modern {
    ($($version:ident)+) => { $(
        impl InFeed for $version::locations::Location {
            fn tell<'a>(&'a self, facts: &mut Facts<'a>) {
                owned!(self, facts);
                evses!(self, facts);
                for (e, evse) in self.evses.iter().enumerate() {
                    for (c, connector) in evse.connectors.iter().enumerate() {
                        for (t, id) in connector.tariff_ids.iter().enumerate() {
                            let spot = Spot::within("/evses/*/connectors/*/tariff_ids/*", &[e, c, t]);
                            facts.refers(FeedKind::Tariff, id.as_str(), spot);
                        }
                    }
                }
            }
        }

        impl InFeed for $version::tariffs::Tariff {
            fn tell<'a>(&'a self, facts: &mut Facts<'a>) {
                owned!(self, facts);
                facts.currency(self.currency.as_str(), Some(self.country_code.as_str()));
            }
        }

        impl InFeed for $version::sessions::Session {
            fn tell<'a>(&'a self, facts: &mut Facts<'a>) {
                owned!(self, facts);
                facts.currency(self.currency.as_str(), None);
                facts.refers_inside(
                    (self.location_id.as_str(), Spot::member("/location_id")),
                    (self.evse_uid.as_str(), Spot::member("/evse_uid")),
                    Some((self.connector_id.as_str(), Spot::member("/connector_id"))),
                );
                let ids = self.charging_periods.iter().map(|it| it.tariff_id.as_ref().map(|id| id.as_str()));
                facts.periods(ids, &[]);
            }
        }

        impl InFeed for $version::cdrs::Cdr {
            fn tell<'a>(&'a self, facts: &mut Facts<'a>) {
                owned!(self, facts);
                let location = &self.cdr_location;
                facts.currency(self.currency.as_str(), Some(location.country.as_str()));
                facts.refers_inside(
                    (location.id.as_str(), Spot::member("/cdr_location/id")),
                    (location.evse_uid.as_str(), Spot::member("/cdr_location/evse_uid")),
                    Some((location.connector_id.as_str(), Spot::member("/cdr_location/connector_id"))),
                );
                let own: Vec<&str> = self.tariffs.iter().map(|tariff| tariff.id.as_str()).collect();
                let ids = self.charging_periods.iter().map(|it| it.tariff_id.as_ref().map(|id| id.as_str()));
                facts.periods(ids, &own);
                let session = self.session_id.as_ref().map(|id| id.as_str());
                facts.refers(FeedKind::Session, session.unwrap_or_default(), Spot::member("/session_id"));
                let credited = self.credit_reference_id.as_ref().map(|id| id.as_str());
                let spot = Spot::member("/credit_reference_id");
                facts.refers(FeedKind::Cdr, credited.unwrap_or_default(), spot);
                facts.collected.is_plain_cdr = self.credit != Some(true) && credited.is_none();
            }
        }
    )+ };
}

modern! { v2_2_1 v2_3_0 }

/// Adds the Location of a Booking or BookingLocation, with the EVSE and Connector there.
fn bookable(location: &str, option: Option<&BookingOption>, facts: &mut Facts<'_>) {
    let evse = option.and_then(|option| option.evse_uid.as_ref()).map(|uid| uid.as_str());
    let connector = option.and_then(|option| option.connector_id.as_ref()).map(|id| id.as_str());
    facts.refers_inside(
        (location, Spot::member("/location_id")),
        (evse.unwrap_or_default(), Spot::member("/booking_option/evse_uid")),
        connector.map(|id| (id, Spot::member("/booking_option/connector_id"))),
    );
}

impl InFeed for Booking {
    fn tell<'a>(&'a self, facts: &mut Facts<'a>) {
        owned!(self, facts);
        bookable(self.location_id.as_str(), self.booking_option.as_deref(), facts);
        facts.tariffs(self.tariff_ids.iter().map(|id| id.as_str()));
    }
}

impl InFeed for BookingLocation {
    fn tell<'a>(&'a self, facts: &mut Facts<'a>) {
        owned!(self, facts);
        bookable(self.location_id.as_str(), self.booking_option.as_deref(), facts);
        facts.tariffs(self.tariff_ids.iter().map(|id| id.as_str()));
    }
}

impl InFeed for Terminal {
    fn tell<'a>(&'a self, facts: &mut Facts<'a>) {
        let owner = (self.country_code.as_ref(), self.party_id.as_ref());
        if let (Some(country_code), Some(party_id)) = owner {
            facts.owner(country_code.as_str(), party_id.as_str());
        }
        facts.id(self.terminal_id.as_str());
        facts.changed(self.last_updated);
        for (index, id) in self.location_ids.iter().enumerate() {
            facts.refers(FeedKind::Location, id.as_str(), Spot::within("/location_ids/*", &[index]));
        }
    }
}

impl InFeed for FinancialAdviceConfirmation {
    fn tell<'a>(&'a self, facts: &mut Facts<'a>) {
        facts.id(self.id.as_str());
        facts.changed(self.last_updated);
        facts.currency(self.currency.as_str(), None);
    }
}

impl InFeed for InvoiceReconciliationRecord {
    fn tell<'a>(&'a self, facts: &mut Facts<'a>) {
        owned!(self, facts);
        // The record may be the eMSP's; the CDRs are the CPO's.
        facts.owner = None;
        for (index, id) in self.cdrs.iter().enumerate() {
            facts.refers(FeedKind::Cdr, id.as_str(), Spot::within("/cdrs/*", &[index]));
        }
    }
}
