//! Clocks, and what the machine can do at best.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// Returns the CPU time that this process has taken, with all its threads.
pub fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    let seconds = u64::try_from(time.tv_sec).expect("it grows from zero");
    let nanos = u32::try_from(time.tv_nsec).expect("less than a second");
    Duration::new(seconds, nanos)
}

/// CPU time and time of a piece of work.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// CPU time of this process.
    pub cpu: Duration,
    /// Time on the clock.
    pub wall: Duration,
}

impl Cost {
    /// Measures a future.
    pub async fn of<T>(work: impl Future<Output = T>) -> (T, Self) {
        let (cpu_before, start) = (cpu(), Instant::now());
        let made = work.await;
        (made, Self { wall: start.elapsed(), cpu: cpu().saturating_sub(cpu_before) })
    }
}

/// Appends a block to a file and waits until it is on the disk.
pub struct Disk(File);

impl Disk {
    /// A file in a directory.
    pub fn in_directory(path: &Path) -> Self {
        Self(File::create(path.join("block")).expect("a file"))
    }

    /// Returns the time of one block.
    pub fn sync(&mut self) -> Duration {
        let start = Instant::now();
        self.0.write_all(&[7; 4096]).expect("it is written");
        self.0.sync_data().expect("it is on the disk");
        start.elapsed()
    }
}

/// Returns the value that so much of a hundred do not exceed.
pub fn percentile<T: Copy + PartialOrd>(values: &[T], percent: usize) -> T {
    let mut sorted = values.to_vec();
    sorted.sort_by(|one, other| one.partial_cmp(other).expect("they are numbers"));
    sorted[(sorted.len() * percent / 100).min(sorted.len() - 1)]
}

/// Returns the value in the middle.
pub fn median<T: Copy + PartialOrd>(values: &[T]) -> T {
    percentile(values, 50)
}

/// Milliseconds, as text.
pub fn millis(time: Duration) -> String {
    let millis = time.as_secs_f64() * 1e3;
    match millis {
        ..10.0 => format!("{millis:.2}"),
        _ => format!("{millis:.1}"),
    }
}
