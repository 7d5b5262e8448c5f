//! Wrong usage of `ocpi serve`.

use super::Sandbox;
use crate::{folder, ocpi};

#[test]
fn usage_is_explained() {
    let dir = folder(&[("empty.json", "[]"), ("old.json", r#"[{"id":"LOC1","type":"ON_STREET"}]"#)]);
    for (arguments, code, why) in [
        (&["--roles", "hub"][..], 2, "cpo, emsp"),
        (&["--store", "redis:"], 3, "`redis:` is no kind of store"),
        (&["--seed", "nowhere.json"], 3, "nowhere.json: "),
        (&["--seed", "empty.json"], 3, "it holds no Locations"),
        (&["--seed", "old.json"], 3, "ocpi convert --to 2.3.0"),
        (&["--speed", "0"], 2, "1..=3600"),
        (&["--fault", "web-pages"], 2, "did you mean `WebPage`? (`ocpi serve --faults` lists them)"),
        // It is a fault of the partner, not of its answers.
        (&["--fault", "ClockAhead"], 2, "there is no such fault"),
        (
            &["--fault", "CallBackFails"],
            2,
            "CallBackFails shows when a partner registers, and nobody is invited",
        ),
        (&["--party", "ALF"], 2, "such as DE/EMP"),
        (&["--listen", "0.0.0.0:0"], 2, "partners cannot reach 0.0.0.0: tell the URL"),
        (&["--listen", "[::]:0"], 2, "--base-url"),
        (&["--listen", "192.0.2.1:80"], 4, "cannot listen at 192.0.2.1:80"),
    ] {
        // At no fixed port, should one be served all the same.
        let listen: &[&str] = if arguments[0] == "--listen" { &[] } else { &["--listen", "127.0.0.1:0"] };
        let run = ocpi(dir.path(), &[&["serve"], listen, arguments].concat());
        assert_eq!((run.code, &*run.out), (code, ""), "{run:?}");
        assert!(run.err.contains(why), "{run:?}");
    }
}

#[test]
fn a_base_url_that_was_told_stays_until_another_one_is_told() {
    let dir = folder(&[]);
    let store = ["--store", "sqlite:sandbox.db"];
    let base_of = |more: &[&str]| {
        let sandbox = Sandbox::start(dir.path(), &[&store[..], more].concat());
        let url = sandbox.text("versions_url").to_owned();
        let listening = sandbox.text("listening").to_owned();
        assert_eq!(sandbox.stop().0, Some(0));
        url.trim_end_matches("/versions").replace(&listening, "ADDR")
    };
    assert_eq!(base_of(&[]), "http://ADDR/ocpi");
    assert_eq!(base_of(&[]), "http://ADDR/ocpi", "at another port");
    let told = "https://sandbox.example/ocpi";
    assert_eq!(base_of(&["--base-url", told]), told);
    assert_eq!(base_of(&[]), told);
    assert_eq!(base_of(&["--base-url", "https://new.example"]), "https://new.example");
}
