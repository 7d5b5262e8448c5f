//! Records as they are stored.

use ocpi_types::json::{self, Limits, RawJson};
use ocpi_types::protocol::{PartnerProfile, TokenForm, TokenScope};
use ocpi_types::{CredentialsToken, DateTime, ModuleId, Role, Text, Url, Version};

use super::permissions::{self, StoredPermissions};
use super::seals::Seals;
use crate::trust::{
    Attempts, Contact, Exchange, Hasher, Issued, Method, PartnerState, Record, Superseded, TokenHash,
};

/// Format of the documents.
pub(super) const FORMAT: &str = "partner 2";

ocpi_types::object! {
    /// A record. Tokens that we issued are hashes, tokens that have to be sent are sealed.
    pub struct StoredRecord = "Partner", init StoredRecordInit {
        /// The application's name for the partner.
        pub id: Text<0>,
        /// The state.
        pub state: Text<0>,
        /// Time of the last change of the state.
        pub since: DateTime,
        /// Hash of the token by which we know it.
        pub current: Option<Text<0>>,
        /// Whether it was used.
        pub confirmed: bool,
        /// End of the invitation.
        pub expires: Option<DateTime>,
        /// Hash of a token that was offered in an exchange that was overtaken.
        pub kept: Option<Text<0>>,
        /// The token that was replaced last.
        pub superseded: Option<Box<StoredSuperseded>>,
        /// The token by which it knows us.
        pub out: Option<Text<0>>,
        /// The one before.
        pub out_before: Option<Text<0>>,
        /// Our open exchange.
        pub exchange: Option<Box<StoredExchange>>,
        /// Whether it may be locked out.
        pub suspect: bool,
        /// Tries of the first use of `out`.
        pub unproved: Option<Box<StoredAttempts>>,
        /// Time of the last rotation that was to heal it.
        pub healed: Option<DateTime>,
        /// Tries of the DELETE.
        pub delete: Option<Box<StoredAttempts>>,
        /// Version and URL.
        pub contact: Option<Box<StoredContact>>,
        /// Its deviations.
        pub profile: Option<RawJson>,
        /// Its roles.
        pub roles: Vec<Role>,
        /// Permissions beyond those of its roles.
        pub permissions: Option<Box<StoredPermissions>>,
        /// Number of its details.
        pub details: i64,
    }
}

ocpi_types::object! {
    /// A token that was replaced.
    pub struct StoredSuperseded = "Superseded", init StoredSupersededInit {
        /// Its hash.
        pub token: Text<0>,
        /// Method of the request.
        pub method: Text<0>,
        /// Hash of the request.
        pub request: Text<0>,
        /// The token in the answer.
        pub answer: Text<0>,
        /// End of the time in which the request may come again.
        pub until: DateTime,
    }
}

ocpi_types::object! {
    /// An exchange.
    pub struct StoredExchange = "Exchange", init StoredExchangeInit {
        /// Its method.
        pub method: Text<0>,
        /// The token that it is sent with.
        pub with: Text<0>,
        /// The token that it offers.
        pub offered: Text<0>,
        /// URL of the versions.
        pub url: Url,
        /// Tries.
        pub attempts: StoredAttempts,
        /// Number of times in succession that the token was refused.
        pub refusals: i64,
    }
}

ocpi_types::object! {
    /// Tries of a request.
    pub struct StoredAttempts = "Attempts", init StoredAttemptsInit {
        /// Number of tries.
        pub count: i64,
        /// Time of the next one.
        pub next: DateTime,
    }
}

ocpi_types::object! {
    /// Version and URL of a partner.
    pub struct StoredContact = "Contact", init StoredContactInit {
        /// URL of its versions.
        pub versions_url: Url,
        /// The version.
        pub version: Text<0>,
        /// Whether it takes tokens in Base64: in records without a profile.
        pub base64: bool,
        /// Its other deviations, in records of a time when they stood here.
        pub quirks: Option<RawJson>,
    }
}

