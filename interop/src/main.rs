//! A platform of ours, on a socket of its own, that a script steers by lines of JSON.
//!
//! Each line of the input is a step: `{"do": "crawl", "of": "Location"}`. Each is answered by one line: `{"ok": true, …}`
//! with what was seen, or `{"ok": false, "symptom": …}`. Steps are done one after the other; the first is `open`. The end
//! of the input ends the program.

mod chargers;
mod dialog;
mod ours;
mod request;
mod seeds;
mod steps;

use std::io::{BufRead, Write, stdin, stdout};

use dialog::{Failure, Told};
use ours::Ours;
use request::Request;
use serde_json::json;

fn main() -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let mut ours = None;
    for line in stdin().lock().lines() {
        let answer = match runtime.block_on(answer(&mut ours, &line?)) {
            Ok(mut told) => {
                told.insert("ok".to_owned(), true.into());
                told.into()
            }
            Err(failure) => {
                json!({ "ok": false, "symptom": failure.symptom, "not_offered": failure.is_not_offered })
            }
        };
        let mut out = stdout().lock();
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

async fn answer(ours: &mut Option<Ours>, line: &str) -> Result<Told, Failure> {
    let request = Request::read(line)?;
    if request.step() == "open" {
        let opened = Ours::open(&request).await?;
        let told = dialog::told([("versions_url", opened.versions_url().into())]);
        *ours = Some(opened);
        return Ok(told);
    }
    steps::run(ours.as_mut().ok_or("the first step is open")?, &request).await
}
