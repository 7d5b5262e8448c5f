//! Deviations of a partner are remembered, and heeded in both directions.

use std::sync::Arc;

use http::header;
use ocpi_testkit::{Network, PlatformSetup, registered, tariff_json};
use ocpi_types::Ruleset;
use ocpi_types::json::{OnPartial, Times, WritingStyle};
use ocpi_types::protocol::{PartnerProfile, TokenForm};
use ocpi_types::v2_3_0::tariffs::Tariff;

fn profile() -> PartnerProfile {
    let style = WritingStyle {
        explicit_nulls: true,
        times: Times::Seconds,
        coordinate_decimals: Some(6),
        lengths: Some(&Ruleset::V2_3_0_ED1),
    };
    PartnerProfile::strict()
        .with_token(TokenForm::Plain)
        .with_style(style)
        .with_on_partial(OnPartial::Keep)
        .with_most_limit(50)
        .counting_only_200()
}

#[test]
fn it_outlives_the_platform() {
    let (network, cpo, _emsp) = registered();
    pollster::block_on(cpo.platform.set_profile("emsp", &profile())).expect("it is a partner");
    assert_eq!(pollster::block_on(cpo.platform.client("emsp")).expect("a partner").profile(), &profile());

    let again = PlatformSetup { store: Arc::clone(&cpo.store), ..PlatformSetup::cpo() }.open(&network);
    assert_eq!(pollster::block_on(again.platform.client("emsp")).expect("a partner").profile(), &profile());
    let plain = PartnerProfile::strict();
    pollster::block_on(again.platform.set_profile("emsp", &plain)).expect("it is a partner");
    assert_eq!(pollster::block_on(again.platform.client("emsp")).expect("a partner").profile(), &plain);
}

#[test]
fn nobody_has_no_profile() {
    let cpo = PlatformSetup::cpo().open(&Network::default());
    pollster::block_on(cpo.platform.set_profile("emsp", &profile())).expect_err("it is no partner");
}

#[test]
fn a_partner_is_answered_in_its_style() {
    let (_net, cpo, emsp) = registered();
    cpo.put::<Tariff>(&tariff_json("NL/ALF", "T1", "10:00:00"));
    let body = || {
        let client = pollster::block_on(emsp.platform.client("cpo")).expect("a partner");
        let request = client.request(&ocpi_types::endpoint::List::<Tariff>::all()).expect("offered");
        let answer = pollster::block_on(cpo.router.call(request));
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/json");
        String::from_utf8(answer.body().to_vec()).expect("text")
    };
    assert!(!body().contains("null"));
    pollster::block_on(cpo.platform.set_profile("emsp", &profile())).expect("it is a partner");
    assert!(body().contains("\"max_price\":null"), "{}", body());
}
