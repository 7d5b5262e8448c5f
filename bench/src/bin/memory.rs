//! Counts the memory that one contender needs for a page: `memory NAME KIND VERSION` prints allocations, bytes kept,
//! and bytes in use at most.

use ocpi_bench::{contenders, ours, pages};

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, name, kind, version] = arguments.as_slice() else { panic!("memory NAME KIND VERSION") };
    let page = pages::page(kind, version);
    let all = [contenders::all(), ours::all()].concat();
    let contender = all.iter().find(|it| (it.name, it.kind, it.version) == (name, kind, version));
    let decode = contender.expect("a contender").decode;
    let _profiler = dhat::Profiler::builder().testing().trim_backtraces(Some(1)).build();
    let read = decode(&page);
    let stats = dhat::HeapStats::get();
    println!("{} {} {}", stats.total_blocks, stats.curr_bytes, stats.max_bytes);
    drop(read);
}
