//! The sandbox from its first request to its end.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use ocpi_sandbox::Sandbox;
use ocpi_server_traits::AnyStore;
use ocpi_types::observe::Chain;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::admin::Admin;
use super::background::Background;
use super::http::{self, Site};
use super::outgoing::Outgoing;
use crate::exit::Exit;
use crate::output;
use crate::remote::Failure;

/// Longest time for which commands, and then the last step of the city, are waited for at the end.
const DRAIN: Duration = Duration::from_secs(30);

/// Serves and lives until a signal comes, and then lets everything end in its order: no new connections, the requests that are
/// open, commands, the day of the city, what is on its way to partners, the store.
pub(super) async fn serve(
    listener: TcpListener,
    site: Site,
    admin: Option<(TcpListener, Admin)>,
    sandbox: Arc<Sandbox<AnyStore, Outgoing>>,
    background: Background,
    mut signals: Signals,
    alongside: impl Future<Output = ()>,
) -> Exit {
    let (stop, stopped) = watch::channel(false);
    let over = |mut stopped: watch::Receiver<bool>| async move {
        // The sender lives as long as this function.
        drop(stopped.wait_for(|stopped| *stopped).await);
    };
    let platform = Arc::clone(sandbox.platform());
    let serving = tokio::spawn(http::serve(
        listener,
        move |request| site.clone().answer(request),
        over(stopped.clone()),
    ));
    let (gone, is_gone) = watch::channel(false);
    let admin = admin.map(|(listener, admin)| {
        let admin = admin.stopping(stopped.clone());
        tokio::spawn(http::serve(listener, move |request| admin.clone().answer(request), over(is_gone)))
    });
    // Charges that are begun or ended by commands are part of the day.
    let (rest, rests) = watch::channel(false);
    let living = tokio::spawn({
        let over = over(rests);
        async move { sandbox.live(over, |error| output::complain(&Chain(error).to_string())).await }
    });
    // What was published is pushed to the end of the requests and of the day.
    let (end, ended) = watch::channel(false);
    let running = tokio::spawn(async move { platform.run(over(ended)).await });

    tokio::select! {
        () = signals.next() => {}
        () = async {
            alongside.await;
            std::future::pending().await
        } => {}
    }
    output::mention("stopping: open requests end first; another signal stops at once");
    let _ = stop.send(true);
    let drained = async {
        let _ = serving.await;
        let is_idle = tokio::time::timeout(DRAIN, background.idle()).await.is_ok();
        let _ = rest.send(true);
        let has_settled = tokio::time::timeout(DRAIN, living).await.is_ok();
        if !(is_idle && has_settled) {
            output::mention("stopped before all commands were carried out");
        }
        let _ = end.send(true);
        let _ = running.await;
        let _ = gone.send(true);
        if let Some(admin) = admin {
            let _ = admin.await;
        }
    };
    tokio::select! {
        () = drained => {}
        () = signals.next() => output::mention("stopped before everything had ended"),
    }
    Exit::Done
}

/// Signals that end the program.
pub(super) struct Signals {
    #[cfg(unix)]
    term: tokio::signal::unix::Signal,
}

impl Signals {
    /// Takes the signals from now on.
    ///
    /// # Errors
    /// When the operating system does not give them.
    pub(super) fn new() -> Result<Self, Failure> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let term =
                signal(SignalKind::terminate()).map_err(|error| Failure::unreadable("signals", error))?;
            Ok(Self { term })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    async fn next(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.term.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        #[cfg(not(unix))]
        drop(tokio::signal::ctrl_c().await);
    }
}
