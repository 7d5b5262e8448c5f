//! Strategies of proptest: conformant values of every type, from the tables of members. Needs the feature
//! `proptest`.
//!
//! A document is generated member by member, checked by [`check_ruleset`](crate::check_ruleset), and repaired where
//! members contradict each other: duplicate ids, ends before beginnings, a credit without a reference. The result
//! breaks no rule of severity [`Error`](crate::Severity::Error). It may break others: shares that do not add up to 100
//! percent, voltages of zero, and whatever else the specification allows.
//!
//! ```
//! use ocpi_types::{Ruleset, check_ruleset, strategies, v2_2_1::tokens::Token};
//! use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};
//!
//! proptest! {
//!     #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(16) })]
//!     fn tokens_conform(token in strategies::any_conformant::<Token>(&Ruleset::V2_2_1)) {
//!         let errors = check_ruleset(&token, &Ruleset::V2_2_1).iter().filter(|found| found.is_error()).count();
//!         prop_assert_eq!(errors, 0);
//!     }
//! }
//! tokens_conform();
//! ```

mod node;
mod repair;
mod scalars;

use proptest::strategy::{BoxedStrategy, Just, Strategy};
use proptest::{bool, collection};

use crate::{Cardinality, Field, ObjectInfo, Pattern, Ruleset, Type, Value};
use node::{Member, Node};

/// Returns a strategy for values of a type that conform to a ruleset.
///
/// Enums only have values that the ruleset lists, even if they are open; lists are short; there are no unknown members.
/// Members that the ruleset requires are always present. The PATCH type of an object, which has no rules of its own,
/// can be generated too.
pub fn any_conformant<T: Value>(profile: &'static Ruleset) -> BoxedStrategy<T> {
    slot(&T::TYPE, T::PATTERN, T::IS_LIST, T::CARD == Cardinality::AtLeastOne, profile)
        .prop_filter_map("cannot be repaired", move |node| repair::conformant(node, profile))
        .boxed()
}

/// Strategy for the value of a member, or for the whole document.
fn slot(
    ty: &Type,
    form: Pattern,
    is_list: bool,
    is_filled: bool,
    profile: &'static Ruleset,
) -> BoxedStrategy<Node> {
    let one = match ty {
        Type::Object(info) => object(info(), profile),
        scalar => scalars::any_of(scalar, form, profile).prop_map(Node::Leaf).boxed(),
    };
    if !is_list {
        return one;
    }
    let least = usize::from(is_filled);
    // An empty list is a member that is left out.
    collection::vec(one, 1..=2).prop_map(move |nodes| Node::List { nodes, least }).boxed()
}

fn object(info: &'static ObjectInfo, profile: &'static Ruleset) -> BoxedStrategy<Node> {
    let is_spoken = |field: &&Field| info.has_in(field.name, profile.documents);
    let members: Vec<_> =
        info.fields.iter().filter(is_spoken).map(|field| member(info, field, profile)).collect();
    members.prop_map(|members| Node::Object(node::in_order_of_time(members))).boxed()
}

/// A member; one that may be left out is made all the same, and kept or not.
fn member(
    info: &'static ObjectInfo,
    field: &'static Field,
    profile: &'static Ruleset,
) -> BoxedStrategy<Member> {
    let is_needed = field.card.is_required() || profile.demands.contains(&(info.name, field.name));
    let kept = if is_needed { Just(true).boxed() } else { bool::ANY.boxed() };
    let value = slot(&field.ty, field.pattern, field.is_list, is_needed, profile);
    (kept, value).prop_map(move |(is_kept, node)| Member { field, is_needed, is_kept, node }).boxed()
}
