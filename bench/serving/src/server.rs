//! A server over HTTP in a process of its own, so that its CPU time is its own.

use std::process::Stdio;
use std::time::Duration;

use axum::routing::patch;
use ocpi_kit::VersionNumber;
use ocpi_types::Version;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::place::Place;
use crate::{answers, kit, machine, own};

/// An answer of the size of that to a PATCH.
const FIXED: &str = r#"{"status_code":1000,"timestamp":"2026-11-22T10:00:00.000Z"}"#;

/// Serves a store on a free port of this machine. Prints the address; then, for each line that comes in, the CPU time so
/// far in nanoseconds. Ends with its input.
pub async fn serve(place: &Place) {
    let app = axum::Router::new()
        .route("/fixed", patch(async |_: bytes::Bytes| ([("content-type", "application/json")], FIXED)));
    let app = match place {
        Place::Kit => app.nest("/ocpi/2.3.0/sender", kit::router(VersionNumber::V2_3_0, kit::in_order())),
        Place::Ready => {
            let memory = own::router(&own::loaded(place.open().await).await);
            let pages = answers::pages(memory, "/ocpi/2.3.0/sender/locations").await;
            app.fallback_service(own::router_of_ready_pages(pages, Version::V2_3_0).await)
        }
        Place::Memory => app.fallback_service(own::router(&own::loaded(place.open().await).await)),
        Place::Sqlite(_) | Place::Postgres(_) => {
            app.fallback_service(own::router(&own::objects(place.open().await)))
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    println!("{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, app).await });
    // This thread may wait: the threads of the runtime serve.
    for _ in std::io::stdin().lines() {
        println!("{}", machine::cpu().as_nanos());
    }
}

/// A server that was started.
pub struct Server {
    /// Where it listens.
    pub address: String,
    _process: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl Server {
    /// Starts a server of a store.
    pub async fn start(place: &Place) -> Self {
        let program = std::env::current_exe().expect("this program");
        let mut command = Command::new(program);
        command.args(["serve", &place.to_string()]).kill_on_drop(true);
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
        let input = process.stdin.take().expect("an input");
        let mut output = BufReader::new(process.stdout.take().expect("an output")).lines();
        let address = output.next_line().await.expect("a line").expect("an address");
        Self { address, _process: process, input, output }
    }

    /// Returns the CPU time that it has taken.
    pub async fn cpu(&mut self) -> Duration {
        self.input.write_all(b"cpu\n").await.expect("it listens");
        let line = self.output.next_line().await.expect("a line").expect("a number");
        Duration::from_nanos(line.parse().expect("a number"))
    }
}
