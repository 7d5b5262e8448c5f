//! Intake of a partner's objects: pushes, and answers to our requests.

use bytes::Bytes;
use ocpi_types::DateTime;
use ocpi_types::endpoint::{Key, Outgoing, Owned, Resource, RootResource};
use ocpi_types::json;
use ocpi_types::protocol::{PartnerId, Party};

use super::decoded::{Copy, Decoded, is_whole};
use super::guards::{Judges, Step};
use super::stored::{changed_document, must_be, read};
use super::{Cause, Charge, Charges, Objects, doubts, put};
use crate::Error;
use crate::order::{
    Arrival, Doubt, DoubtReason, OrderError, OrderFinding, Stamps, StoredCopy, Taken, Update, UpdateOutcome,
    is_plain,
};
use crate::storage::{Address, Document, NewDocument, Rejected, Store, Transaction};

impl<S: Store> Objects<S> {
    /// Takes an update of a partner, in one write: all of it that is newer than the stored object, member by member.
    /// See [`order`](crate::order).
    ///
    /// An update that is late, or for a missing object, is not an error: [`UpdateOutcome::taken`] tells its effect, and
    /// the object is added to the [doubts](Objects::doubts).
    ///
    /// # Errors
    /// When the storage fails, the update is malformed, the stored object was written as the type of another version,
    /// or the object would exceed 15 MiB; and when the stored object is broken and the update is not a PUT of the whole
    /// object, which replaces it.
    pub async fn take<T: Resource>(
        &self,
        at: &Owned<T::Key>,
        update: Update<T>,
        arrival: Arrival,
        by: &Cause,
    ) -> Result<UpdateOutcome, Error> {
        let (outcome, ()) = self.take_judged(at, update, arrival, by, |_| Ok(())).await?;
        Ok(outcome)
    }

