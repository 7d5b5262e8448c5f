//! Deviations of a partner are remembered, and heeded in both directions.

use std::sync::Arc;

use http::header;
use ocpi_client::PartnerProfile;
use ocpi_types::json::{OnPartial, Times, WritingStyle};
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::{Ruleset, Version};

use crate::world::{Net, Plan, registered, tariff_json};

fn profile() -> PartnerProfile {
    PartnerProfile {
        base64: false,
        style: WritingStyle {
            explicit_nulls: true,
            times: Times::Seconds,
            coordinate_decimals: Some(6),
            lengths: Some(&Ruleset::V2_3_0_ED1),
        },
        on_partial: OnPartial::Keep,
    }
}

#[test]
fn it_outlives_the_platform() {
    let (net, cpo, _emsp) = registered();
    pollster::block_on(cpo.platform.set_profile("emsp", &profile())).expect("it is a partner");
    assert_eq!(cpo.platform.peer("emsp").expect("a partner").profile(), &profile());

    let again = Plan { store: Arc::clone(&cpo.store), ..Plan::cpo() }.open(&net);
    assert_eq!(again.platform.peer("emsp").expect("a partner").profile(), &profile());
    let plain = PartnerProfile::of(Version::V2_3_0);
    pollster::block_on(again.platform.set_profile("emsp", &plain)).expect("it is a partner");
    assert_eq!(again.platform.peer("emsp").expect("a partner").profile(), &plain);
}

#[test]
fn nobody_has_no_profile() {
    let cpo = Plan::cpo().open(&Net::default());
    pollster::block_on(cpo.platform.set_profile("emsp", &profile())).expect_err("it is no partner");
}

#[test]
fn a_partner_is_answered_in_its_style() {
    let (_net, cpo, emsp) = registered();
    cpo.keeps::<Tariff>(&tariff_json("NL/ALF", "T1"));
    let body = || {
        let peer = emsp.platform.peer("cpo").expect("a partner");
        let request = peer.request(&ocpi_types::endpoint::List::<Tariff>::all()).expect("offered");
        let answer = pollster::block_on(cpo.router.call(request));
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/json");
        String::from_utf8(answer.body().to_vec()).expect("text")
    };
    assert!(!body().contains("null"));
    pollster::block_on(cpo.platform.set_profile("emsp", &profile())).expect("it is a partner");
    assert!(body().contains("\"max_price\":null"), "{}", body());
}
