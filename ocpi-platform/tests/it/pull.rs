//! Fetching the objects of a partner.

use std::sync::Arc;

use ocpi_platform::Error;
use ocpi_types::v2_3_0::tariffs::Tariff;
use pollster::block_on;

use crate::world::{Net, Side, envelope, registered, respond, tariff_json};

fn ids(side: &Side) -> Vec<String> {
    side.all::<Tariff>().iter().map(|tariff| tariff.id.to_string()).collect()
}

/// Lets the CPO answer requests for its Tariffs with these pages, each leading to the next.
fn pages(net: &Net, pages: Vec<String>) {
    let pages = Arc::new(pages);
    net.host("cpo.example", move |request| {
        let number: usize = request.uri().query().and_then(|query| query.parse().ok()).unwrap_or(0);
        let mut answer = respond(200, &envelope(&pages[number]));
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
        cpo.keeps::<Tariff>(&tariff_json(
            if number % 2 == 0 { "NL/ALF" } else { "NL/BET" },
            &format!("T{number}"),
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
    let (net, _, emsp) = registered();
    emsp.keeps::<Tariff>(&tariff_json("DE/EMP", "OURS"));
    let ours = emsp.all::<Tariff>();
    let changed = tariff_json("DE/EMP", "OURS").replace("0.45", "9.99").replace("10:00:00", "11:00:00");
    let page = [
        tariff_json("NL/ALF", "A"),
        changed,
        tariff_json("BE/OTH", "B"),
        tariff_json("nl/bet", "C"),
        tariff_json("NL/XXX", "D"),
    ];
    pages(&net, vec![format!("[{}]", page.join(","))]);
    let pulled = block_on(emsp.platform.pull::<Tariff>("cpo", |_, _| {})).expect("pulled");
    assert_eq!((pulled.pages, pulled.objects, pulled.foreign, pulled.rejected), (1, 2, 3, 0));
    assert_eq!(ids(&emsp), ["OURS", "A", "C"]);
    assert_eq!(emsp.all::<Tariff>()[0], ours[0]);
}

#[test]
fn what_cannot_be_read_is_counted_and_costs_nothing_else() {
    let (net, _, emsp) = registered();
    let odd = tariff_json("NL/ALF", "ODD").replace("0.45", "\"0.45\"");
    pages(
        &net,
        vec![
            format!("[{}, {{\"id\": \"BAD\"}}, 7]", tariff_json("NL/ALF", "A")),
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
    let (net, _, emsp) = registered();
    pages(&net, vec![format!("[{}]", tariff_json("NL/ALF", "A")), "\"broken\"".to_owned()]);
    let failed = block_on(emsp.platform.pull::<Tariff>("cpo", |_, _| {}));
    assert!(matches!(failed, Err(Error::Client(_))), "{failed:?}");
    assert_eq!(ids(&emsp), ["A"]);
    net.unplug("cpo.example");
    let failed = block_on(emsp.platform.pull::<Tariff>("cpo", |_, _| {}));
    assert!(matches!(failed, Err(Error::Client(error)) if error.is_retryable()));
    assert!(matches!(block_on(emsp.platform.pull::<Tariff>("nobody", |_, _| {})), Err(Error::NoPartner(_))));
}

/// An object that is older than our copy does not replace it.
#[test]
fn an_older_page_changes_nothing() {
    let (net, _, emsp) = registered();
    emsp.keeps::<Tariff>(&tariff_json("NL/ALF", "A").replace("0.45", "0.50").replace("10:00:00", "11:00:00"));
    let newer = emsp.all::<Tariff>();
    pages(&net, vec![format!("[{}]", tariff_json("NL/ALF", "A"))]);
    block_on(emsp.platform.pull::<Tariff>("cpo", |_, _| {})).expect("pulled");
    assert_eq!(emsp.all::<Tariff>(), newer);
}
