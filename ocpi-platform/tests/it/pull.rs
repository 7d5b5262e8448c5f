//! Fetching the objects of a partner.

use std::sync::Arc;

use ocpi_platform::Error;
use ocpi_testkit::{Network, TestPlatform, registered, success, tariff_json};
use ocpi_types::v2_3_0::tariffs::Tariff;
use pollster::block_on;

fn ids(side: &TestPlatform) -> Vec<String> {
    side.all::<Tariff>().iter().map(|tariff| tariff.id.to_string()).collect()
}

/// Lets the CPO answer requests for its Tariffs with these pages, each leading to the next.
fn pages(network: &Network, pages: Vec<String>) {
    let pages = Arc::new(pages);
    network.add_host("cpo.example", move |request| {
        let number: usize = request.uri().query().and_then(|query| query.parse().ok()).unwrap_or(0);
        let mut answer = success(&pages[number]);
        if number + 1 < pages.len() {
            let link = format!(r#"<?{}>; rel="next""#, number + 1);
            answer.headers_mut().insert("link", link.parse().expect("a header"));
        }
        answer
    });
}

#[test]
fn everything_is_fetched_page_by_page() {
    let (_, cpo, emsp) = registered();
    for number in 0..250 {
        cpo.put::<Tariff>(&tariff_json(
            if number % 2 == 0 { "NL/ALF" } else { "NL/BET" },
            &format!("T{number}"),
            "10:00:00",
        ));
    }
    let mut told = Vec::new();
    let pulled = block_on(emsp.platform.pull::<Tariff>("cpo", |count, total| told.push((count, total))));
    let pulled = pulled.expect("pulled");
    assert_eq!((pulled.pages, pulled.objects, pulled.rejected, pulled.foreign), (3, 250, 0, 0));
    assert_eq!(pulled.findings, []);
    assert_eq!(told, [(100, Some(250)), (200, Some(250)), (250, Some(250))]);
    assert_eq!(emsp.all::<Tariff>(), cpo.all::<Tariff>());
    // Again: nothing is there twice.
    block_on(emsp.platform.pull::<Tariff>("cpo", |_, _| {})).expect("pulled");
    assert_eq!(ids(&emsp).len(), 250);
}

#[test]
fn what_is_not_the_partners_is_not_stored() {
    let (network, _, emsp) = registered();
    emsp.put::<Tariff>(&tariff_json("DE/EMP", "OURS", "10:00:00"));
    let ours = emsp.all::<Tariff>();
    let changed =
        tariff_json("DE/EMP", "OURS", "10:00:00").replace("0.45", "9.99").replace("10:00:00", "11:00:00");
    let page = [
        tariff_json("NL/ALF", "A", "10:00:00"),
        changed,
        tariff_json("BE/OTH", "B", "10:00:00"),
        tariff_json("nl/bet", "C", "10:00:00"),
        tariff_json("NL/XXX", "D", "10:00:00"),
    ];
    pages(&network, vec![format!("[{}]", page.join(","))]);
    let pulled = block_on(emsp.platform.pull::<Tariff>("cpo", |_, _| {})).expect("pulled");
    // Nothing says that this is all, so more is asked for.
    assert_eq!((pulled.pages, pulled.objects, pulled.foreign, pulled.rejected), (3, 2, 3, 0));
    assert_eq!(ids(&emsp), ["OURS", "A", "C"]);
    assert_eq!(emsp.all::<Tariff>()[0], ours[0]);
}

#[test]
fn what_cannot_be_read_is_counted_and_costs_nothing_else() {
    let (network, _, emsp) = registered();
    let odd = tariff_json("NL/ALF", "ODD", "10:00:00").replace("0.45", "\"0.45\"");
    pages(
        &network,
        vec![
            format!("[{}, {{\"id\": \"BAD\"}}, 7]", tariff_json("NL/ALF", "A", "10:00:00")),
            "[]".to_owned(),
            format!("[{odd}, []]"),
        ],
    );
    let pulled = block_on(emsp.platform.pull::<Tariff>("cpo", |_, _| {})).expect("pulled");
    assert_eq!((pulled.pages, pulled.objects, pulled.foreign), (3, 2, 0));
    assert_eq!((pulled.partial, pulled.rejected), (1, 2));
    assert_eq!(ids(&emsp), ["A", "ODD"]);
    let pointers: Vec<&str> = pulled.findings.iter().map(|finding| finding.pointer.as_str()).collect();
    assert!(pointers.contains(&"/0/elements/0/price_components/0/price"), "{pointers:?}");
    assert!(pointers.iter().any(|pointer| pointer.starts_with("/1")), "{pointers:?}");
}

#[test]
fn what_was_stored_before_a_failure_stays() {
    let (network, _, emsp) = registered();
    pages(&network, vec![format!("[{}]", tariff_json("NL/ALF", "A", "10:00:00")), "\"broken\"".to_owned()]);
    let failed = block_on(emsp.platform.pull::<Tariff>("cpo", |_, _| {}));
    let failed = failed.expect_err("broken");
    assert!(matches!(failed.error(), Error::Client(_)), "{failed:?}");
    assert_eq!((failed.pulled().pages, failed.pulled().objects), (1, 1));
    assert_eq!(ids(&emsp), ["A"]);
    network.remove_host("cpo.example");
    let failed = block_on(emsp.platform.pull::<Tariff>("cpo", |_, _| {}));
    assert!(matches!(failed.map_err(Error::from), Err(Error::Client(error)) if error.is_retryable()));
    let nobody = block_on(emsp.platform.pull::<Tariff>("nobody", |_, _| {})).expect_err("no partner");
    assert!(nobody.cursor().is_none());
    assert!(matches!(nobody.error(), Error::NoPartner(_)));
}

/// An object that is older than our copy does not replace it.
#[test]
fn an_older_page_changes_nothing() {
    let (network, _, emsp) = registered();
    emsp.put::<Tariff>(
        &tariff_json("NL/ALF", "A", "10:00:00").replace("0.45", "0.50").replace("10:00:00", "11:00:00"),
    );
    let newer = emsp.all::<Tariff>();
    pages(&network, vec![format!("[{}]", tariff_json("NL/ALF", "A", "10:00:00"))]);
    block_on(emsp.platform.pull::<Tariff>("cpo", |_, _| {})).expect("pulled");
    assert_eq!(emsp.all::<Tariff>(), newer);
}
