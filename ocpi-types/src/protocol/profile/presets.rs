//! Profiles for common kinds of partners.

use super::{ModuleTraffic, PartnerProfile, TokenForm};
use crate::json::{OnPartial, Times, WritingStyle};
use crate::v2_2_1::versions::ModuleId;

impl PartnerProfile {
    /// Returns the profile of a partner that follows its version exactly. The default.
    ///
    /// ```
    /// use ocpi_types::protocol::PartnerProfile;
    /// assert_eq!(PartnerProfile::strict(), PartnerProfile::default());
    /// ```
    pub fn strict() -> Self {
        Self::default()
    }

    /// Returns the profile of an older 2.1.1 partner: plain tokens everywhere, times without fractions, coordinates
    /// with six decimals; its objects are accepted if members are missing.
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

    /// Returns the profile of a large roaming platform that pushes Sessions, CDRs and Tokens, offers only Locations and
    /// Tariffs for pulling, sends Connectors with missing members, and repeats everything that is not answered with
    /// HTTP 200.
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

    /// Returns the profile of a hub that passes on objects unchanged: Sessions and CDRs are only pushed, and objects
    /// may lack members.
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

    /// Returns the profile of a server whose framework validates every member, does not allow absent ones, and routes
    /// slashes strictly, as the common Python frameworks do.
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