    /// [`Objects::take`], with a judge of the resource as the update leaves it, who may refuse it. With the judge's word, if
    /// it was asked: the resource is there, and changed.
    pub(super) async fn take_judged<T: Resource, J: Default + Send + 'static>(
        &self,
        at: &Owned<T::Key>,
        update: Update<T>,
        arrival: Arrival,
        by: &Cause,
        judge: impl Fn(&T) -> Result<J, Error> + Send + Sync + 'static,
    ) -> Result<(UpdateOutcome, J), Error> {
        let (place, settings, cause) = (Place::of::<T>(at), self.order, by.clone());
        let (at, decoded, is_plain) = (at.clone(), self.decoded.clone(), update.is_plain());
        let judges = self.guards.of::<T::Root>();
        let is_whole = update.is_put() && at.key.part().is_none();
        let brings = if is_whole { Brings::Whole } else { Brings::Change };
        self.charged(place.addresses(), None, move |transaction, charges| {
            let mut kept =
                Kept::<T::Root>::load(transaction, &place, &decoded, arrival.ours, &judges, brings)?;
            kept.stays_whole &= is_plain;
            let mut outcome =
                kept.copy.take::<T>(&at, update.clone(), arrival, &settings).map_err(malformed)?;
            kept.doubt_if_broken(&mut outcome, arrival.ours);
            let resource = kept.copy.object.as_ref().filter(|_| outcome.is_changed);
            let resource = resource.and_then(|root| T::find(root, &at.key));
            let word = resource.map(&judge).transpose().map_err(Rejected::Because)?.unwrap_or_default();
            kept.judge(&place, &outcome, &cause).map_err(Rejected::Because)?;
            kept.store(transaction, charges, &place, &mut outcome, &cause, arrival.ours, &decoded)?;
            Ok((outcome, word))
        })
        .await
    }

    /// Takes an object that a partner posts, of which nothing may be there but the same one; then there is no outcome.
    ///
    /// # Errors
    /// As [`Objects::take`], and when another object is there.
    pub(super) async fn take_posted<T: RootResource>(
        &self,
        object: T,
        arrival: Arrival,
        by: &Cause,
    ) -> Result<Option<UpdateOutcome>, Error> {
        let at = object.identity();
        let (place, settings, cause) = (Place::of::<T>(&at), self.order, by.clone());
        let (decoded, is_plain) = (self.decoded.clone(), is_plain(&object));
        let judges = self.guards.of::<T>();
        self.charged(place.addresses(), by.partner(), move |transaction, charges| {
            let mut kept =
                Kept::<T>::load(transaction, &place, &decoded, arrival.ours, &judges, Brings::Whole)?;
            kept.stays_whole &= is_plain;
            match &kept.copy.object {
                Some(there) if *there == object => return Ok(None),
                Some(_) => {
                    let message = "another object with this id was received before";
                    return Err(Rejected::Because(Error::invalid(message)));
                }
                None => {}
            }
            let update = Update::put(object.clone());
            let mut outcome = kept.copy.take::<T>(&at, update, arrival, &settings).map_err(malformed)?;
            kept.doubt_if_broken(&mut outcome, arrival.ours);
            kept.judge(&place, &outcome, &cause).map_err(Rejected::Because)?;
            kept.store(transaction, charges, &place, &mut outcome, &cause, arrival.ours, &decoded)?;
            Ok(Some(outcome))
        })
        .await
    }

    /// Takes the owner's answer to a look-up of an object, which was requested at `asked` and arrived at `came`;
    /// `None`: the owner does not have the object.
    ///
    /// It outweighs all updates that arrived before the request. An answer that looks old is believed only after several
    /// such answers in a row ([`OrderSettings::old_answers`](crate::order::OrderSettings::old_answers)): until then the
    /// object stays in doubt.
    ///
    /// # Errors
    /// As [`Objects::take`].
    pub async fn answer<T: Resource<Root = T>>(
        &self,
        at: &Owned<T::Key>,
        answer: Option<T>,
        asked: DateTime,
        came: DateTime,
        by: &Cause,
    ) -> Result<UpdateOutcome, Error> {
        let (place, settings, cause) = (Place::of::<T>(at), self.order, by.clone());
        let (decoded, is_plain) =
            (self.decoded.clone(), answer.as_ref().is_none_or(|answer| is_plain(answer)));
        let judges = self.guards.of::<T>();
        self.charged(place.addresses(), None, move |transaction, charges| {
            let mut kept = Kept::<T>::load(transaction, &place, &decoded, came, &judges, Brings::Whole)?;
            kept.stays_whole &= is_plain;
            let mut outcome = kept.copy.answer(answer.clone(), asked, came, &settings).map_err(malformed)?;
            kept.tell_if_broken(&mut outcome);
            kept.judge(&place, &outcome, &cause).map_err(Rejected::Because)?;
            kept.store(transaction, charges, &place, &mut outcome, &cause, came, &decoded)?;
            Ok(outcome)
        })
        .await
    }
}

/// Where an object and the doubt about it are kept.
pub(super) struct Place {
    pub(super) object: Address,
    doubt: Address,
    owner: Party,
    /// The key as it was named.
    spelled: String,
}

impl Place {
    pub(super) fn of<T: Resource>(at: &Owned<T::Key>) -> Self {
        let object = Address::of::<T>(at);
        let mut named = Outgoing::default();
        T::root_key(&at.key).encode(&mut named);
        let parts = named.segments.iter().map(String::as_str);
        let parts = parts.chain(named.query.iter().map(|(_, value)| value.as_str()));
        let parts: Vec<String> = parts.map(|part| part.replace('%', "%25").replace('/', "%2f")).collect();
        let spelled = parts.join("/");
        Self { doubt: doubts::address_of(&object), object, owner: at.owner.clone(), spelled }
    }

    pub(super) fn addresses(&self) -> Vec<Address> {
        vec![self.object.clone(), self.doubt.clone()]
    }
}

/// A copy as it is kept, before and after an update.
pub(super) struct Kept<R> {
    pub(super) copy: StoredCopy<R>,
    stamps: Bytes,
    doubt: Option<Doubt>,
    /// The partner for which the doubt counts.
    doubter: Option<PartnerId>,
    before: Before,
    /// The text of the object, if it is there.
    body: Bytes,
    /// Whether the object is read again as it will be, once it is written.
    pub(super) stays_whole: bool,
    judges: Judges<R>,
    /// The object as it was, where a guard wants to see it.
    known: Option<R>,
    /// Whether the object that is there is broken: the update takes its place.
    is_broken: bool,
}

/// Extent of an update.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Brings {
    /// The whole object, or its absence: losing a broken copy does no harm.
    Whole,
    /// A change of the copy, which must be readable.
    Change,
}

