//! Effects of a partner's profile on requests and answers.

use ocpi_testkit::{parse, success};
use ocpi_types::Ruleset;
use ocpi_types::endpoint::{GetCopy, List, Put};
use ocpi_types::json::{Cuts, OnPartial, Times, WritingStyle};
use ocpi_types::protocol::PartnerProfile;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;

use crate::wire::{client, session, tariff};

fn styled(style: WritingStyle) -> ocpi_client::Client {
    client().with_profile(PartnerProfile::strict().with_style(style))
}

fn body(request: &http::Request<bytes::Bytes>) -> String {
    String::from_utf8(request.body().to_vec()).expect("text")
}

#[test]
fn a_partner_is_written_to_in_its_style() {
    let put = Put::<Session>::of(parse(&session()));
    let plain = client().request(&put).expect("offered");
    let style = WritingStyle { explicit_nulls: true, times: Times::Millis, ..WritingStyle::default() };
    let wanted = styled(style).request(&put).expect("offered");
    assert!(!body(&plain).contains("null") && body(&wanted).contains("\"meter_id\":null"));
    assert!(!body(&plain).contains(".000Z") && body(&wanted).contains(".000Z\""));
    assert_eq!(plain.headers().len(), wanted.headers().len());
    assert!(wanted.extensions().get::<Cuts>().is_none(), "nothing was cut");
}

#[test]
fn what_is_cut_for_a_partner_is_told() {
    let text = include_str!("../../../ocpi-types/tests/fixtures/2.3.0/location.minimal.json");
    let mut location: Location = parse(text);
    location.address = "x".repeat(50).parse().expect("it fits");
    let style = WritingStyle { lengths: Some(&Ruleset::V2_3_0_ED1), ..WritingStyle::default() };
    let request = styled(style).request(&Put::<Location>::of(location)).expect("offered");
    let Cuts(cuts) = request.extensions().get().expect("something was cut");
    assert_eq!(cuts.len(), 1);
    assert_eq!((cuts[0].pointer.as_str(), cuts[0].whole.len()), ("/address", 50));
    assert!(body(&request).contains(&format!("\"address\":\"{}\"", "x".repeat(45))));
}

#[test]
fn a_policy_says_what_becomes_of_partial_objects() {
    let lacking = tariff("T1").replace(r#""currency": "EUR", "#, "");
    assert_ne!(lacking, tariff("T1"));
    let page = || success(&format!("[{lacking}, {}]", tariff("T2")));
    let read = |on_partial| {
        let client = client().with_profile(PartnerProfile::strict().with_on_partial(on_partial));
        client.response::<List<Tariff>>(page()).map(|answer| answer.value)
    };
    let aside = read(OnPartial::Separate).expect("a page");
    assert_eq!((aside.items.len(), aside.partial.len()), (1, 1));
    let kept = read(OnPartial::Keep).expect("a page");
    assert_eq!((kept.items.len(), kept.partial.len()), (2, 0));
    assert_eq!(kept.items[0].id.as_str(), "T1", "they keep their order");
    let failed = read(OnPartial::Fail).expect_err("one is partial");
    assert!(failed.to_string().contains("/0/currency"), "{failed}");

    let one = |on_partial| {
        let client = client().with_profile(PartnerProfile::strict().with_on_partial(on_partial));
        client.response::<GetCopy<Tariff>>(success(&lacking)).map(|answer| answer.value)
    };
    one(OnPartial::Separate).expect_err("there is no place aside of one object");
    assert_eq!(one(OnPartial::Keep).expect("an object").id.as_str(), "T1");
}
