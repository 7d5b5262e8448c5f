//! Handlers without a router: callers that a test makes, and pages of lists in memory.

use ocpi_server_traits::{Caller, Error, Handle, Partner};
use ocpi_testkit::{parse, partner_id, party, session_json, tariff_json, time};
use ocpi_types::Version;
use ocpi_types::endpoint::{List, Page};
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;

/// Tariffs `T0` to `T4` of DE/EMP at 10:00:00 to 10:00:04, and `T5` of DE/TWO.
struct PriceList(Vec<Tariff>);

impl Default for PriceList {
    fn default() -> Self {
        let tariff = |index: usize| {
            let owner = if index < 5 { "DE/EMP" } else { "DE/TWO" };
            parse(&tariff_json(owner, &format!("T{index}"), &format!("10:00:0{index}")))
        };
        Self((0..6).map(tariff).collect())
    }
}

impl Handle<List<Tariff>> for PriceList {
    async fn handle(&self, caller: &Caller, list: List<Tariff>) -> Result<Page<Tariff>, Error> {
        Ok(caller.page(&self.0, &list, 2))
    }
}

fn cpo() -> Partner {
    Partner::new(partner_id("cpo"), [party("NL/ALF")])
}

fn ask(caller: &Caller, list: List<Tariff>) -> (Vec<String>, Page<Tariff>) {
    let page = pollster::block_on(PriceList::default().handle(caller, list)).expect("a page");
    (page.items.iter().map(|tariff| tariff.id.as_str().to_owned()).collect(), page)
}

/// A list that is asked for; the ids on its page, the total, and the query of the next page.
type Row = (List<Tariff>, &'static [&'static str], u64, Option<String>);

#[test]
fn pages_of_a_list_in_memory_hold_what_is_asked_for() {
    let endpoint = "https://emsp.example/ocpi/2.3.0/sender/tariffs";
    let caller = Caller::builder(cpo()).endpoint(endpoint.parse().expect("a URL")).build();
    let all = List::<Tariff>::all;
    let window = || List { date_from: Some(time("10:00:01")), date_to: Some(time("10:00:04")), ..all() };
    let filter = "date_from=2026-11-22T10%3A00%3A01Z&date_to=2026-11-22T10%3A00%3A04Z&";
    let rows: [Row; 9] = [
        (all(), &["T0", "T1"], 6, Some("offset=2".to_owned())),
        (List { offset: Some(4), ..all() }, &["T4", "T5"], 6, None),
        (List { offset: Some(5), ..all() }, &["T5"], 6, None),
        (List { offset: Some(u64::MAX), ..all() }, &[], 6, None),
        (List { limit: Some(1), ..all() }, &["T0"], 6, Some("offset=1&limit=1".to_owned())),
        (List { limit: Some(0), ..all() }, &["T0"], 6, Some("offset=1&limit=1".to_owned())),
        (List { limit: Some(9), ..all() }, &["T0", "T1"], 6, Some("offset=2&limit=2".to_owned())),
        (window(), &["T1", "T2"], 3, Some(format!("{filter}offset=2"))),
        (List { offset: Some(2), ..window() }, &["T3"], 3, None),
    ];
    for (list, ids, total, next) in rows {
        let shown = format!("{list:?}");
        let (found, page) = ask(&caller, list);
        assert_eq!(found, ids, "{shown}");
        assert_eq!((page.total_count, page.limit), (Some(total), Some(2)), "{shown}");
        assert_eq!(page.next, next.map(|query| format!("{endpoint}?{query}")), "{shown}");
    }
}

#[test]
fn a_list_in_memory_is_that_of_the_party_that_is_named() {
    for (to, total) in [("DE/EMP", 5), ("de/two", 1), ("FR/XYZ", 0)] {
        let caller = Caller::builder(cpo()).to(party(to)).build();
        assert_eq!(ask(&caller, List::all()).1.total_count, Some(total), "{to}");
    }
}

#[test]
fn sessions_in_memory_are_for_the_party_whose_token_was_used() {
    let session: Session = parse(&session_json("DE/EMP", "S1", "10:00:00"));
    for (parties, shown) in [(vec![party("NL/ALF")], 0), (vec![party("FR/XXX"), party("DE/EMP")], 1)] {
        let parties: Vec<Party> = parties;
        let caller = Caller::builder(Partner::new(partner_id("emsp"), parties)).build();
        let page = caller.page([&session], &List::<Session>::all(), 10);
        assert_eq!((page.items.len(), page.total_count), (shown, Some(shown as u64)));
    }
}

#[test]
fn a_caller_is_what_it_was_made_of() {
    let caller = Caller::builder(cpo())
        .version(Version::V2_2_1)
        .from(party("NL/ALF"))
        .to(party("DE/EMP"))
        .request_id("r-1")
        .correlation_id("c-1")
        .now(time("10:00:00"))
        .findings(Vec::new())
        .build();
    assert_eq!((&caller.partner, caller.version, caller.now), (&cpo(), Version::V2_2_1, time("10:00:00")));
    assert_eq!((caller.from.clone(), caller.to.clone()), (Some(party("NL/ALF")), Some(party("DE/EMP"))));
    assert_eq!((caller.request_id.as_deref(), caller.correlation_id.as_deref()), (Some("r-1"), Some("c-1")));
    assert!(caller.speaks_for(&party("nl/alf")));
}
