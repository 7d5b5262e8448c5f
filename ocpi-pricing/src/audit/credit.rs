//! Checks of credit CDRs, by themselves and against the original.

mod amount;
mod copy;
mod difference;
mod tariffs;

use super::Rule;
use super::claims::{CdrClaims, part_pointer};
use super::scope::Scope;
use super::tolerance::negated;
use crate::bill::Category;

pub(super) fn look(scope: &mut Scope<'_>, original: Option<&CdrClaims>) {
    let cdr = scope.cdr;
    if !cdr.is_credit() {
        return;
    }
    let reference = cdr.credit_reference.as_deref();
    if reference.is_some_and(|reference| reference.eq_ignore_ascii_case(&cdr.id)) {
        scope.find(Rule::CreditSelf, "/credit_reference_id", "the id of the original", &cdr.id);
    }
    for category in Category::ALL {
        let part = cdr.parts[category as usize].as_ref();
        if let Some(part) = part.filter(|part| part.before.is_negative()) {
            let pointer = format!("{}{}", part_pointer(category), scope.names.before);
            scope.find(Rule::CreditPartSign, pointer, negated(part.before), part.before);
        }
    }
    if let Some(original) = original {
        against(scope, original);
    }
}

fn against(scope: &mut Scope<'_>, original: &CdrClaims) {
    let cdr = scope.cdr;
    if let Some(reference) = cdr.credit_reference.as_deref() {
        if !reference.eq_ignore_ascii_case(&original.id) {
            scope.find(Rule::CreditOther, "/credit_reference_id", &original.id, reference);
            return;
        }
    }
    if original.is_credit() {
        scope.find(Rule::CreditTwice, "/credit_reference_id", "a CDR that is no credit CDR", &original.id);
    }
    // One that is above zero is reported already.
    if !scope.has(Rule::CreditSign) {
        amount::look(scope, &original.total);
    }
    copy::look(scope, original);
}
