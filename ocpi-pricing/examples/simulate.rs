//! Writes made-up CDRs of 2.2.1, one a line, and says how many it made in a second on one core.
//!
//! ```sh
//! cargo run --release -p ocpi-pricing --example simulate -- 7 3000 tariffs.json > cdrs.ndjson
//! ```
//!
//! The arguments: a seed, how many, and a file with a list of tariffs.

use std::io::{self, BufWriter, Write};
use std::time::Instant;

use ocpi_pricing::generate::{Generator, Template};
use ocpi_types::{json, v2_2_1::tariffs::Tariff};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [seed, count, file] = arguments.as_slice() else { return Err("SEED COUNT FILE".into()) };
    let tariffs = json::read_list::<Tariff>(&std::fs::read(file)?)?;
    let templates: Vec<_> = tariffs.items.into_iter().map(Template::new).collect();
    let mut generator = Generator::new(seed.parse()?, "Europe/Amsterdam".parse()?);
    let start = Instant::now();
    let cdrs = generator.records(&templates, count.parse()?).map(|record| record.map(|record| record.cdr));
    let cdrs = cdrs.collect::<Result<Vec<_>, _>>()?;
    let seconds = start.elapsed().as_secs_f64();
    let mut out = BufWriter::new(io::stdout().lock());
    for cdr in &cdrs {
        out.write_all(&json::to_vec(cdr))?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    eprintln!("{} CDRs, {:.0} in a second", cdrs.len(), cdrs.len() as f64 / seconds);
    Ok(())
}
