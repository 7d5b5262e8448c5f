//! Currencies, and the countries that use them.

use std::collections::BTreeMap;

use super::collected::Collected;
use super::country::{Country, code_text};
use super::findings::Told;
use super::id::{Hashed, Id};
use super::ids::{Ids, Leads};
use super::kind::FeedKind;
use super::place::{At, Spot};
use crate::Rule;
use crate::standards::{CURRENCIES, by_alpha2, by_alpha3};

#[derive(Debug, Default)]
pub(super) struct Money {
    tariffs: Vec<Priced>,
    /// The countries in which a tariff is used, by its id.
    uses: BTreeMap<Hashed, Vec<(Id, Country, At)>>,
    sessions: Vec<(Priced, Id)>,
    /// The countries of Locations, by their places.
    countries: BTreeMap<At, Country>,
}

/// An amount in a currency.
#[derive(Debug)]
struct Priced {
    id: Option<Id>,
    currency: Country,
    /// Country in which it is paid, if nothing else says so.
    country: Option<Country>,
    at: At,
}

impl Money {
    pub(super) fn add(&mut self, object: &Collected<'_>, at: At, told: &mut Vec<Told>) {
        let priced = |currency| Priced { id: object.id, currency, country: object.country, at };
        match (object.kind, object.currency) {
            (FeedKind::Location, _) => self.location(object, at),
            (FeedKind::Tariff, Some(currency)) => self.tariffs.push(priced(currency)),
            (FeedKind::Session, Some(currency)) => {
                let location = object.references.iter().find(|it| it.to == FeedKind::Location);
                match (object.country, location) {
                    (Some(_), _) => told.extend(priced(currency).judge(None)),
                    (None, Some(location)) => self.sessions.push((priced(currency), location.id)),
                    (None, None) => {}
                }
            }
            (_, Some(currency)) => told.extend(priced(currency).judge(None)),
            (_, None) => {}
        }
    }

    fn location(&mut self, object: &Collected<'_>, at: At) {
        let Some(country) = object.country else { return };
        self.countries.insert(at, country);
        for reference in object.references.iter().filter(|it| it.to == FeedKind::Tariff) {
            let uses = self.uses.entry(reference.id.folded).or_default();
            let is_known =
                |(id, known, _): &(Id, Country, At)| *known == country && id.owner == reference.id.owner;
            if !uses.iter().any(is_known) {
                uses.push((reference.id, country, at));
            }
        }
    }

    pub(super) fn finish(self, ids: &Ids, told: &mut Vec<Told>) {
        let Self { tariffs, uses, sessions, countries } = self;
        for tariff in tariffs {
            let leads_here = |(id, _, _): &&(Id, Country, At)| matches!(ids.find(FeedKind::Tariff, id), Leads::To(found) if found.at == tariff.at);
            let used = tariff.id.and_then(|id| uses.get(&id.folded)).map(Vec::as_slice).unwrap_or_default();
            let mut used = used.iter().filter(leads_here).peekable();
            if used.peek().is_none() {
                told.extend(tariff.judge(None));
                continue;
            }
            told.extend(used.find_map(|(_, country, at)| tariff.judge(Some((*country, *at)))));
        }
        for (session, location) in sessions {
            if let Leads::To(found) = ids.find(FeedKind::Location, &location) {
                let country = countries.get(&found.at).map(|country| (*country, found.at));
                told.extend(country.and_then(|used| session.judge(Some(used))));
            }
        }
    }
}

impl Priced {
    /// Returns a finding if the currency is not one of the country: that of a Location, or its own.
    fn judge(&self, used: Option<(Country, At)>) -> Option<Told> {
        let country = used.map(|(country, _)| country).or(self.country)?;
        if accepts(country, self.currency)? {
            return None;
        }
        let text = format!("{} is not paid with in {}", code_text(self.currency), code_text(country));
        let told = Told::of(Rule::FeedCurrency, self.at, Spot::member("/currency")).saying(text);
        Some(match used {
            Some((_, at)) => told.with(at, Spot::member("/country")),
            None => told,
        })
    }
}

/// Checks whether a currency is one of a country; `None` for codes that are not known to be a country or a currency.
fn accepts(country: Country, currency: Country) -> Option<bool> {
    let code = code_text(country);
    let known = if code.len() == 2 { by_alpha2(&code) } else { by_alpha3(&code) }?;
    let currencies = known.currencies;
    // Codes for tests and for no currency say nothing.
    let is_known = |code: &str| (CURRENCIES.has)(&code.to_ascii_uppercase());
    let is_currency = is_known(&code_text(currency)) && currency.first() != Some(&b'X');
    let is_of_country = currencies.split(' ').any(|known| known.eq_ignore_ascii_case(&code_text(currency)));
    (!currencies.is_empty() && (is_currency || is_of_country)).then_some(is_of_country)
}

#[cfg(test)]
mod tests {
    use super::accepts;
    use crate::feed::country::code;

    #[test]
    fn countries_have_their_currencies() {
        let accepts = |country, currency| accepts(code(country).unwrap(), code(currency).unwrap());
        assert_eq!(accepts("GBR", "EUR"), Some(false));
        assert_eq!(accepts("GB", "gbp"), Some(true));
        assert_eq!(accepts("XKX", "EUR"), Some(true));
        assert_eq!(accepts("ZZZ", "EUR"), None, "no country");
        assert_eq!(accepts("NLD", "XXX"), None, "no currency");
        assert_eq!(accepts("CHN", "RMB"), None, "no currency of ISO 4217, which is told of it already");
        assert_eq!(accepts("CIV", "XOF"), Some(true));
    }
}