/// Result of an update.
pub(super) enum Left {
    /// The document is kept, with these stamps.
    AsBefore(Bytes),
    Document(NewDocument),
    /// A tombstone with these stamps.
    Tombstone(Bytes),
}

/// State of the document before an update.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Before {
    Nothing,
    Document,
    Tombstone,
}

impl<R: Resource<Root = R>> Kept<R> {
    pub(super) fn load(
        transaction: &mut Transaction<'_>,
        place: &Place,
        decoded: &Decoded,
        now: DateTime,
        judges: &Judges<R>,
        brings: Brings,
    ) -> Result<Self, Rejected<Error>> {
        let mut is_broken = false;
        let (mut object, mut times, mut stamps, mut stays_whole) = (None, None, None, false);
        let mut body = Bytes::new();
        if let Some(document) = transaction.get(&place.object)? {
            (stamps, body) = (Some(document.stamps.clone()), document.body.clone());
            if let Some(copy) = decoded.take::<R>(&place.object, document) {
                debug_assert!(is_as_read(&copy, document), "an object is read as another than was written");
                (object, times, stays_whole) = (Some(copy.object), Some(copy.times), true);
            } else {
                must_be::<R>(document).map_err(Rejected::Because)?;
                match read::<R>(document) {
                    Ok(read) => {
                        stays_whole = is_whole(&read);
                        object = Some(read);
                    }
                    Err(_) if brings == Brings::Whole => is_broken = true,
                    Err(error) => return Err(Rejected::Because(error)),
                }
            }
        }
        let mut before = Before::Document;
        if object.is_none() && !is_broken {
            stamps = transaction.tombstone(&place.object)?.map(|tombstone| tombstone.stamps.clone());
            before = if stamps.is_some() { Before::Tombstone } else { Before::Nothing };
        }
        let stamps = stamps.unwrap_or_default();
        let known = transaction.get(&place.doubt)?;
        let (doubt, doubter) = (known.and_then(doubts::read), known.and_then(doubts::counts_for));
        let copy = match times {
            Some(stamps) => StoredCopy { object, stamps, doubt: doubt.clone() },
            // Its times are those of values that nobody knows.
            None if is_broken => StoredCopy { doubt: doubt.clone(), ..StoredCopy::default() },
            None => StoredCopy::load(object, &stamps, doubt.clone(), now),
        };
        let known = if judges.is_empty() { None } else { copy.object.clone() };
        let judges = judges.clone();
        Ok(Self { copy, stamps, doubt, doubter, before, body, stays_whole, judges, known, is_broken })
    }

    /// Asks the guards about what an update makes of the object.
    pub(super) fn judge(&self, place: &Place, outcome: &UpdateOutcome, by: &Cause) -> Result<(), Error> {
        if self.judges.is_empty() || !outcome.is_changed || outcome.taken == Taken::Missing {
            return Ok(());
        }
        let (before, after) = (self.known.as_ref(), self.copy.object.as_ref());
        if before.is_none() && after.is_none() {
            return Ok(());
        }
        self.judges.judge(&Step { at: &place.object, before, after, by })
    }

    /// Notes that the object that was there could not be read.
    pub(super) fn tell_if_broken(&self, outcome: &mut UpdateOutcome) {
        if self.is_broken {
            outcome.findings.push(OrderFinding::CopyBroken);
        }
    }

    /// As [`tell_if_broken`](Self::tell_if_broken), for a push: nobody knows whether the broken object was newer.
    fn doubt_if_broken(&mut self, outcome: &mut UpdateOutcome, now: DateTime) {
        self.tell_if_broken(outcome);
        if self.is_broken {
            self.copy.add_doubts([DoubtReason::Unreadable].into(), now);
        }
    }

    /// The document after an update. Nothing is written yet.
    ///
    /// # Errors
    /// When it is larger than 15 MiB.
    pub(super) fn left(&self, place: &Place, outcome: &UpdateOutcome, by: &Cause) -> Result<Left, Error> {
        let stamps = self.copy.stamps.to_bytes();
        let is_same = stamps == self.stamps && !outcome.is_changed && !self.is_broken;
        if outcome.taken == Taken::Missing || is_same {
            return Ok(Left::AsBefore(stamps));
        }
        let Some(root) = &self.copy.object else { return Ok(Left::Tombstone(stamps)) };
        // A little more than before: a status is longer than another.
        let bytes = self.body.len() + self.body.len() / 64 + 16;
        let document = changed_document(&place.owner, root, &outcome.parts, bytes)?;
        Ok(Left::Document(document.with_stamps(stamps).with_cause(by.to_bytes())))
    }

