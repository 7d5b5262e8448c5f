//! Properties of every value, tried on many.

mod documents;
mod hostile;
mod objects;
mod patches;
mod scalars;
mod urls;

use proptest::strategy::{BoxedStrategy, Strategy};
use proptest::string::string_regex;
use proptest::test_runner::{Config, RngSeed};

/// The same values in every run, and no files left behind. `PROPTEST_CASES` sets how many.
fn config() -> Config {
    Config { rng_seed: RngSeed::Fixed(2026), failure_persistence: None, ..Config::default() }
}

/// A quarter as many: a document has dozens of values.
fn config_of_documents() -> Config {
    let config = config();
    Config { cases: config.cases.div_ceil(4), ..config }
}

/// Texts of an expression, which is read once; as a strategy, a `&str` reads itself again for each value.
fn texts(expression: &str) -> BoxedStrategy<String> {
    string_regex(expression).expect("it is an expression").boxed()
}

/// Any text at all, as `any::<String>()`.
fn any_text() -> BoxedStrategy<String> {
    texts("\\PC*")
}
