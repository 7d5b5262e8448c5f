//! Frames around objects: OCPI's envelope, frames of others, and texts that are neither.

use ocpi_types::json::{self, Candidates, Data, Decoder, Document, Limits, Progress, RawJson};
use ocpi_types::{Object, v2_2_1, v2_3_0};

use v2_2_1::locations::{Evse, Location};
use v2_2_1::tariffs::Tariff;
use v2_2_1::tokens::Token;

fn location(id: &str) -> String {
    include_str!("../../fixtures/2.2.1/location.full.json").trim_end().replacen(
        "\"id\":",
        &format!("\"id\":\"{id}\",\"was\":"),
        1,
    )
}

fn tariff() -> &'static str {
    include_str!("../../fixtures/2.2.1/tariff.full.json").trim_end()
}

fn token() -> &'static str {
    include_str!("../../fixtures/2.2.1/token.full.json").trim_end()
}

/// Outcome of a document: objects, data, and findings around them. Read as a whole, and in pieces of all sizes.
#[derive(Debug, PartialEq)]
struct Outcome {
    objects: usize,
    data: Data,
    is_failure: bool,
    frame: Option<String>,
    around: Vec<(String, &'static str)>,
}

impl Outcome {
    fn of(objects: usize, head: &json::Head) -> Self {
        let around = head.findings.iter().map(|it| (it.pointer.clone(), it.rule.id())).collect();
        let objects = if head.is_failure() { 0 } else { objects };
        Self { objects, data: head.data, is_failure: head.is_failure(), frame: head.frame.clone(), around }
    }

