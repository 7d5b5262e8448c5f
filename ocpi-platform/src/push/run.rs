//! The main loop of a platform, which pushes published objects to partners.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::join;
use ocpi_client::Transport;
use ocpi_server_traits::storage::{Position, Store};

use super::engine::{Finished, UnderWay, alongside};
use super::garage::Engine;
use crate::{Error, Platform};

/// Time between two ticks of a platform that runs.
const TICK: Duration = Duration::from_secs(5);
/// Most changes that are passed at once.
const FEED: u32 = 5_000;
/// The wait after a failure of the store.
const AFTER_FAILURE: Duration = Duration::from_secs(1);
/// Longest time for which requests that are under way are waited for at the end.
const DRAIN: Duration = Duration::from_secs(45);
/// Time in which one tick begins requests.
const SLICE: Duration = Duration::from_secs(10);
/// Longest time for which a change is waited for without a look.
const LONG: Duration = Duration::from_secs(60 * 60);

impl<S: Store, T: Transport> Platform<S, T> {
    /// Runs the platform: sends [published](Self::publish) objects to the partners that may see them, calls
    /// [reactors](Self::react) as soon as there are changes, and calls [`Platform::tick`], until `shutdown` completes.
    /// Then it starts nothing new, waits for requests in flight, and releases its leases.
    ///
    /// A partner is served by one node at a time, under a lease. If a node dies, another one takes over after some
    /// seconds; requests that were in flight are repeated, and nothing is lost. Failures of the store are reported to
    /// the observer, and retried after a while.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use ocpi_client::Transport;
    /// use ocpi_platform::Platform;
    /// use ocpi_server_traits::Store;
    ///
    /// fn lives<S: Store, T: Transport + 'static>(cpo: &Arc<Platform<S, T>>) {
    ///     let cpo = Arc::clone(cpo);
    ///     tokio::spawn(async move { cpo.run(std::future::pending()).await });
    /// }
    /// ```
    pub async fn run(&self, shutdown: impl Future<Output = ()> + Send) {
        let mut shutdown = pin!(shutdown);
        let ticks = async {
            loop {
                self.settings.timer.wait(TICK).await;
                if let Err(error) = self.tick().await {
                    self.tell_missing(None, "a tick failed", &error);
                }
            }
        };
        let mut ticks = pin!(join(ticks, self.react_at_once()));
        let mut stop = false;
        let mut is_over = |context: &mut std::task::Context<'_>| {
            let _: Poll<((), ())> = ticks.as_mut().poll(context);
            stop = stop || shutdown.as_mut().poll(context).is_ready();
            stop
        };
        let mut in_use = loop {
            if let Some(in_use) = self.push.take() {
                break in_use;
            }
            // Somebody else runs this platform, or a tick does: that one is over soon.
            let mut timer = pin!(self.settings.timer.wait(AFTER_FAILURE));
            let ended = poll_fn(|context| match is_over(context) {
                true => Poll::Ready(true),
                false => timer.as_mut().poll(context).map(|()| false),
            });
            if ended.await {
                return;
            }
        };
        let engine = in_use.engine();
        let mut under_way = UnderWay::new();
        loop {
            let step = self.step(engine, &mut under_way, false).await;
            if let Err(error) = &step {
                self.tell_missing(None, "partners are not told of what changed", error);
            }
            let wait = match step {
                Ok(step) => step,
                Err(_) => Step { wait: Some(AFTER_FAILURE), ..Step::NOTHING_READ },
            };
            let mut finished = Vec::new();
            let ended = self.rest(engine, &mut under_way, &wait, &mut finished, &mut is_over).await;
            self.end(engine, finished).await;
            if ended {
                break;
            }
        }
        self.drain(engine, &mut under_way).await;
        self.recorder.store().await;
        drop(under_way);
        in_use.park();
    }

    /// Starts reactors whenever something changed, for ever. What a reactor misses because it was just ending, it is told in the
    /// next tick.
    async fn react_at_once(&self) {
        let mut after = Position::START;
        loop {
            if self.reactors.is_empty() {
                self.settings.timer.wait(TICK).await;
                continue;
            }
            match self.store().changes(after, FEED).await {
                Ok(changes) if changes.upto > after => after = changes.upto,
                Ok(_) => {
                    self.reactors.start(&self.settings.spawn);
                    self.store().moved(after, LONG).await;
                }
                // The tick tells of it.
                Err(_) => self.settings.timer.wait(AFTER_FAILURE).await,
            }
        }
    }

    /// Sends what is due and waits for the answers, until there is nothing to do before some time has passed, or the time that
    /// a tick has for it is over: the next tick continues. Nothing, if the platform runs. Returns the number of requests.
    pub(crate) async fn push_due(&self) -> Result<usize, Error> {
        let Some(mut in_use) = self.push.take() else { return Ok(0) };
        let (mut under_way, mut count) = (UnderWay::new(), 0);
        let (mut is_first, end) = (true, self.clock().ticks().saturating_add(SLICE));
        while self.clock().ticks() < end {
            let step = self.step(in_use.engine(), &mut under_way, is_first).await?;
            is_first = false;
            let mut finished = Vec::new();
            if !under_way.is_empty() {
                // Until one has ended: then there may be more to send.
                let wait = Step { wait: None, ..step };
                self.rest(in_use.engine(), &mut under_way, &wait, &mut finished, &mut |_| false).await;
            } else if !step.has_more && step.wait.is_none_or(|wait| !wait.is_zero()) {
                break;
            }
            count += finished.len();
            self.end(in_use.engine(), finished).await;
        }
        count += self.end_all(in_use.engine(), &mut under_way).await?;
        self.save_all(in_use.engine(), true).await?;
        in_use.park();
        Ok(count)
    }

    /// Waits for what is under way and begins nothing new; the leases are kept meanwhile. Returns the number of requests.
    async fn end_all(&self, engine: &mut Engine, under_way: &mut UnderWay<'_>) -> Result<usize, Error> {
        let mut count = 0;
        while !under_way.is_empty() {
            let mut finished = Vec::new();
            let keeping = async {
                self.look_through(engine, false).await?;
                self.save_all(engine, false).await
            };
            let kept = alongside(under_way, &mut finished, keeping).await;
            if kept.is_ok() && finished.is_empty() {
                self.rest(engine, under_way, &Step::NOTHING_READ, &mut finished, &mut |_| false).await;
            }
            count += finished.len();
            self.end(engine, finished).await;
            kept?;
        }
        Ok(count)
    }

    /// Reads what changed, and begins the requests that are due.
    async fn step<'a>(
        &'a self,
        engine: &mut Engine,
        under_way: &mut UnderWay<'a>,
        is_due: bool,
    ) -> Result<Step, Error> {
        let mut finished = Vec::new();
        let reading = async {
            self.look_through(engine, is_due).await?;
            let has_more = self.read_gaps(engine).await? | self.read_feed(engine).await?;
            self.read_letters(engine).await?;
            Ok::<_, Error>(has_more)
        };
        let read = alongside(under_way, &mut finished, reading).await;
        self.end(engine, finished).await;
        let has_more = read?;
        self.begin(engine, under_way);
        let mut finished = Vec::new();
        let saved = alongside(under_way, &mut finished, self.save_all(engine, false)).await;
        self.end(engine, finished).await;
        saved?;
        let now = self.clock().ticks();
        let due = engine.served.values().filter(|served| served.may_send(now));
        let due = due.filter_map(|served| served.pusher.due()).min();
        Ok(Step { has_more, wait: due.map(|due| due.saturating_sub(now)), has_failed: false })
    }

    /// Waits until a request has ended, something changed, it is time for something, or the end has come (`true`).
    async fn rest(
        &self,
        engine: &Engine,
        under_way: &mut UnderWay<'_>,
        step: &Step,
        finished: &mut Vec<Finished>,
        is_over: &mut (impl FnMut(&mut std::task::Context<'_>) -> bool + Send),
    ) -> bool {
        let now = self.clock().ticks();
        let look = self.next_look(engine).saturating_sub(now);
        let is_unsaved = engine.served.values().any(|served| !served.pusher.is_idle());
        let save = is_unsaved.then_some(Duration::from_secs(1));
        let wait = [Some(look), save, step.wait].into_iter().flatten().min().unwrap_or(look);
        // A timer need not be finer than that.
        let wait = if step.has_more { Duration::ZERO } else { wait.max(Duration::from_millis(1)) };
        let read = engine.served.values().filter(|served| served.pusher.reads());
        let read = read.map(|served| served.pusher.read()).max().filter(|_| !step.has_failed);
        let mut timer = pin!(self.settings.timer.wait(wait));
        let mut moved = pin!(async {
            match read {
                Some(read) => self.store().moved(read, LONG).await,
                // What changes is read when there is somebody to tell.
                None => std::future::pending().await,
            }
        });
        poll_fn(|context| {
            if is_over(context) {
                return Poll::Ready(true);
            }
            while let Poll::Ready(Some(ended)) = under_way.poll_next_unpin(context) {
                finished.push(ended);
            }
            let has_moved = moved.as_mut().poll(context).is_ready();
            if !finished.is_empty() || has_moved || timer.as_mut().poll(context).is_ready() {
                return Poll::Ready(false);
            }
            Poll::Pending
        })
        .await
    }

    /// Waits for what is under way, stores how far partners have come, and lets them go.
    async fn drain(&self, engine: &mut Engine, under_way: &mut UnderWay<'_>) {
        let mut finished = Vec::new();
        let all = async {
            while let Some(ended) = under_way.next().await {
                finished.push(ended);
            }
        };
        let _ = self.settings.timer.within(DRAIN, all).await;
        let ended = async {
            self.end(engine, finished).await;
            self.save_all(engine, true).await?;
            self.let_go(engine).await
        };
        if let Err(error) = ended.await {
            self.tell_missing(None, "partners wait for the end of a lease", &error);
        }
    }
}

/// Result of a step.
struct Step {
    /// Whether there is more in the feed.
    has_more: bool,
    /// Time until something is due.
    wait: Option<Duration>,
    /// Whether it failed, so that what changed is still to be read and is not waited for.
    has_failed: bool,
}

impl Step {
    /// Nothing was read, and nothing is.
    const NOTHING_READ: Self = Self { has_more: false, wait: None, has_failed: true };
}