/// Reads and writes records.
#[derive(Clone, Debug)]
pub(super) struct Forms {
    pub(super) hasher: Hasher,
    pub(super) seals: Seals,
}

impl Forms {
    /// Writes a record.
    pub(super) fn write(&self, record: &Record) -> Option<Vec<u8>> {
        let seal = |token: &CredentialsToken| text(&self.seals.seal(&record.id, token)?);
        let sealed =
            |token: &Option<CredentialsToken>| token.as_ref().map(seal).map_or(Some(None), |t| t.map(Some));
        let superseded = match &record.superseded {
            None => None,
            Some(known) => Some(Box::new(
                StoredSupersededInit {
                    token: hash(&known.token)?,
                    method: word(METHODS, known.method)?,
                    request: hash(&known.request)?,
                    answer: seal(&known.answer)?,
                    until: known.until,
                }
                .into(),
            )),
        };
        let exchange = match &record.exchange {
            None => None,
            Some(open) => Some(Box::new(
                StoredExchangeInit {
                    method: word(METHODS, open.method)?,
                    with: seal(&open.with)?,
                    offered: seal(&open.offered.token)?,
                    url: open.url.clone(),
                    attempts: attempts(open.attempts),
                    refusals: open.refusals.into(),
                }
                .into(),
            )),
        };
        let contact = match &record.contact {
            None => None,
            Some(contact) => Some(Box::new(stored_contact(contact, &record.profile)?)),
        };
        let stored = StoredRecord {
            current: record.current.as_ref().map_or(Some(None), |token| hash(token).map(Some))?,
            expires: record.expires,
            kept: record.kept.as_ref().map_or(Some(None), |token| hash(token).map(Some))?,
            superseded,
            out: sealed(&record.out)?,
            out_before: sealed(&record.out_before)?,
            exchange,
            unproved: record.unproved.map(|unproved| Box::new(attempts(unproved))),
            healed: record.healed,
            delete: record.delete.map(|delete| Box::new(attempts(delete))),
            contact,
            profile: (record.profile != PartnerProfile::strict()).then(|| record.profile.to_json()),
            roles: record.roles.clone(),
            permissions: permissions::write(&record.permissions).map(Box::new),
            ..StoredRecordInit {
                id: text(&record.id)?,
                state: text(record.state.as_str())?,
                since: record.since,
                confirmed: record.confirmed,
                suspect: record.suspect,
                details: i64::try_from(record.details).ok()?,
            }
            .into()
        };
        Some(json::to_vec(&stored))
    }