    /// Writes the result of an update, if it is not as it was before.
    #[expect(clippy::too_many_arguments, reason = "each is of another thing")]
    pub(super) fn store(
        self,
        transaction: &mut Transaction<'_>,
        charges: &mut Charges<'_>,
        place: &Place,
        outcome: &mut UpdateOutcome,
        by: &Cause,
        now: DateTime,
        decoded: &Decoded,
    ) -> Result<(), Rejected<Error>> {
        let left = self.left(place, outcome, by).map_err(Rejected::Because)?;
        self.write(transaction, charges, place, outcome, left, by, now, decoded)
    }

    /// [`store`](Self::store), where the result is known.
    #[expect(clippy::too_many_arguments, reason = "each is of another thing")]
    pub(super) fn write(
        self,
        transaction: &mut Transaction<'_>,
        charges: &mut Charges<'_>,
        place: &Place,
        outcome: &mut UpdateOutcome,
        left: Left,
        by: &Cause,
        now: DateTime,
        decoded: &Decoded,
    ) -> Result<(), Rejected<Error>> {
        outcome.is_settled = self.doubt.is_some() && self.copy.doubt.is_none();
        if !self.store_doubt(transaction, charges, place, by, now)? {
            outcome.findings.push(OrderFinding::DoubtNotKept);
        }
        match left {
            Left::AsBefore(stamps) => {
                if let Some(root) = self.copy.object.filter(|_| self.stays_whole && !outcome.is_touched) {
                    decoded.keep(&place.object, Copy::new(self.body, stamps, root, self.copy.stamps));
                }
            }
            Left::Tombstone(stamps) => {
                if self.before == Before::Tombstone {
                    // Its times change by another deletion.
                    transaction.put(&place.object, super::stored::revived::<R>(&place.owner, now))?;
                }
                let before = transaction.get(&place.object)?.and_then(Charge::of);
                charges.object(place.object.collection(), before, None);
                transaction.delete_with(&place.object, now, stamps)?;
            }
            Left::Document(document) => {
                let (body, stamps) = (document.body().clone(), document.stamps().clone());
                put(transaction, charges, &place.object, document)?;
                if let Some(root) = self.copy.object.filter(|_| self.stays_whole) {
                    decoded.keep(&place.object, Copy::new(body, stamps, root, self.copy.stamps));
                }
            }
        }
        Ok(())
    }

    /// Writes the doubt; `false` if it is one too many of the partner.
    fn store_doubt(
        &self,
        transaction: &mut Transaction<'_>,
        charges: &mut Charges<'_>,
        place: &Place,
        by: &Cause,
        now: DateTime,
    ) -> Result<bool, Rejected<Error>> {
        if self.copy.doubt == self.doubt {
            return Ok(true);
        }
        let counted = by.partner().filter(|_| self.copy.object.is_none() && self.copy.doubt.is_some());
        if !charges.doubt(transaction, self.doubter.clone(), counted)? {
            return Ok(false);
        }
        match &self.copy.doubt {
            Some(doubt) => {
                let document = doubts::document_of(
                    place.doubt.owner(),
                    doubt,
                    by.partner(),
                    counted.is_some(),
                    &place.spelled,
                );
                transaction.put(&place.doubt, document)?;
            }
            None => {
                transaction.delete(&place.doubt, now)?;
            }
        }
        Ok(true)
    }
}

/// Whether reading a document gives what is kept of it.
fn is_as_read<R: Resource<Root = R>>(copy: &Copy<R>, document: &Document) -> bool {
    let is_it =
        read::<R>(document).is_ok_and(|read| read == copy.object && json::to_vec(&read) == document.body);
    is_it && Stamps::from_bytes(&document.stamps).is_some_and(|times| times == copy.times)
}

fn malformed(error: OrderError) -> Rejected<Error> {
    Rejected::Because(Error::invalid(error.to_string()))
}
