//! Where the token comes from.

use super::canned::{cpo, failure};
use super::{SECRET, ask_with};
use crate::folder;

#[test]
fn a_token_comes_from_a_file_or_the_environment() {
    let dir = folder(&[("token.txt", &format!("  {SECRET}\r\n")), ("other.txt", "other-token")]);
    let partner = cpo(&["credentials"], |_| failure(404, 2000, "no"));
    let url = partner.versions();
    let with = |arguments: &[&str], variables: &[(&str, &str)]| {
        let arguments = [&["versions", &url, "--allow-private"], arguments].concat();
        ask_with(dir.path(), &arguments, variables).code
    };
    assert_eq!(with(&["--token-file", "token.txt"], &[]), 0);
    assert_eq!(with(&["--token-file", "token.txt"], &[("OCPI_TOKEN", "other-token")]), 0, "the file wins");
    assert_eq!(with(&[], &[("OCPI_TOKEN", SECRET)]), 0);
    assert_eq!(with(&["--token-file", "other.txt"], &[("OCPI_TOKEN", SECRET)]), 4);
}

#[test]
fn a_token_that_is_none_is_not_repeated() {
    let long = format!("{SECRET} {SECRET}");
    let dir = folder(&[("two.txt", &long), ("empty.txt", "\n")]);
    let with = |arguments: &[&str], variables: &[(&str, &str)]| {
        let arguments = [&["versions", "https://cpo.example/versions"], arguments].concat();
        ask_with(dir.path(), &arguments, variables)
    };
    for (arguments, variables, code, why) in [
        (&[][..], &[][..], 2, "--token-file"),
        (&["--token-file", "two.txt"], &[], 2, "two.txt holds no token"),
        (&["--token-file", "empty.txt"], &[], 2, "empty.txt holds no token"),
        (&[], &[("OCPI_TOKEN", &*long)], 2, "OCPI_TOKEN holds no token"),
        (&["--token-file", "nowhere.txt"], &[], 3, "nowhere.txt: "),
    ] {
        let run = with(arguments, variables);
        assert_eq!((run.code, &*run.out), (code, ""), "{run:?}");
        assert!(run.err.contains(why), "{run:?}");
    }
}

#[test]
fn no_argument_takes_a_token() {
    let dir = folder(&[]);
    for verb in ["versions", "probe", "pull", "register"] {
        let run = ask_with(dir.path(), &[verb, "--help"], &[]);
        assert!(run.out.contains("--token-file <FILE>") && !run.out.contains("--token <"), "{run:?}");
    }
}
