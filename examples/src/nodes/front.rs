//! One address in front of several nodes, as a load balancer is.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::net::{TcpListener, TcpStream};

use crate::roam::Failure;

/// An address that leads to one of the nodes that live.
pub(super) struct Front {
    nodes: Arc<Mutex<Vec<SocketAddr>>>,
    address: SocketAddr,
}

impl Front {
    pub(super) async fn listen() -> Result<Self, Failure> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let (nodes, address) = (Arc::default(), listener.local_addr()?);
        tokio::spawn(forward(listener, Arc::clone(&nodes)));
        Ok(Self { nodes, address })
    }

    /// The URL below which the CPO is.
    pub(super) fn base(&self) -> String {
        format!("http://{}/ocpi", self.address)
    }

    pub(super) fn versions_url(&self) -> String {
        format!("{}/versions", self.base())
    }

    pub(super) fn add(&self, node: SocketAddr) {
        self.nodes.lock().unwrap_or_else(PoisonError::into_inner).push(node);
    }

    pub(super) fn remove(&self, node: SocketAddr) {
        self.nodes.lock().unwrap_or_else(PoisonError::into_inner).retain(|known| *known != node);
    }
}

async fn forward(listener: TcpListener, nodes: Arc<Mutex<Vec<SocketAddr>>>) {
    while let Ok((mut client, _)) = listener.accept().await {
        let known = {
            let mut nodes = nodes.lock().unwrap_or_else(PoisonError::into_inner);
            // The next connection begins with the next node.
            if !nodes.is_empty() {
                nodes.rotate_left(1);
            }
            nodes.clone()
        };
        tokio::spawn(async move {
            for node in known {
                if let Ok(mut node) = TcpStream::connect(node).await {
                    // A connection that breaks off concerns nobody else.
                    drop(tokio::io::copy_bidirectional(&mut client, &mut node).await);
                    return;
                }
            }
        });
    }
}
