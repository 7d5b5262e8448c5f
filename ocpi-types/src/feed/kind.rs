//! Kinds of objects in a feed.

use super::place::Spot;

/// Kind of object that an id is of.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum FeedKind {
    Location,
    Tariff,
    Session,
    Cdr,
    Token,
    Booking,
    BookingLocation,
    Terminal,
    FinancialAdvice,
    Invoice,
}

impl FeedKind {
    /// The specification's name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Location => "Location",
            Self::Tariff => "Tariff",
            Self::Session => "Session",
            Self::Cdr => "CDR",
            Self::Token => "Token",
            Self::Booking => "Booking",
            Self::BookingLocation => "BookingLocation",
            Self::Terminal => "Terminal",
            Self::FinancialAdvice => "FinancialAdviceConfirmation",
            Self::Invoice => "InvoiceReconciliationRecord",
        }
    }

    /// Returns the place of the id.
    pub(super) fn id_at(self) -> Spot {
        Spot::member(match self {
            Self::Token => "/uid",
            Self::Terminal => "/terminal_id",
            _ => "/id",
        })
    }
}
