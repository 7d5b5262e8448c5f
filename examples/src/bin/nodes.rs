//! Two nodes of one CPO on one store, of which one is killed: `cargo run --release -p examples --bin nodes`.

use std::process::ExitCode;

use clap::Parser;
use examples::nodes::{Options, run, serve};
use examples::roam::Failure;

fn main() -> ExitCode {
    let options = Options::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome: Result<(), Failure> = match (runtime, &options.node, &options.store) {
        (Ok(runtime), Some(base), Some(store)) => runtime.block_on(serve(store, base)),
        (Ok(runtime), ..) => runtime.block_on(run(options)),
        (Err(error), ..) => Err(error.into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("nodes: {error}");
            ExitCode::FAILURE
        }
    }
}
