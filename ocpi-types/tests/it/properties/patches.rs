//! A PATCH with all that differs turns one object into the other.

use ocpi_types::v2_3_0::locations::{Connector, ConnectorPatch};
use ocpi_types::v2_3_0::tokens::{Token, TokenPatch};
use ocpi_types::{Change, Extra, Patched, Value, json};
use proptest::prelude::{Strategy, any, prop_assert_eq, proptest};

use super::objects::{connector, token};

/// PATCH of the members that differ. Written out member by member, so that it shares nothing with the library.
macro_rules! difference {
    ($patch:ident, $from:expr, $to:expr; $($member:ident),+) => {
        $patch {
            $($member: change(&$from.$member, &$to.$member),)+
            extra: $to.extra.clone(),
        }
    };
}

fn change<T: Clone + PartialEq>(from: &T, to: &T) -> Change<T> {
    if from == to { Change::Keep } else { Change::Set(to.clone()) }
}

fn connector_difference(from: &Connector, to: &Connector) -> ConnectorPatch {
    difference!(
        ConnectorPatch, from, to;
        id, standard, format, power_type, max_voltage, max_amperage, max_electric_power, tariff_ids,
        terms_and_conditions, capabilities, last_updated
    )
}

fn token_difference(from: &Token, to: &Token) -> TokenPatch {
    difference!(
        TokenPatch, from, to;
        country_code, party_id, uid, r#type, contract_id, visual_number, issuer, group_id, valid, whitelist,
        language, default_profile_type, energy_contract, last_updated
    )
}

/// The patch as the other side reads it.
fn sent<T: Value>(patch: &T) -> T {
    json::from_str(&json::to_string(patch)).expect("what is written can be read")
}

/// Two objects, sometimes alike in many members.
fn pair<T: Clone + std::fmt::Debug, S: Strategy<Value = T>>(
    strategy: fn() -> S,
) -> impl Strategy<Value = (T, T)> {
    (strategy(), strategy(), any::<bool>())
        .prop_map(|(a, b, same)| if same { (a.clone(), a) } else { (a, b) })
}

proptest! {
    #![proptest_config(super::config_of_documents())]

    #[test]
    fn connectors((mut from, to) in pair(connector)) {
        // A PATCH has no word for a member that the specification does not have and that is to go.
        from.extra = Extra::new();
        let patch = connector_difference(&from, &to);
        let read = sent(&patch);
        prop_assert_eq!(&read, &patch);
        from.apply(read);
        prop_assert_eq!(from, to);
    }

    #[test]
    fn tokens((mut from, to) in pair(token)) {
        from.extra = Extra::new();
        let patch = token_difference(&from, &to);
        let read = sent(&patch);
        prop_assert_eq!(&read, &patch);
        from.apply(read);
        prop_assert_eq!(from, to);
    }

    #[test]
    fn a_patch_without_members_changes_nothing(connector in connector(), token in token()) {
        let mut same = connector.clone();
        same.apply(sent(&ConnectorPatch::default()));
        prop_assert_eq!(same, connector);
        let mut same = token.clone();
        same.apply(sent(&TokenPatch::default()));
        prop_assert_eq!(same, token);
    }
}
