//! Verbs that speak with partners, over real sockets.

mod canned;
mod conformance;
mod cpo;
mod probe;
mod pull;
mod push;
mod registration;
mod replay;
mod tokens;
mod versions;

use std::path::Path;

pub(crate) use cpo::free_address;
use ocpi_types::CredentialsToken;

use crate::{Run, run};

/// The token of all runs. It may be in no output.
const SECRET: &str = "canary-4711-token";

/// The token as a header has it.
fn header(base64: bool) -> String {
    SECRET.parse::<CredentialsToken>().unwrap().to_header(base64)
}

/// Runs `ocpi` with the token in the environment, and looks for it in the output.
fn ask(dir: &Path, arguments: &[&str]) -> Run {
    ask_with(dir, arguments, &[("OCPI_TOKEN", SECRET)])
}

/// Runs `ocpi`, and looks for the token in the output.
fn ask_with(dir: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
    let run = run(dir, arguments, variables, b"");
    assert_secret(&run, SECRET);
    run
}

/// Looks for a token in an output.
fn assert_secret(run: &Run, token: &str) {
    let encoded = token.parse::<CredentialsToken>().unwrap().to_header(true);
    for form in [token, encoded.trim_start_matches("Token ").trim_end_matches('=')] {
        assert!(!run.out.contains(form) && !run.err.contains(form), "the output shows the token");
    }
}
