//! One driver's day between two platforms that share nothing but HTTP: `cargo run --release -p examples --bin roam`.

use std::process::ExitCode;

use clap::Parser;
use examples::roam::{Options, run};

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(run(Options::parse())),
        Err(error) => Err(error.into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("roam: {error}");
            ExitCode::FAILURE
        }
    }
}
