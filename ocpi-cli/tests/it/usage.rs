//! Words of the command line.

use crate::{LOCATION, folder, ocpi};

#[test]
fn version_is_the_programs_or_the_protocols() {
    let dir = folder(&[("f.json", LOCATION)]);
    let version = ocpi(dir.path(), &["--version"]);
    assert_eq!((version.code, &*version.out), (0, concat!("ocpi ", env!("CARGO_PKG_VERSION"), "\n")));
    let check = ocpi(dir.path(), &["check", "--version", "2.2.1", "f.json"]);
    assert_eq!(check.code, 0, "{check:?}");
    assert!(check.err.contains("detected as location of OCPI 2.2.1\n"), "{check:?}");
}

#[test]
fn an_unknown_type_is_answered_with_the_known_ones() {
    let dir = folder(&[("f.json", LOCATION)]);
    let run = ocpi(dir.path(), &["check", "--as", "station", "f.json"]);
    assert_eq!((run.code, &*run.out), (2, ""));
    for name in ["location", "evse", "cdr-location", "version-details", "tax-amount"] {
        assert!(run.err.contains(&format!(" {name},")) || run.err.contains(&format!(" {name}]")), "{run:?}");
    }
}

#[test]
fn wrong_usage_ends_with_2() {
    let dir = folder(&[("f.json", LOCATION)]);
    for (arguments, why) in [
        (&[][..], "Usage: ocpi"),
        (&["check"], "<PATH>"),
        (&["chekc", "f.json"], "check"),
        (&["check", "--version", "2.0", "f.json"], "2.1.1, 2.2.1, 2.3.0"),
        (
            &["check", "--version", "2.2.1", "--as", "parking", "f.json"],
            "OCPI 2.2.1 has no type 'parking' (available in 2.3.0)",
        ),
        (&["check", "--format", "xml", "f.json"], "text, json"),
        (&["check", "--ruleset", "moon", "f.json"], "ndw-dot-nl"),
        (&["check", "--ruleset", "nevi", "--version", "2.3.0", "f.json"], "ruleset 'nevi' is for OCPI 2.2.1"),
    ] {
        let run = ocpi(dir.path(), arguments);
        assert_eq!((run.code, &*run.out), (2, ""), "{run:?}");
        assert!(run.err.contains(why), "{run:?}");
    }
}

#[test]
fn every_verb_has_an_example() {
    let dir = folder(&[]);
    for verb in [
        "audit",
        "check",
        "completions",
        "convert",
        "estimate",
        "explain",
        "invite",
        "lint",
        "partners",
        "price",
        "probe",
        "pull",
        "push",
        "read",
        "register",
        "rotate",
        "sync",
        "unregister",
        "versions",
    ] {
        let run = ocpi(dir.path(), &[verb, "--help"]);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(run.out.contains("Example") && run.out.contains(&format!("\n  ocpi {verb} ")), "{run:?}");
    }
}

#[test]
fn completions_know_verbs_and_options() {
    let dir = folder(&[]);
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = ocpi(dir.path(), &["completions", shell]);
        assert_eq!((run.code, &*run.err), (0, ""));
        for word in ["check", "completions", "format"] {
            assert!(run.out.contains(word), "{shell}: {word}");
        }
        // Values of options are completed where the shell can.
        assert_eq!(run.out.contains("cdr-location"), ["bash", "fish", "zsh"].contains(&shell), "{shell}");
    }
}

#[test]
fn a_ruleset_asks_for_more_than_the_specification() {
    let dir = folder(&[("f.json", LOCATION)]);
    let plain = ocpi(dir.path(), &["check", "--version", "2.2.1", "f.json"]);
    assert_eq!(plain.code, 0, "{plain:?}");
    let demanding = ocpi(dir.path(), &["check", "--ruleset", "ndw-dot-nl", "f.json"]);
    assert_eq!(demanding.code, 1, "{demanding:?}");
    assert!(demanding.out.contains("profile.demand"), "{demanding:?}");
}
