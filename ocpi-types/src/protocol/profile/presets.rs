//! Profiles of kinds of partners that are often met.

use super::{ModuleTraffic, PartnerProfile, TokenForm};
use crate::json::{OnPartial, Times, WritingStyle};
use crate::v2_2_1::versions::ModuleId;

impl PartnerProfile {
    /// A partner that keeps to the letter of its version. The default.
    ///
    /// ```
    /// use ocpi_types::protocol::PartnerProfile;
    /// assert_eq!(PartnerProfile::strict(), PartnerProfile::default());
    /// ```
    pub fn strict() -> Self {
        Self::default()
    }

    /// An older partner of 2.1.1: the token as it is everywhere, times without fractions, six decimals of coordinates; its
    /// objects are taken although members are missing.
    ///
    /// ```
    /// use ocpi_types::protocol::{PartnerProfile, TokenForm};
    /// assert_eq!(PartnerProfile::legacy_2_1_1().token, Some(TokenForm::Plain));
    /// ```
    pub fn legacy_2_1_1() -> Self {
        let style =
            WritingStyle { times: Times::Seconds, coordinate_decimals: Some(6), ..WritingStyle::PLAIN };
        Self::strict().with_token(TokenForm::Plain).with_style(style).with_on_partial(OnPartial::Keep)
    }

    /// A large roaming platform that pushes Sessions, CDRs and Tokens and lets only Locations and Tariffs be fetched, whose
    /// Connectors lack members, and that sends again whatever is not answered with HTTP 200.
    ///
    /// ```
    /// use ocpi_types::ModuleId;
    /// use ocpi_types::protocol::{ModuleTraffic, PartnerProfile};
    /// let profile = PartnerProfile::roaming_platform();
    /// assert_eq!(profile.traffic[&ModuleId::Sessions], ModuleTraffic::PushOnly);
    /// assert!(profile.counts_only_200);
    /// ```
    pub fn roaming_platform() -> Self {
        use ModuleTraffic::{PullOnly, PushOnly};
        Self::strict()
            .with_traffic(ModuleId::Locations, PullOnly)
            .with_traffic(ModuleId::Tariffs, PullOnly)
            .with_traffic(ModuleId::Sessions, PushOnly)
            .with_traffic(ModuleId::Cdrs, PushOnly)
            .with_traffic(ModuleId::Tokens, PushOnly)
            .with_on_partial(OnPartial::Keep)
            .counting_only_200()
    }

    /// A hub that passes on what others send, as it is: Sessions and CDRs come by push alone, and objects may lack members.
    ///
    /// ```
    /// use ocpi_types::json::OnPartial;
    /// use ocpi_types::protocol::PartnerProfile;
    /// assert_eq!(PartnerProfile::hub().on_partial, OnPartial::Keep);
    /// ```
    pub fn hub() -> Self {
        Self::strict()
            .with_traffic(ModuleId::Sessions, ModuleTraffic::PushOnly)
            .with_traffic(ModuleId::Cdrs, ModuleTraffic::PushOnly)
            .with_on_partial(OnPartial::Keep)
    }

    /// A server made by a framework that validates every member and knows no absent one, and that routes slashes strictly,
    /// as the common ones in Python do.
    ///
    /// ```
    /// use ocpi_types::protocol::PartnerProfile;
    /// let profile = PartnerProfile::strict_schema();
    /// assert!(profile.style.explicit_nulls && profile.needs_url_slash);
    /// ```
    pub fn strict_schema() -> Self {
        let style = WritingStyle { explicit_nulls: true, ..WritingStyle::PLAIN };
        Self::strict().with_style(style).with_url_slash()
    }
}
