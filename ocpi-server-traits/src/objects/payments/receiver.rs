//! The Receiver interface: of a CPO, for its PTPs.

use ocpi_types::endpoint::{
    GetFinancialAdviceConfirmation, GetTerminal, Key, PostFinancialAdviceConfirmation, PostTerminal,
    PushOutcome, TerminalKey,
};
use ocpi_types::v2_3_0::payments::{FinancialAdviceConfirmation, Terminal};
use ocpi_types::{Patched, Value};

use super::{Payments, TerminalDesk, no_confirmation, no_terminal};
use crate::objects::by_partner::{OfPartner, Shelf, Step};
use crate::storage::Store;
use crate::{Caller, Error, Handle};

fn shelf<T: OfPartner>(caller: &Caller) -> Shelf {
    Shelf::copies_of::<T>(&caller.partner.id)
}

impl<S: Store, D: TerminalDesk> Handle<GetTerminal> for Payments<S, D> {
    async fn handle(&self, caller: &Caller, get: GetTerminal) -> Result<Terminal, Error> {
        let found = self.objects.get_on(&shelf::<Terminal>(caller), get.key.canonical()).await?;
        found.ok_or_else(no_terminal)
    }
}

/// A terminal that is known gets the members that are given, because a PTP has no other way to push a change. One that says
/// nothing new is answered as the first time.
impl<S: Store, D: TerminalDesk> Handle<PostTerminal> for Payments<S, D> {
    async fn handle(&self, caller: &Caller, PostTerminal(given): PostTerminal) -> Result<PushOutcome, Error> {
        let Some(terminal_id) = given.terminal_id.as_set().cloned() else {
            return Err(Error::invalid("a new terminal must give terminal_id"));
        };
        let (key, now) = (TerminalKey { terminal_id }.canonical(), caller.now);
        let age = self.objects.age_at(now);
        let post = move |there: Option<&Terminal>| {
            let time = given.last_updated.as_set().copied();
            let mut terminal = match there {
                Some(there) if time.is_some_and(|time| age.is_older(time, there)) => {
                    return Ok(Step::Leave(PushOutcome::Updated));
                }
                Some(there) => there.clone(),
                None => Terminal { last_updated: now, ..Terminal::blank() },
            };
            terminal.apply(given.clone());
            match there {
                // The same id may be spelled otherwise.
                Some(there)
                    if Terminal { terminal_id: there.terminal_id.clone(), ..terminal.clone() } == *there =>
                {
                    Ok(Step::Leave(PushOutcome::Created))
                }
                Some(there) if time.is_none() => {
                    let last_updated = there.last_updated.max(now);
                    Ok(Step::Store(Terminal { last_updated, ..terminal }))
                }
                _ => Ok(Step::Store(terminal)),
            }
        };
        self.objects.push_on(caller, &shelf::<Terminal>(caller), key, post).await
    }
}

impl<S: Store, D: TerminalDesk> Handle<GetFinancialAdviceConfirmation> for Payments<S, D> {
    async fn handle(
        &self,
        caller: &Caller,
        get: GetFinancialAdviceConfirmation,
    ) -> Result<FinancialAdviceConfirmation, Error> {
        let shelf = shelf::<FinancialAdviceConfirmation>(caller);
        self.objects.get_on(&shelf, get.key.canonical()).await?.ok_or_else(no_confirmation)
    }
}

/// The same confirmation again is answered as the first time, a newer one takes its place. Another one of the same time is
/// refused: it would say that other money was captured.
impl<S: Store, D: TerminalDesk> Handle<PostFinancialAdviceConfirmation> for Payments<S, D> {
    async fn handle(
        &self,
        caller: &Caller,
        PostFinancialAdviceConfirmation(confirmation): PostFinancialAdviceConfirmation,
    ) -> Result<PushOutcome, Error> {
        let (key, age) = (confirmation.canonical(), self.objects.age_at(caller.now));
        let post = move |there: Option<&FinancialAdviceConfirmation>| match there {
            Some(there) if *there == confirmation => Ok(Step::Leave(PushOutcome::Created)),
            Some(there) if age.is_older(confirmation.last_updated, there) => {
                Ok(Step::Leave(PushOutcome::Updated))
            }
            Some(there) if there.last_updated == confirmation.last_updated => {
                Err(Error::invalid("another confirmation with this id was received before"))
            }
            _ => Ok(Step::Store(confirmation.clone())),
        };
        self.objects.push_on(caller, &shelf::<FinancialAdviceConfirmation>(caller), key, post).await
    }
}
