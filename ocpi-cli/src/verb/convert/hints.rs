//! Advice after a refusal: the flag that would decide.

use ocpi_types::convert::ConversionError;
use ocpi_types::convert::ConversionRule as Rule;

/// Objects of the eMSP in 2.1.1, alone or in a command.
const OF_EMSP: &[&str] = &["token", "reserve-now", "start-session", "authorization-info"];

/// Finds the advice that would let an object of this type be converted; `None`: the command knows none.
pub(super) fn way_on(refused: &ConversionError, name: &str, has_locations: bool) -> Option<&'static str> {
    let is_of_emsp = OF_EMSP.contains(&name) || refused.pointer() == "/auth_id";
    match refused.rule() {
        Rule::OwnerUnknown if is_of_emsp => Some("name it with --emsp, such as DE/MSP"),
        Rule::OwnerUnknown => Some("name it with --cpo, such as NL/ALF"),
        Rule::OwnerDiffers if is_of_emsp => Some("leave out --emsp, or name the owner that the object has"),
        Rule::OwnerDiffers => Some("leave out --cpo, or name the owner that the object has"),
        Rule::RoleUnknown => Some("name it with --role CPO or --role EMSP"),
        Rule::TimeZoneUnknown => Some("name it with --time-zone, such as Europe/Oslo"),
        Rule::Party => Some("name it with --role, and with --cpo or --emsp"),
        Rule::LocationUnknown if has_locations => Some("it is not in the files of --locations: add it there"),
        Rule::LocationUnknown => Some("give the file with the locations with --locations FILE"),
        Rule::PriceLimit | Rule::NotPriceable | Rule::TaxReading => Some(ALLOW),
        // One whose elements are all for what the version does not have has no price left.
        Rule::Restriction
            if !refused.pointer().ends_with("/reservation") && !refused.pointer().ends_with("/booking") =>
        {
            Some(ALLOW)
        }
        _ => None,
    }
}

const ALLOW: &str = "--allow-price-changes converts the rest and reports what is lost";
