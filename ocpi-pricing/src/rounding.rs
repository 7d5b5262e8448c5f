//! Rounding of money for output.
//!
//! The specification leaves rounding to law and contract, so amounts are rounded only when they are shown or compared.

use ocpi_types::{Currency, Decimal};

/// Rounding of amounts to a number of decimals, half away from zero.
///
/// ```
/// use ocpi_pricing::rounding::Rounding;
/// let amount = "4.997".parse().unwrap();
/// assert_eq!(Rounding::of(&"EUR".parse().unwrap()).apply(amount).to_string(), "5.00");
/// assert_eq!(Rounding::of(&"JPY".parse().unwrap()).apply(amount).to_string(), "5");
/// assert_eq!(Rounding::of(&"KWD".parse().unwrap()).apply(amount).to_string(), "4.997");
/// assert_eq!(Rounding::none().apply(amount), amount);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Rounding(Option<u32>);

impl Rounding {
    /// Rounds to the minor unit of the currency.
    pub fn of(currency: &Currency) -> Self {
        Self(Some(minor_unit(currency)))
    }

    /// Rounds to a number of decimals.
    pub fn to_decimals(decimals: u32) -> Self {
        Self(Some(decimals))
    }

    /// Does not round.
    pub fn none() -> Self {
        Self(None)
    }

    /// Returns the rounded amount with all of its decimals.
    #[must_use]
    pub fn apply(self, amount: Decimal) -> Decimal {
        let Some(decimals) = self.0 else { return amount };
        let rounded = amount.round(decimals);
        let (digits, scale) = rounded.parts();
        let missing = decimals.saturating_sub(scale);
        let padded = 10_i128.checked_pow(missing).and_then(|factor| digits.checked_mul(factor));
        padded.and_then(|digits| Decimal::from_parts(digits, scale + missing)).unwrap_or(rounded)
    }
}

/// Returns the number of decimals of a currency.
///
/// Source: ISO 4217, list one: those that have not two.
pub fn minor_unit(currency: &Currency) -> u32 {
    match currency.as_str().as_bytes() {
        b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF" | b"UGX"
        | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
        b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
        b"CLF" | b"UYW" => 4,
        _ => 2,
    }
}
