//! Two nodes of one CPO on one store, of which one is killed in the middle of its work.
//!
//! Each node is a process. An address in front of both leads to whichever lives. An eMSP registers with the CPO and is told of
//! every status and every CDR by the node that holds its lease; that node is killed, and the other one goes on.

mod front;
mod node;
mod partner;
mod process;

use std::time::{Duration, Instant};

use clap::Parser;
use serde_json::json;

use crate::roam::Failure;
use front::Front;
use partner::Partner;
use process::{Process, Store};

pub use node::serve;

/// Orders to the CPO: this many statuses, each at another EVSE or later, and a CDR with every fourth.
const ORDERS: usize = 80;
/// Time in which everything must have arrived. A node that dies is replaced within 10 seconds.
const PATIENCE: Duration = Duration::from_secs(60);

/// Two nodes on one store, one of which is killed.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "nodes",
    after_help = "Example: nodes --store postgres://user@127.0.0.1/database?schema=nodes"
)]
pub struct Options {
    /// Where both nodes keep their objects: `sqlite:FILE` or `postgres://…`; without it, an SQLite file that is gone afterwards.
    #[arg(long, value_name = "URL")]
    pub store: Option<String>,
    /// Prints JSON on standard output, and nothing else.
    #[arg(long)]
    pub json: bool,
    /// Is a node, below this URL; the program itself starts two of them.
    #[arg(long, value_name = "URL", hide = true)]
    pub node: Option<String>,
}

/// Starts both nodes, kills the one that serves the eMSP, and waits until the eMSP has everything.
///
/// # Errors
/// When something does not arrive, arrives twice, or a process fails.
pub async fn run(options: Options) -> Result<(), Failure> {
    let store = Store::open(options.store)?;
    let front = Front::listen().await?;
    let mut nodes = [Process::start(&store, front.base())?, Process::start(&store, front.base())?];
    for node in &mut nodes {
        front.add(node.address().await?);
    }
    nodes[0].order("load").await?;
    let emsp = Partner::start().await?;
    let token = nodes[0].order(&format!("invite {}", emsp.host())).await?;
    emsp.register(&front.versions_url(), &token).await?;

    let half = ORDERS / 2;
    for number in 0..half {
        nodes[number % 2].order(&order(number)).await?;
    }
    // Some have arrived, others are on their way.
    tokio::time::timeout(PATIENCE, emsp.has_cdrs(half / 8)).await??;
    let [first, second] = &nodes;
    let (serving, other) = if first.has_sent_last(second) { (0, 1) } else { (1, 0) };
    front.remove(nodes[serving].address().await?);
    nodes[serving].kill().await?;
    let killed = Instant::now();
    for number in half..ORDERS {
        nodes[other].order(&order(number)).await?;
    }
    let everything = async {
        emsp.has_statuses(&nodes[other].order("statuses").await?).await?;
        emsp.has_cdrs(ORDERS / 4).await
    };
    tokio::time::timeout(PATIENCE, everything).await.map_err(|_| "not everything arrived")??;
    let taken_over = nodes[other].first_sent_after(killed).ok_or("the other node sent nothing")?;
    let posts = emsp.cdr_posts();
    if options.json {
        let told = json!({
            "orders": ORDERS, "cdrs": ORDERS / 4, "cdr_posts": posts,
            "taken_over_after_s": taken_over.as_secs_f64(),
        });
        println!("{told}");
    } else {
        println!("{} statuses and {} CDRs were published by two nodes on one store", ORDERS, ORDERS / 4);
        println!(
            "the node that served the eMSP was killed; the other one sent after {:.1} s",
            taken_over.as_secs_f64()
        );
        println!("the eMSP has the newest status of every EVSE, and each CDR once, by {posts} POSTs");
    }
    Ok(())
}

/// The order with this number: a status, and every fourth time a CDR with it.
fn order(number: usize) -> String {
    let kind = if number % 4 == 0 { "charged" } else { "status" };
    format!("{kind} {number}")
}
