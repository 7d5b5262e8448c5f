//! Deviations of partners, as they are kept.

use ocpi_types::json::{OnPartial, Times, WritingStyle};
use ocpi_types::protocol::PartnerProfile;
use ocpi_types::{Ruleset, Text};

ocpi_types::object! {
    /// Deviations and wishes of a partner, the form of its token apart.
    pub struct Quirks = "Quirks", init QuirksInit {
        /// Whether it wants `null` for absent members.
        pub explicit_nulls: Option<bool>,
        /// Form of points in time that it wants: `seconds` or `millis`.
        pub times: Option<Text<0>>,
        /// Number of decimals that it wants in coordinates.
        pub coordinate_decimals: Option<i64>,
        /// The name of the edition whose narrower lengths it keeps to.
        pub lengths: Option<Text<0>>,
        /// Treatment of its objects in which required members are missing: `keep` or `fail`.
        pub on_partial: Option<Text<0>>,
    }
}

const TIMES: [(&str, Times); 2] = [("seconds", Times::Seconds), ("millis", Times::Millis)];
const ON_PARTIAL: [(&str, OnPartial); 2] = [("keep", OnPartial::Keep), ("fail", OnPartial::Fail)];

impl Quirks {
    /// The quirks in a profile; `None` if there are none.
    pub(crate) fn of(profile: &PartnerProfile) -> Option<Box<Self>> {
        let PartnerProfile { base64: _, style, on_partial } = *profile;
        let WritingStyle { explicit_nulls, times, coordinate_decimals, lengths } = style;
        let quirks = Self {
            explicit_nulls: explicit_nulls.then_some(true),
            times: word(&TIMES, times),
            coordinate_decimals: coordinate_decimals.map(i64::from),
            lengths: lengths.and_then(|edition| edition.name().parse().ok()),
            on_partial: word(&ON_PARTIAL, on_partial),
            ..QuirksInit {}.into()
        };
        (quirks != QuirksInit {}.into()).then(|| Box::new(quirks))
    }

    pub(crate) fn apply_to(&self, profile: &mut PartnerProfile) {
        let style = &mut profile.style;
        style.explicit_nulls = self.explicit_nulls.unwrap_or(style.explicit_nulls);
        style.times = meaning(&TIMES, self.times.as_ref()).unwrap_or(style.times);
        let decimals = self.coordinate_decimals.and_then(|decimals| u8::try_from(decimals).ok());
        style.coordinate_decimals = decimals.or(style.coordinate_decimals);
        let lengths = self.lengths.as_ref().and_then(|name| Ruleset::named(name.as_str()));
        style.lengths = lengths.or(style.lengths);
        profile.on_partial = meaning(&ON_PARTIAL, self.on_partial.as_ref()).unwrap_or(profile.on_partial);
    }
}

/// The word for a value; `None` for the usual one.
fn word<T: Copy + PartialEq>(words: &[(&str, T)], value: T) -> Option<Text<0>> {
    words.iter().find(|(_, known)| *known == value).and_then(|(word, _)| word.parse().ok())
}

fn meaning<T: Copy>(words: &[(&str, T)], word: Option<&Text<0>>) -> Option<T> {
    words.iter().find(|(known, _)| word.is_some_and(|word| word.as_str() == *known)).map(|(_, value)| *value)
}
