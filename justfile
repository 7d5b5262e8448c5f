# The one door: `just` lists what there is, and `just check` is what to run before a commit.

# List the recipes
default:
    @just --list

# Format, lint, test and document: what must pass before a commit
check: fmt clippy test doc

# Check the format of every file
fmt:
    cargo fmt --all --check
    cargo fmt --all --check --manifest-path bench/Cargo.toml
    cargo fmt --all --check --manifest-path bench/tariffs/Cargo.toml
    cargo fmt --all --check --manifest-path fuzz/Cargo.toml
    cargo fmt --check --manifest-path examples/actix/Cargo.toml

# Lint everything, tests and examples too; a warning is an error
clippy:
    cargo clippy --workspace --all-targets -- -D warnings

# Run all tests, those in the documentation too
test:
    cargo test --workspace

# Run the model's tests in a build where serde_json's arbitrary_precision and preserve_order are on
test-features:
    cargo test -p ocpi-types --test it --features serde_json/arbitrary_precision,serde_json/preserve_order

# Replay schedules of the models through the code (needs python3)
models count="2000":
    .ci/models {{count}} {{count}} --release

# Spend a day with each pair of faults of the worst partner: some 14,000 (a few minutes)
worst-partner:
    OCPI_PAIRS=all cargo test --release -p ocpi-testkit --test it worst::pairs -- --nocapture

# Play courses of two platforms over a faulty line, with processes that crash (some minutes)
lines seeds="100000":
    OCPI_SEEDS={{seeds}} cargo test --release -p ocpi-testkit --test it lines -- --nocapture

# Replay schedules of pushing through the machine that decides what a partner is sent (needs python3; about a minute)
push-models count="100000":
    python3 models/replication.py --dump push --count {{count}} --seed 1 > target/push-schedules
    OCPI_SCHEDULES=$PWD/target/push-schedules cargo test --release -p ocpi-platform --lib push::pusher::replay -- --nocapture

# Send CDRs over a line that loses and doubles, from processes that crash
cdrs count="100000":
    OCPI_CDRS={{count}} cargo test --release -p ocpi-platform --test it push::storm -- --nocapture

# Build the documentation; a warning is an error
doc:
    RUSTDOCFLAGS=-Dwarnings cargo doc --workspace --no-deps

# Compare the public API with the texts under api/; `just api --bless` rewrites them (needs a nightly compiler)
api *options:
    .ci/api {{options}}

# Check licences, advisories and sources of the dependencies (needs cargo-deny)
deny:
    cargo deny check

# Compile with the oldest compiler that is promised: `rust-version` in Cargo.toml
msrv:
    cargo "+$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)" check --workspace

# Run each fuzz target for 10 seconds (needs a nightly compiler and cargo-fuzz)
fuzz-smoke:
    #!/usr/bin/env bash
    set -euo pipefail
    OCPI_SEEDS="$PWD/fuzz/corpus/sent" cargo test -p ocpi-types --test it -- --ignored --exact corpus::seeds
    targets=$(cargo +nightly fuzz list)
    for target in $targets; do
        mkdir -p "fuzz/corpus/$target"
        cargo +nightly fuzz run "$target" "fuzz/corpus/$target" fuzz/corpus/sent fuzz/seeds \
            ocpi-types/tests/fixtures -- -max_total_time=10
    done

# Measure all contenders in one run, and write the table (a peer asks for a newer compiler than it needs)
bench:
    cargo run --release --ignore-rust-version --manifest-path bench/Cargo.toml --bin table -- 11 bench/RESULTS.md

# Measure serving and storage, and write the table (what needs PostgreSQL runs on the one of OCPI_TEST_POSTGRES)
bench-serving:
    cargo run --release --ignore-rust-version --manifest-path bench/Cargo.toml -p ocpi-bench-serving -- bench/SERVING.md

# Measure requests over HTTP on every store, beside ocpi-kit's server, and write the table
bench-server:
    cargo run --release --ignore-rust-version --manifest-path bench/Cargo.toml -p ocpi-bench-serving -- bench/SERVER.md 0 load

# Measure by criterion
bench-criterion:
    cargo bench --ignore-rust-version --manifest-path bench/Cargo.toml

# Hold instruction counts to their bounds (needs valgrind)
bench-gate:
    cargo build --release --ignore-rust-version --manifest-path bench/Cargo.toml --bins
    cargo run --release --ignore-rust-version --manifest-path bench/Cargo.toml --bin gate

# Run the main example: two platforms that roam
roam:
    cargo run --release -p examples --bin roam

# Meet other programs that speak OCPI, over real sockets, and write INTEROP.md (needs python3, pip, npm and the network)
interop *options="--bless":
    interop/run {{options}}

# Test the example on actix-web, which asks for a newer compiler than the library needs
actix:
    cargo test --manifest-path examples/actix/Cargo.toml

# Measure pricing beside its peers, and write the table
bench-pricing:
    cargo build --release --ignore-rust-version --manifest-path bench/tariffs/Cargo.toml
    cargo run --release --ignore-rust-version --manifest-path bench/Cargo.toml --bin pricing -- 11 bench/PRICING.md

# Price the same CDRs by another engine, and explain every difference
differential:
    cargo run --release --ignore-rust-version --manifest-path bench/tariffs/Cargo.toml --bin differential -- 3000 bench/DIFFERENTIAL.md
