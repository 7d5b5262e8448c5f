//! Whether a price can be computed from a tariff.

use crate::{Finding, Object, Profile, Rule, check_profile, v2_1_1, v2_2_1, v2_3_0};

/// A tariff, or an element of one: from which a price can be computed, or not.
///
/// A restriction that is not understood may not be ignored, because the price then holds where it should not; nor may
/// a component, because something then costs nothing.
pub trait Computable: Object {
    /// What stands in the way of a price: unknown restrictions, unknown kinds of prices and conditions, and what is
    /// missing or could not be read. Empty: nothing.
    ///
    /// Spec: 2.2.1 mod_tariffs §tariffrestrictions_class
    ///
    /// ```
    /// use ocpi_types::{Computable, json, v2_2_1::tariffs::TariffElement};
    /// let element = br#"{"price_components": [{"type": "ENERGY", "price": 0.30, "step_size": 1}],
    ///     "restrictions": {"min_vehicle_soc": 20}}"#;
    /// let element = json::read::<TariffElement>(element)?.value;
    /// assert_eq!(element.obstacles()[0].pointer, "/restrictions/min_vehicle_soc");
    /// assert_eq!(element.obstacles()[0].rule.id(), "tariff.not_computable");
    /// # Ok::<(), json::Error>(())
    /// ```
    fn obstacles(&self) -> Vec<Finding> {
        // Every value of every version is known there.
        let mut findings = check_profile(self, &Profile::V2_3_0_BOOKINGS);
        findings.retain(|finding| {
            let in_restrictions = finding.pointer.contains("restrictions/");
            match finding.rule {
                Rule::EnumUnknown | Rule::EnumOpen | Rule::ValueForm | Rule::Missing => {
                    is_price(&finding.pointer)
                }
                Rule::EmptyList => true,
                Rule::UnknownField | Rule::TimeOfDay | Rule::LocalDate => in_restrictions,
                _ => false,
            }
        });
        for finding in &mut findings {
            *finding = Finding::new(std::mem::take(&mut finding.pointer), Rule::NotComputable);
        }
        findings
    }

    /// Whether a price can be computed.
    fn is_computable(&self) -> bool {
        self.obstacles().is_empty()
    }
}

/// Whether a member has to do with the price: all do, but for those that describe.
fn is_price(pointer: &str) -> bool {
    let member = pointer.split('/').nth(1).unwrap_or_default();
    !matches!(member, "energy_mix" | "tariff_alt_text" | "tariff_alt_url" | "type" | "last_updated")
}

impl Computable for v2_1_1::tariffs::Tariff {}
impl Computable for v2_1_1::tariffs::TariffElement {}
impl Computable for v2_2_1::tariffs::Tariff {}
impl Computable for v2_2_1::tariffs::TariffElement {}
impl Computable for v2_3_0::tariffs::Tariff {}
impl Computable for v2_3_0::tariffs::TariffElement {}
