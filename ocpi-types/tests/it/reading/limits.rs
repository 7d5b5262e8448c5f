//! Cost of a hostile text.

use super::{Sample, Strict, fails, keeps, loses};
use ocpi_types::json::{self, Limits, RawJson};

/// A member nested so deep that the whole text has `depth` levels.
fn nested(depth: usize) -> String {
    format!("{{\"x\":{}{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1))
}

/// Objects and lists by turns, so that a level taken for the other kind is an error.
fn mixed(depth: usize) -> String {
    let open = |level: usize| if level % 3 == 0 { "[" } else { "{\"a\":" };
    let close = |level: usize| if level % 3 == 0 { "]" } else { "}" };
    let opened: String = (0..depth).map(open).collect();
    let closed: String = (0..depth).rev().map(close).collect();
    format!("{opened}1{closed}")
}

#[test]
fn nesting() {
    keeps::<Sample>(nested(64), &nested(64), &[]);
    fails::<Sample>(nested(65), &format!("/x{}", "/0".repeat(63)), "limit.depth");
    fails::<Sample>(nested(200), &format!("/x{}", "/0".repeat(63)), "limit.depth");

    let read = |text: &str, depth| {
        json::read_within::<RawJson>(text.as_bytes(), Limits::default().with_depth(depth))
    };
    assert_eq!(read(&mixed(128), 128).expect("as deep as can be").value.as_str(), mixed(128));
    for (text, depth) in [(mixed(129), 128), (mixed(129), u16::MAX), (mixed(5), 4), (mixed(1), 0)] {
        let error = read(&text, depth).expect_err("too deep");
        assert!(error.is_limit() && !error.is_syntax(), "{error}");
    }
}

/// Far beyond the limit: an error, and no stack overflow.
#[test]
fn nesting_without_end() {
    for text in
        ["[".repeat(1_000_000), "{\"x\":".repeat(1_000_000), format!("{{\"list\":{}", "[".repeat(100_000))]
    {
        let error = json::read::<Sample>(text.as_bytes()).expect_err("too deep");
        assert!(error.is_limit() || error.rule().id() == "val.type", "{error}");
        json::read_list::<Sample>(text.as_bytes()).expect_err("too deep");
        json::from_str::<RawJson>(&text).expect_err("too deep");
    }
}

#[test]
fn size() {
    let text = r#"{"count":1}"#;
    let read = |bytes| json::read_within::<Sample>(text.as_bytes(), Limits::default().with_bytes(bytes));
    assert!(read(text.len()).is_ok());
    let error = read(text.len() - 1).expect_err("too large");
    assert!(error.is_limit());
    assert_eq!(error.to_string(), "larger than the limit [limit.bytes]");
}

#[test]
fn numbers_of_a_million_digits() {
    let digits = "7".repeat(1_000_000);
    let many = "7".repeat(65);
    for number in [digits.clone(), many.clone(), format!("-{many}"), format!("0.{many}"), format!("1e{many}")]
    {
        for member in ["count", "price", "name", "latitude"] {
            let text = format!(r#"{{"{member}":{number},"on":true}}"#);
            loses::<Sample>(text, r#"{"on":true}"#, &[(&format!("/{member}"), "limit.number")]);
        }
    }
    // 64 characters are the limit.
    let longest = format!("0.{}", "0".repeat(62));
    keeps::<Sample>(
        format!("{{\"name\":{longest}}}"),
        &format!("{{\"name\":\"{longest}\"}}"),
        &[("/name", "str.number")],
    );
    fails::<Strict>(
        format!(r#"{{"count":{digits},"some":["a"],"inner":{{"before_taxes":1}}}}"#),
        "/count",
        "limit.number",
    );
}

#[test]
fn a_list_of_very_many_nulls() {
    let nulls = vec!["null"; 900_000].join(",");
    let read =
        json::read::<Sample>(format!("{{\"list\":[{nulls}],\"count\":1}}").as_bytes()).expect("it is read");
    assert_eq!(json::to_string(&read.value), r#"{"count":1}"#);
    let (last, rest) = read.findings.split_last().expect("there are findings");
    assert_eq!(rest.len(), 10_000);
    assert!(rest.iter().all(|finding| finding.rule.id() == "val.null_in_list"));
    assert_eq!((rest[9_999].pointer.as_str(), last.pointer.as_str()), ("/list/9999", "/list/10000"));
    assert_eq!(last.rule.id(), "limit.findings");

    let text = format!("[{nulls}]");
    let limits = Limits::default().with_findings(10);
    let list = json::read_list_within::<Sample>(text.as_bytes(), limits).expect("it is read");
    assert_eq!((list.items.len(), list.rejected.len(), list.findings.len()), (0, 0, 11));
}

#[test]
fn strings() {
    let text = |length: usize| format!(r#"{{"name":"{}","on":true}}"#, "a".repeat(length));
    let read =
        |length| json::read_within::<Sample>(text(length).as_bytes(), Limits::default().with_string(100));
    assert_eq!(read(100).expect("as long as can be").findings, []);
    let read = read(101).expect("the object is read");
    assert_eq!((read.findings[0].pointer.as_str(), read.findings[0].rule.id()), ("/name", "limit.string"));
    assert_eq!(json::to_string(&read.value), format!(r#"{{"on":true,"name":"{}"}}"#, "a".repeat(101)));
}

#[test]
fn exponents() {
    let read =
        |limits| json::read_within::<Sample>(br#"{"price":1e5,"count":1e5}"#, limits).expect("it is read");
    assert_eq!(read(Limits::default().with_exponent(5)).value.count, Some(100_000));
    let read = read(Limits::default().with_exponent(4));
    assert_eq!((read.value.count, read.value.price, read.findings.len()), (None, None, 2));
}

#[test]
fn members_and_elements_are_counted() {
    let elements = vec!["1"; 1_000].join(",");
    let text = format!(r#"{{"list":[{elements}]}}"#);
    let read = |nodes| json::read_within::<RawJson>(text.as_bytes(), Limits::default().with_nodes(nodes));
    assert!(read(1_001).is_ok());
    let error = read(1_000).expect_err("one too many");
    assert_eq!((error.rule().id(), error.is_limit()), ("limit.nodes", true));
}