    /// Reads a record; `None` if it is broken, or sealed with a key that is not there.
    pub(super) fn read(&self, body: &[u8]) -> Option<Record> {
        let stored: StoredRecord = json::read_within(body, Limits::trusted()).ok()?.value;
        let id = stored.id.as_str();
        let open = |sealed: &Text<0>| self.seals.open(id, sealed.as_str());
        let opened =
            |sealed: &Option<Text<0>>| sealed.as_ref().map_or(Some(None), |sealed| open(sealed).map(Some));
        let superseded = match &stored.superseded {
            None => None,
            Some(known) => Some(Superseded {
                token: TokenHash::from_hex(known.token.as_str())?,
                method: meaning(METHODS, &known.method)?,
                request: TokenHash::from_hex(known.request.as_str())?,
                answer: open(&known.answer)?,
                until: known.until,
            }),
        };
        let exchange = match &stored.exchange {
            None => None,
            Some(known) => {
                let token = open(&known.offered)?;
                Some(Exchange {
                    method: meaning(METHODS, &known.method)?,
                    with: open(&known.with)?,
                    offered: Issued { hash: self.hasher.token(&token), token },
                    url: known.url.clone(),
                    attempts: tries(&known.attempts)?,
                    refusals: known.refusals.try_into().ok()?,
                })
            }
        };
        let hash = |text: &Option<Text<0>>| {
            text.as_ref().map_or(Some(None), |t| TokenHash::from_hex(t.as_str()).map(Some))
        };
        Some(Record {
            id: id.to_owned(),
            state: PartnerState::ALL.into_iter().find(|state| stored.state.as_str() == state.as_str())?,
            since: stored.since,
            current: hash(&stored.current)?,
            confirmed: stored.confirmed,
            expires: stored.expires,
            kept: hash(&stored.kept)?,
            superseded,
            out: opened(&stored.out)?,
            out_before: opened(&stored.out_before)?,
            exchange,
            suspect: stored.suspect,
            unproved: stored.unproved.as_deref().map_or(Some(None), |known| tries(known).map(Some))?,
            healed: stored.healed,
            delete: stored.delete.as_deref().map_or(Some(None), |delete| tries(delete).map(Some))?,
            contact: stored.contact.as_deref().map_or(Some(None), |known| contact(known).map(Some))?,
            profile: match (&stored.profile, stored.contact.as_deref()) {
                (Some(profile), _) => PartnerProfile::from_json(profile).ok()?,
                (None, Some(contact)) => {
                    former_profile(Some(contact.base64), contact.quirks.as_ref(), contact.version.as_str())?
                }
                (None, None) => PartnerProfile::strict(),
            },
            roles: stored.roles,
            permissions: stored.permissions.map(|known| permissions::read(*known)).unwrap_or_default(),
            details: stored.details.try_into().ok()?,
        })
    }
}

type Words<T> = &'static [(&'static str, T)];

const METHODS: Words<Method> = &[("POST", Method::Post), ("PUT", Method::Put)];

fn word<T: Copy + PartialEq>(words: Words<T>, value: T) -> Option<Text<0>> {
    words.iter().find(|(_, known)| *known == value).and_then(|(word, _)| text(word))
}

fn meaning<T: Copy>(words: Words<T>, word: &Text<0>) -> Option<T> {
    words.iter().find(|(known, _)| word.as_str() == *known).map(|(_, value)| *value)
}

fn text(text: &str) -> Option<Text<0>> {
    text.parse().ok()
}

fn hash(hash: &TokenHash) -> Option<Text<0>> {
    text(&hash.to_string())
}

fn attempts(attempts: Attempts) -> StoredAttempts {
    StoredAttemptsInit { count: attempts.count.into(), next: attempts.next }.into()
}

fn tries(stored: &StoredAttempts) -> Option<Attempts> {
    Some(Attempts { count: stored.count.try_into().ok()?, next: stored.next })
}

fn stored_contact(contact: &Contact, profile: &PartnerProfile) -> Option<StoredContact> {
    let scope = TokenScope::Module(ModuleId::Credentials);
    let init = StoredContactInit {
        versions_url: contact.versions_url.clone(),
        version: text(contact.version.as_str())?,
        base64: profile.token_form(contact.version, &scope) == TokenForm::Base64,
    };
    Some(init.into())
}

fn contact(stored: &StoredContact) -> Option<Contact> {
    let version: Version = stored.version.as_str().parse().ok()?;
    Some(Contact { versions_url: stored.versions_url.clone(), version })
}

/// The profile of a record of a time when there was less of it: the form of the token, and the rest.
pub(super) fn former_profile(
    base64: Option<bool>,
    quirks: Option<&RawJson>,
    version: &str,
) -> Option<PartnerProfile> {
    let version: Version = version.parse().ok()?;
    let profile = quirks.map_or_else(|| Ok(PartnerProfile::strict()), PartnerProfile::from_json).ok()?;
    let form = base64.map(|base64| if base64 { TokenForm::Base64 } else { TokenForm::Plain });
    let odd = form.filter(|form| *form != TokenForm::of(version));
    Some(odd.map_or(profile.clone(), |form| profile.with_token(form)))
}
