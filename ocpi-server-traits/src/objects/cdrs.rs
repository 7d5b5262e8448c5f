//! Posted CDRs: they never change, and must meet rules.

use ocpi_types::endpoint::{Created, GetCdr, Outgoing, Owned, PostCdr, RootResource};

use super::cdr_rules::Against;
use super::handlers::tell_quota;
use super::stored::document_of;
use super::{Cause, Objects, kept, missing, put};
use crate::storage::{Address, NewDocument, Rejected, Store, Transaction};
use crate::{Caller, Error, Handle};

/// The collection of notes which CDR credits which.
const CREDITS: &str = "CdrCredit";
/// Format of the notes: the key of the credit.
const FORMAT: &str = "credit 1";

/// A CDR never changes: the same one again is answered as the first time, another one with its id is refused. What is new is
/// held to the [rules](super::CdrRules).
impl<S: Store, T: RootResource> Handle<PostCdr<T>> for Objects<S> {
    async fn handle(&self, caller: &Caller, PostCdr(cdr): PostCdr<T>) -> Result<Created, Error> {
        let at = cdr.identity();
        let mut place = Outgoing::default();
        at.encode(&mut place);
        let location = place
            .url(Some(&caller.endpoint))
            .ok_or_else(|| Error::invalid("the id cannot stand in a URL"))?;
        let mut against = Against::default();
        against.judge_driver(self.cdr_rules, &self.own, &cdr)?;
        let address = Address::of::<T>(&at);
        let credit = Credit::of(&cdr, &at);
        let document = document_of(&at.owner, &cdr, "")?.with_cause(Cause::push(caller).to_bytes());
        let mut places = vec![address.clone()];
        places.extend(credit.iter().flat_map(Credit::addresses));
        let (rules, now, likely) = (self.cdr_rules, caller.now, Some(&caller.partner.id));
        let written = self.charged(places, likely, move |transaction, charges| {
            match kept::<T>(transaction, &address)? {
                Some(there) if there == cdr => return Ok(Against::default()),
                Some(_) => {
                    let message = "another CDR with this id was received before";
                    return Err(Rejected::Because(Error::invalid(message)));
                }
                None => {}
            }
            let mut against = against.clone();
            if let Some(credit) = &credit {
                if transaction.get(&credit.of)?.is_none() {
                    let message = "the CDR that is credited is not known";
                    against
                        .judge(rules.unknown_credit, "cdr.unknown_credit", message)
                        .map_err(Rejected::Because)?;
                }
                if credit.is_second(transaction, &address)? {
                    let message = "the CDR is credited by another one already";
                    against
                        .judge(rules.second_credit, "cdr.second_credit", message)
                        .map_err(Rejected::Because)?;
                } else {
                    let note = NewDocument::new(address.key().as_bytes().to_vec(), FORMAT, now);
                    transaction.put(&credit.note, note)?;
                }
            }
            put(transaction, charges, &address, document.clone())?;
            Ok(against)
        });
        tell_quota::<T, _>(caller, written.await)?.tell::<T>(caller);
        Ok(Created { location: Some(location.as_str().to_owned()) })
    }
}

impl<S: Store, T: RootResource> Handle<GetCdr<T>> for Objects<S> {
    async fn handle(&self, _: &Caller, get: GetCdr<T>) -> Result<T, Error> {
        let at = get.at.ok_or_else(missing::<T>)?;
        self.get::<T>(&at).await?.ok_or_else(missing::<T>)
    }
}

/// A CDR that credits another one.
struct Credit {
    /// The one that it credits.
    of: Address,
    /// The note of that.
    note: Address,
}

impl Credit {
    fn of<T: RootResource>(cdr: &T, at: &Owned<T::Key>) -> Option<Self> {
        let of = Address::of::<T>(&Owned { owner: at.owner.clone(), key: cdr.credited()? });
        let note = Address::new(CREDITS, of.owner(), of.key());
        Some(Self { of, note })
    }

    fn addresses(&self) -> [Address; 2] {
        [self.of.clone(), self.note.clone()]
    }

    /// Whether another one than that at the address has credited it.
    fn is_second(
        &self,
        transaction: &mut Transaction<'_>,
        credit: &Address,
    ) -> Result<bool, Rejected<Error>> {
        let known = transaction.get(&self.note)?;
        Ok(known.is_some_and(|note| &*note.body != credit.key().as_bytes()))
    }
}
