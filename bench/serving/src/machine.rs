//! Clocks, and what the machine can do at best.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// Returns the CPU time that this process has taken, with all its threads.
pub fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    let seconds = u64::try_from(time.tv_sec).expect("it grows from zero");
    let nanos = u32::try_from(time.tv_nsec).expect("less than a second");
    Duration::new(seconds, nanos)
}

/// Processes of a database on this machine.
#[derive(Default)]
pub struct Processes(Vec<PathBuf>);

impl Processes {
    /// Those that have these numbers, if they are on this machine.
    pub fn of(numbers: impl IntoIterator<Item = i32>) -> Self {
        let is_here = |number: &i32| {
            let name = std::fs::read_to_string(format!("/proc/{number}/comm"));
            name.is_ok_and(|name| name.starts_with("postgres"))
        };
        let path = |number| PathBuf::from(format!("/proc/{number}/schedstat"));
        Self(numbers.into_iter().filter(is_here).map(path).collect())
    }

    /// Returns the CPU time that they have taken.
    pub fn cpu(&self) -> Duration {
        let nanos = |path: &PathBuf| -> u64 {
            let text = std::fs::read_to_string(path).unwrap_or_default();
            text.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0)
        };
        Duration::from_nanos(self.0.iter().map(nanos).sum())
    }
}

/// CPU time and time of a piece of work.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// CPU time of this process, and of the database's processes that were asked for.
    pub cpu: Duration,
    /// Time on the clock.
    pub wall: Duration,
}

impl Cost {
    /// Measures a future.
    pub async fn of<T>(work: impl Future<Output = T>) -> (T, Self) {
        Self::with(&Processes::default(), work).await
    }

    /// Measures a future for which a database works.
    pub async fn with<T>(database: &Processes, work: impl Future<Output = T>) -> (T, Self) {
        let (there, here, start) = (database.cpu(), cpu(), Instant::now());
        let made = work.await;
        let wall = start.elapsed();
        let cpu = cpu().saturating_sub(here) + database.cpu().saturating_sub(there);
        (made, Self { cpu, wall })
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
