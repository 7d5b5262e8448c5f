//! Starting a partner on a socket.

use std::sync::{Arc, Mutex};

use http::Method;
use ocpi_client::transport::AnyTransport;
use ocpi_client::{Outbound, Reqwest, UrlPolicy};
use ocpi_server_traits::{Clock, Timer};

use super::partner::Other;
use super::{WorstPartner, WorstPartnerSetup, lock};
use crate::Socket;

impl WorstPartnerSetup {
    /// Starts it on a socket of 127.0.0.1, by the time of the machine. It sends the results of commands by itself, and stops
    /// when its last clone is dropped. It needs a runtime of Tokio.
    pub async fn start(self) -> WorstPartner {
        let socket = Socket::bind().await;
        let http = Reqwest::new(Outbound::new().with_urls(UrlPolicy::Any)).expect("an HTTP client");
        let (clock, timer) = (Clock::system(), Timer::new(tokio::time::sleep));
        let opened = self.on(socket.base(), clock, timer, AnyTransport::new(http), Other::default());
        let partner = opened.await;
        // The server must not keep it alive.
        let inside = Arc::downgrade(&partner.0);
        let serving = socket.serve_by(move |request| {
            let inside = inside.upgrade();
            async move {
                let inside = inside?;
                let is_command =
                    *request.method() == Method::POST && request.uri().path().contains("/commands/");
                let answer = inside.answer(request).await;
                if is_command {
                    let charge_points = Arc::clone(&inside.charge_points);
                    tokio::spawn(async move { charge_points.settle().await });
                }
                answer
            }
        });
        *lock(&partner.0.serving) = Some(serving);
        partner
    }
}

/// Server of a partner, once it is started.
pub(super) type Server = Mutex<Option<crate::Serving>>;
