//! The eMSP's side: drivers with cards, and the rule by which they may charge.

use ocpi_platform::{Authorization, Authorizer};
use ocpi_server_traits::Error as Refusal;
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::tokens::{LocationReferences, Token, TokenInit, TokenType, WhitelistType};
use ocpi_types::{DateTime, Text};

use crate::Error;

/// A card of the sandbox.
struct Card {
    number: u32,
    whitelist: WhitelistType,
    is_valid: bool,
    verdict: Verdict,
}

#[derive(Clone, Copy)]
enum Verdict {
    Allowed,
    NoCredit,
    Expired,
    NotHere,
    NeedsLocation,
}

const fn card(number: u32, whitelist: WhitelistType, is_valid: bool, verdict: Verdict) -> Card {
    Card { number, whitelist, is_valid, verdict }
}

/// The cards, one for each answer of real-time authorization.
static CARDS: [Card; 8] = [
    card(1, WhitelistType::Always, true, Verdict::Allowed),
    card(2, WhitelistType::Allowed, true, Verdict::Allowed),
    card(3, WhitelistType::AllowedOffline, true, Verdict::Allowed),
    card(4, WhitelistType::Never, true, Verdict::NoCredit),
    card(5, WhitelistType::Never, true, Verdict::Expired),
    card(6, WhitelistType::Never, true, Verdict::NotHere),
    card(7, WhitelistType::Never, true, Verdict::NeedsLocation),
    // One that is not valid is BLOCKED, whatever the rule says.
    card(8, WhitelistType::Never, false, Verdict::Allowed),
];

/// The tokens of the sandbox's drivers: `04SANDBOX0001` and so on.
pub(crate) fn tokens(party: &Party, now: DateTime) -> Result<Vec<Token>, Error> {
    CARDS.iter().map(|card| token(card, party, now)).collect()
}

fn token(card: &Card, party: &Party, now: DateTime) -> Result<Token, Error> {
    let contract = format!("{}-{}-C{:08}-X", party.country_code, party.party_id, card.number);
    let visual = format!("{}-{}-{:04}", party.country_code, party.party_id, card.number);
    let init = TokenInit {
        country_code: party.country_code.clone(),
        party_id: party.party_id.clone(),
        uid: uid(card.number).parse().map_err(Error::id)?,
        r#type: TokenType::Rfid,
        contract_id: contract.to_ascii_uppercase().parse().map_err(Error::id)?,
        issuer: Text::try_from("OCPI sandbox").map_err(Error::id)?,
        valid: card.is_valid,
        whitelist: card.whitelist.clone(),
        last_updated: now,
    };
    Ok(Token { visual_number: Some(visual.parse().map_err(Error::id)?), ..init.into() })
}

fn uid(number: u32) -> String {
    format!("04SANDBOX{number:04}")
}

/// Decides by the card; other tokens of ours may charge.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule;

impl Authorizer for Rule {
    async fn authorize(
        &self,
        token: &Token,
        at: Option<&LocationReferences>,
    ) -> Result<Authorization, Refusal> {
        let card = CARDS.iter().find(|card| token.uid.as_str().eq_ignore_ascii_case(&uid(card.number)));
        Ok(match card.map_or(Verdict::Allowed, |card| card.verdict) {
            Verdict::Allowed => Authorization::allowed(),
            Verdict::NoCredit => Authorization::no_credit("Top up your wallet"),
            Verdict::Expired => Authorization::expired("Your contract is over"),
            Verdict::NotHere => Authorization::not_allowed("Your contract does not cover this place"),
            Verdict::NeedsLocation if at.is_none() => Authorization::needs_location(),
            Verdict::NeedsLocation => Authorization::allowed(),
        })
    }
}
