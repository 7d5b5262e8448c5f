//! The Sender interface: of a PTP, for its CPOs.

use ocpi_types::endpoint::{
    ActivateTerminal, DeactivateTerminal, GetOwn, Key, List, Page, PatchTerminal, PushOutcome, PutTerminal,
};
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::payments::{FinancialAdviceConfirmation, Terminal};
use ocpi_types::{CountryCode, DateTime, PartyId, Patched};

use super::{Payments, TerminalDesk, no_confirmation, no_terminal};
use crate::objects::by_partner::{OfPartner, Shelf, Step};
use crate::storage::Store;
use crate::{Caller, Error, Handle, Partner};

fn shelf<T: OfPartner>(caller: &Caller) -> Shelf {
    Shelf::ours_for::<T>(&caller.partner.id)
}

impl<S: Store, D: TerminalDesk> Handle<List<Terminal>> for Payments<S, D> {
    async fn handle(&self, caller: &Caller, list: List<Terminal>) -> Result<Page<Terminal>, Error> {
        self.objects.page_on(caller, &list, &shelf::<Terminal>(caller)).await
    }
}

impl<S: Store, D: TerminalDesk> Handle<GetOwn<Terminal>> for Payments<S, D> {
    async fn handle(&self, caller: &Caller, get: GetOwn<Terminal>) -> Result<Terminal, Error> {
        let found = self.objects.get_on(&shelf::<Terminal>(caller), get.key.canonical()).await?;
        found.ok_or_else(no_terminal)
    }
}

impl<S: Store, D: TerminalDesk> Handle<ActivateTerminal> for Payments<S, D> {
    async fn handle(&self, caller: &Caller, ActivateTerminal(wanted): ActivateTerminal) -> Result<(), Error> {
        let country = wanted.country_code.as_set().and_then(Option::as_ref);
        let party = wanted.party_id.as_set().and_then(Option::as_ref);
        party_of(country, party).map_or(Ok(()), |party| speaks_for(&caller.partner, &party))?;
        let Some(terminal) = self.desk.activate(caller, &wanted).await? else { return Ok(()) };
        let (key, age) = (terminal.canonical(), self.objects.age_at(caller.now));
        let put = move |there: Option<&Terminal>| Ok(age.newest(there, &terminal));
        self.objects.push_on(caller, &shelf::<Terminal>(caller), key, put).await?;
        Ok(())
    }
}

impl<S: Store, D: TerminalDesk> Handle<DeactivateTerminal> for Payments<S, D> {
    async fn handle(&self, caller: &Caller, deactivate: DeactivateTerminal) -> Result<(), Error> {
        let (shelf, key) = (shelf::<Terminal>(caller), deactivate.key.canonical());
        let terminal: Terminal = self.objects.get_on(&shelf, key.clone()).await?.ok_or_else(no_terminal)?;
        let Some(left) = self.desk.deactivate(caller, terminal.clone()).await? else { return Ok(()) };
        if left.canonical() != key {
            return Err(Error::internal("a deactivation gave a terminal another id"));
        }
        let now = caller.now;
        let put = move |there: Option<&Terminal>| match there {
            None => Err(no_terminal()),
            // It was decided on what is not there any more.
            Some(there) if *there != terminal => Err(Error::busy("the terminal changes at this moment", 1)),
            Some(there) if *there == left => Ok(Step::Leave(PushOutcome::Updated)),
            Some(there) => Ok(Step::Store(dated(left.clone(), there, now))),
        };
        self.objects.push_on(caller, &shelf, key, put).await?;
        Ok(())
    }
}

/// The CPO may change a terminal, but not make one: that is [`ActivateTerminal`].
impl<S: Store, D: TerminalDesk> Handle<PutTerminal> for Payments<S, D> {
    async fn handle(&self, caller: &Caller, put: PutTerminal) -> Result<PushOutcome, Error> {
        let (key, terminal) = (put.key.canonical(), put.terminal);
        let (age, who) = (self.objects.age_at(caller.now), caller.partner.clone());
        let put = move |there: Option<&Terminal>| {
            let there = there.ok_or_else(no_terminal)?;
            keeps_party(&who, there, &terminal)?;
            Ok(age.newest(Some(there), &terminal))
        };
        self.objects.push_on(caller, &shelf::<Terminal>(caller), key, put).await
    }
}

/// A PATCH need not say when it was made: then it is made now.
impl<S: Store, D: TerminalDesk> Handle<PatchTerminal> for Payments<S, D> {
    async fn handle(&self, caller: &Caller, patch: PatchTerminal) -> Result<PushOutcome, Error> {
        let (key, patch, now) = (patch.key.canonical(), patch.patch, caller.now);
        let (age, place, who) = (self.objects.age_at(now), key.clone(), caller.partner.clone());
        let change = move |there: Option<&Terminal>| {
            let there = there.ok_or_else(no_terminal)?;
            let time = patch.last_updated.as_set().copied();
            if time.is_some_and(|time| age.is_older(time, there)) {
                return Ok(Step::Leave(PushOutcome::Updated));
            }
            let mut changed = there.clone();
            changed.apply(patch.clone());
            if changed.canonical() != place {
                return Err(Error::invalid("a PATCH cannot change ids"));
            }
            keeps_party(&who, there, &changed)?;
            if changed == *there {
                return Ok(Step::Leave(PushOutcome::Updated));
            }
            Ok(Step::Store(if time.is_some() { changed } else { dated(changed, there, now) }))
        };
        self.objects.push_on(caller, &shelf::<Terminal>(caller), key, change).await
    }
}

impl<S: Store, D: TerminalDesk> Handle<List<FinancialAdviceConfirmation>> for Payments<S, D> {
    async fn handle(
        &self,
        caller: &Caller,
        list: List<FinancialAdviceConfirmation>,
    ) -> Result<Page<FinancialAdviceConfirmation>, Error> {
        self.objects.page_on(caller, &list, &shelf::<FinancialAdviceConfirmation>(caller)).await
    }
}

impl<S: Store, D: TerminalDesk> Handle<GetOwn<FinancialAdviceConfirmation>> for Payments<S, D> {
    async fn handle(
        &self,
        caller: &Caller,
        get: GetOwn<FinancialAdviceConfirmation>,
    ) -> Result<FinancialAdviceConfirmation, Error> {
        let shelf = shelf::<FinancialAdviceConfirmation>(caller);
        self.objects.get_on(&shelf, get.key.canonical()).await?.ok_or_else(no_confirmation)
    }
}

/// A terminal that changed at `now`, which does not go back behind the one that is there.
fn dated(terminal: Terminal, there: &Terminal, now: DateTime) -> Terminal {
    Terminal { last_updated: there.last_updated.max(now), ..terminal }
}

/// Checks that a CPO gives a terminal to no other.
fn keeps_party(who: &Partner, there: &Terminal, changed: &Terminal) -> Result<(), Error> {
    let party = |terminal: &Terminal| party_of(terminal.country_code.as_ref(), terminal.party_id.as_ref());
    let new = party(changed).filter(|new| party(there).as_ref() != Some(new));
    new.map_or(Ok(()), |new| speaks_for(who, &new))
}

fn speaks_for(who: &Partner, party: &Party) -> Result<(), Error> {
    let message = "this partner does not speak for the party of the terminal";
    if who.speaks_for(party) { Ok(()) } else { Err(Error::invalid(message)) }
}

fn party_of(country_code: Option<&CountryCode>, party_id: Option<&PartyId>) -> Option<Party> {
    Some(Party { country_code: country_code?.clone(), party_id: party_id?.clone() })
}