    fn is_frame(&self, pointer: &str, objects: usize) -> bool {
        !self.is_failure
            && self.objects == objects
            && self.data == Data::List
            && self.frame.as_deref() == Some(pointer)
            && self.around == [(pointer.to_owned(), "env.frame")]
    }
}

fn outcome<T: Object>(text: &str) -> Result<Outcome, json::Error> {
    let whole = json::read_document::<T>(text.as_bytes()).map(|Document { head, list, .. }| {
        assert!(list.rejected.is_empty() || !head.is_failure());
        Outcome::of(list.items.len() + list.partial.len() + list.rejected.len(), &head)
    });
    let candidates = Candidates::of::<T>();
    for size in [1, 7, 64, text.len().max(1)] {
        // In pieces; and by who knows the type only by its name.
        let (typed, raw) = (
            pieces(Decoder::<T>::new(), text, size),
            pieces(Decoder::<RawJson>::new().among(candidates.clone()), text, size),
        );
        match &whole {
            Ok(whole) => {
                assert_eq!(typed.as_ref().expect("it is read"), whole, "in pieces of {size}: {text}");
                assert_eq!(raw.as_ref().expect("it is read"), whole, "as text, in pieces of {size}: {text}");
            }
            Err(error) => {
                let rule = |read: Result<Outcome, json::Error>| read.expect_err("as a whole").rule();
                assert_eq!((rule(typed), rule(raw)), (error.rule(), error.rule()), "{text}");
            }
        }
    }
    whole
}

fn pieces<T: ocpi_types::Value>(
    mut decoder: Decoder<T>,
    text: &str,
    size: usize,
) -> Result<Outcome, json::Error> {
    let mut chunks = text.as_bytes().chunks(size);
    let mut objects = 0;
    loop {
        match decoder.next()? {
            Progress::Item(_) => objects += 1,
            Progress::Done => return Ok(Outcome::of(objects, decoder.head())),
            Progress::NeedsMore => match chunks.next() {
                Some(chunk) => decoder.push(chunk),
                None => decoder.finish(),
            },
        }
    }
}

#[track_caller]
fn is_framed<T: Object>(text: &str, pointer: &str, objects: usize) {
    let outcome = outcome::<T>(text).expect(text);
    assert!(outcome.is_frame(pointer, objects), "{text}: {outcome:?}");
}

/// Neither an object nor a list of them: no page, and certainly no complete one.
#[track_caller]
fn is_nothing<T: Object>(text: &str) {
    let outcome = outcome::<T>(text).expect(text);
    let holds_nothing = outcome.objects == 0 && !matches!(outcome.data, Data::List | Data::Object);
    assert!(holds_nothing || outcome.is_failure, "{text}: {outcome:?}");
}

#[test]
fn the_only_list_is_read_wherever_it_stands() {
    let two = format!("[{},{}]", location("L1"), location("L2"));
    for (text, pointer) in [
        (format!(r#"{{"next":null,"items":{two}}}"#), "/items"),
        (format!(r#"{{"items":{two},"next":null,"count":2}}"#), "/items"),
        (format!(r#"{{"content":{two},"totalElements":2,"last":true}}"#), "/content"),
        (format!(r#"{{"locations":{two}}}"#), "/locations"),
        (format!(r#"{{"Locations":{two}}}"#), "/Locations"),
        (
            format!(
                r#"{{"country_code":"NL","party_id":"ALF","last_updated":"2026-01-01T00:00:00Z","locations":{two}}}"#
            ),
            "/locations",
        ),
        (
            format!(r#"{{"whatever":{two},"error":null,"errors":[],"success":true,"status":"ok"}}"#),
            "/whatever",
        ),
        (format!(r#"{{"result":{{"page":{{"number":1,"rows":{two}}}}},"ok":true}}"#), "/result/page/rows"),
        (
            format!(
                r#"{{"errors":[],"warnings":[{{"code":1,"text":"slow"}}],"response":{{"items":{two}}}}}"#
            ),
            "/response/items",
        ),
    ] {
        is_framed::<Location>(&text, pointer, 2);
    }
    // A list of nothing known is none of ours.
    is_framed::<Location>(
        &format!(r#"{{"tags":["a"],"links":[{{"rel":"self","href":"/"}}],"items":{two}}}"#),
        "/items",
        2,
    );
    is_framed::<Token>(&format!(r#"{{"items":[{}]}}"#, token()), "/items", 1);
}

#[test]
fn of_several_lists_the_one_of_the_type_is_read() {
    let text = format!(
        r#"{{"data":{{"locations":[{},{}],"tariffs":[{}]}},"status_code":1000,"timestamp":"2026-01-01T00:00:00Z"}}"#,
        location("L1"),
        location("L2"),
        tariff()
    );
    is_framed::<Location>(&text, "/data/locations", 2);
    is_framed::<Tariff>(&text, "/data/tariffs", 1);
    is_nothing::<Token>(&text);
    // Two of one type, and nothing says which is meant.
    let text = format!(r#"{{"added":[{}],"changed":[{}]}}"#, location("L1"), location("L2"));
    assert_eq!(outcome::<Location>(&text).expect_err("two lists").rule().id(), "env.lists");
}

#[test]
fn the_frame_of_name_message_data_and_error() {
    let two = format!("[{},{}]", location("L1"), location("L2"));
    let text = format!(r#"{{"name":"locations","message":"done","data":{two},"error":null}}"#);
    let outcome = outcome::<Location>(&text).expect("it is read");
    assert_eq!((outcome.objects, outcome.is_failure), (2, false));
    assert!(outcome.around.contains(&(String::from("/status_code"), "env.missing")), "{outcome:?}");
    for error in ["true", "\"boom\"", r#"{"code":5}"#, r#"[{"text":"boom"}]"#] {
        is_nothing::<Location>(&format!(
            r#"{{"name":"locations","message":"boom","data":{two},"error":{error}}}"#
        ));
        is_nothing::<Location>(&format!(
            r#"{{"name":"Error","message":"boom","data":null,"error":{error}}}"#
        ));
        is_nothing::<Location>(&format!(r#"{{"error":{error},"data":[]}}"#));
    }
}

#[test]
fn an_object_is_one_of_a_type_by_what_only_the_type_has() {
    for text in [
        r#"{}"#,
        r#"{"message":"Internal Server Error","timestamp":"2026-01-10T08:00:00Z","path":"/locations"}"#,
        r#"{"id":"7f3a","type":"about:blank","title":"Bad Gateway","status":502}"#,
        r#"{"name":"Error","message":"boom"}"#,
        r#"{"error":"unauthorized"}"#,
        r#"{"message":"not found","details":[]}"#,
        r#"{"message":"not found","data":[]}"#,
        r#"{"success":false,"items":[]}"#,
        r#"{"code":404,"items":[]}"#,
        r#"{"status":"error","data":[]}"#,
        r#"{"status_code":1000,"data":{},"timestamp":"2026-01-10T08:00:00Z"}"#,
        r#"{"data":{"message":"nothing here"},"status_code":1000,"timestamp":"2026-01-10T08:00:00Z"}"#,
        r#"{"country_code":"NL","party_id":"ALF","id":"X","name":"y","last_updated":"2026-01-10T08:00:00Z"}"#,
    ] {
        is_nothing::<Location>(text);
        is_nothing::<Evse>(text);
        is_nothing::<v2_3_0::sessions::Session>(text);
    }
    is_nothing::<Location>(token());
    // One that lacks much is one all the same; and so is one with lists of its own.
    let partial = outcome::<Location>(r#"{"id":"L1","city":"Utrecht"}"#).expect("it is read");
    assert_eq!((partial.objects, partial.data), (1, Data::Object));
    let own = outcome::<Location>(&location("L1")).expect("it is read");
    assert_eq!((own.objects, own.data, own.around.len()), (1, Data::Object, 0));
    // Where nothing is a type's alone, all that it requires tells.
    let image = r#"{"url":"https://cpo.example/i.png","category":"CHARGER","type":"png"}"#;
    let image = outcome::<v2_2_1::locations::Image>(image).expect("it is read");
    assert_eq!((image.objects, image.data), (1, Data::Object));
    let cdr = include_str!("../../fixtures/2.2.1/cdr.full.json");
    let own = outcome::<v2_2_1::cdrs::Cdr>(cdr).expect("it is read");
    assert_eq!((own.objects, own.data, own.around.len()), (1, Data::Object, 0));
}

#[test]
fn a_failure_in_whatever_words_is_one() {
    let one = location("L1");
    for status in [
        r#""status_code":2001"#,
        r#""status_code":"2000""#,
        r#""status_code":"FAILURE""#,
        r#""statusCode":3000"#,
        r#""StatusCode":3000"#,
        r#""Status-Code":2001"#,
        r#""STATUS_CODE":"3001""#,
        r#""status_code":"whatever""#,
    ] {
        for data in [format!("[{one}]"), String::from("[]"), one.clone(), String::from("null")] {
            for text in [format!(r#"{{{status},"data":{data}}}"#), format!(r#"{{"data":{data},{status}}}"#)] {
                let outcome = outcome::<Location>(&text).expect(&text);
                assert!(outcome.is_failure && outcome.objects == 0, "{text}: {outcome:?}");
            }
        }
    }
}

#[test]
fn a_success_in_other_words_is_one() {
    let one = location("L1");
    for (status, told) in [
        (r#""status_code":"1000""#, vec![("/status_code", "num.string")]),
        (r#""status_code":"SUCCESS""#, vec![("/status_code", "val.form")]),
        (r#""statusCode":1000"#, vec![("/statusCode", "name.spelling")]),
        (r#""StatusCode":1000"#, vec![("/StatusCode", "name.spelling")]),
    ] {
        for text in [
            format!(r#"{{{status},"Data":[{one}],"timestamp":"2026-01-01T00:00:00Z"}}"#),
            format!(r#"{{"Data":[{one}],{status},"timestamp":"2026-01-01T00:00:00Z"}}"#),
        ] {
            let outcome = outcome::<Location>(&text).expect(&text);
            assert_eq!((outcome.objects, outcome.is_failure), (1, false), "{text}");
            let mut expected: Vec<_> = told.iter().map(|(at, rule)| ((*at).to_owned(), *rule)).collect();
            expected.push((String::from("/Data"), "name.spelling"));
            let mut around = outcome.around;
            around.sort();
            expected.sort();
            assert_eq!(around, expected, "{text}");
        }
    }
}

#[test]
fn an_empty_list_in_a_frame_is_an_empty_page_if_nothing_speaks_of_an_error() {
    is_framed::<Location>(r#"{"next":null,"items":[]}"#, "/items", 0);
    is_framed::<Location>(r#"{"content":[],"message":"OK"}"#, "/content", 0);
    is_framed::<Location>(
        r#"{"data":{"locations":[]},"status_code":1000,"timestamp":"2026-01-01T00:00:00Z"}"#,
        "/data/locations",
        0,
    );
    is_framed::<Tariff>(r#"{"tariffs":[]}"#, "/tariffs", 0);
    is_nothing::<Tariff>(r#"{"warnings":[]}"#);
}

/// A page with more members than one object may have; and one object with more.
#[test]
fn limits_count_for_each_object() {
    let zeros = |count: usize| vec!["0"; count].join(",");
    let item = token().replacen('{', &format!("{{\"vendor\":[{}],", zeros(1_000)), 1);
    let items = vec![item; 20].join(",");
    let limits = Limits::default().with_nodes(2_000);
    for text in [
        format!("[{items}]"),
        format!(r#"{{"data":[{items}],"status_code":1000}}"#),
        format!(r#"{{"links":[{}],"items":[{items}]}}"#, zeros(5_000)),
    ] {
        let count = json::Items::<_, RawJson>::within(text.as_bytes(), limits)
            .among(Candidates::of::<Token>())
            .filter(|item| item.as_ref().is_ok())
            .count();
        assert_eq!(count, 20);
        assert_eq!(
            json::read_list_within::<RawJson>(format!("[{items}]").as_bytes(), limits)
                .expect("it is read")
                .items
                .len(),
            20
        );
    }
    let error = json::read_list_within::<RawJson>(format!("[{items}]").as_bytes(), limits.with_nodes(1_000));
    assert_eq!(error.expect_err("an object of too many").rule().id(), "limit.nodes");
}

/// Lists of several types, and several pages, are read where they are asked for, in pieces of whatever size.
#[test]
fn several_lists_and_pages_are_read_where_they_are_asked_for() {
    let both = || Candidates::among([Location::INFO, Tariff::INFO]);
    let lists = format!(r#"{{"data":{{"locations":[{0},{0}],"tariffs":[{1}]}}}}"#, location("L1"), tariff());
    let page = format!(r#"{{"status_code":1000,"data":[{0},{0}]}}"#, location("L1"));
    let pages = format!("{page}\n{{\"status_code\":1000,\"data\":[]}}\n{page}");
    let again = format!(r#"{{"locations":[{0}],"tariffs":[{1}],"more":[{0}]}}"#, location("L1"), tariff());
    let failure = format!("{page}\n{{\"status_code\":2001}}");
    for size in [1, 7, 64, 100_000] {
        let read = |text: &str, candidates| {
            let outcome = pieces(Decoder::<RawJson>::new().among(candidates), text, size);
            outcome.map(|outcome| (outcome.objects, outcome.is_failure)).map_err(|error| error.rule().id())
        };
        assert_eq!(read(&lists, both().several()), Ok((3, false)));
        assert_eq!(read(&lists, both()), Err("env.lists"));
        assert_eq!(read(&again, both().several()), Err("env.lists"));
        assert_eq!(read(&pages, both().pages()), Ok((4, false)));
        assert_eq!(read(&pages, both()), Err("json.trailing"));
        assert_eq!(read(&failure, both().pages()), Ok((0, true)));
    }
}

/// An object is not one of a type by members that another type has as well, if it has members that only that one has.
#[test]
fn members_of_several_types_do_not_tell() {
    let cdr = include_str!("../../fixtures/2.2.1/cdr.minimal.json");
    let names: Vec<String> =
        serde_json::from_str::<serde_json::Map<_, _>>(cdr).expect("JSON").keys().cloned().collect();
    let names = || names.iter().map(String::as_str);
    let others = [v2_2_1::cdrs::Cdr::INFO];
    for asked in [Tariff::INFO, v2_2_1::sessions::Session::INFO] {
        let candidates = Candidates::among([asked]).beside(others);
        assert!(!candidates.match_members(names()) && candidates.match_others(names()), "{}", asked.name);
    }
    let cdrs = Candidates::of::<v2_2_1::cdrs::Cdr>().beside([Tariff::INFO]);
    assert!(cdrs.match_members(names()) && !cdrs.match_others(names()));
}
