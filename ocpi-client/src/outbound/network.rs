//! Blocks of addresses.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// Block of IP addresses, such as `10.20.0.0/16` or `fd12:3456::/32`.
///
/// ```
/// use ocpi_client::outbound::Network;
/// let vpn: Network = "10.20.0.0/16".parse()?;
/// assert!(vpn.contains("10.20.3.4".parse().unwrap()));
/// assert!(!vpn.contains("10.21.0.1".parse().unwrap()));
/// assert!("10.20.0.0/33".parse::<Network>().is_err());
/// # Ok::<(), ocpi_client::outbound::NetworkError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Network {
    address: IpAddr,
    prefix: u32,
}

/// Error: a text is not a block of IP addresses.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no block of IP addresses such as `10.20.0.0/16`")]
pub struct NetworkError;

impl Network {
    /// Whether the block contains an address.
    pub fn contains(&self, address: IpAddr) -> bool {
        // From the left, all bits but the last ones are equal.
        let shared = |one: u128, other: u128, width: u32| {
            let rest = width.saturating_sub(self.prefix);
            one.checked_shr(rest) == other.checked_shr(rest)
        };
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => shared(own.to_bits().into(), other.to_bits().into(), 32),
            (IpAddr::V6(own), IpAddr::V6(other)) => shared(own.to_bits(), other.to_bits(), 128),
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let (address, prefix) = text.split_once('/').map_or((text, None), |(one, two)| (one, Some(two)));
        let address: IpAddr = address.parse().map_err(|_| NetworkError)?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(width), |prefix| prefix.parse().map_err(|_| NetworkError))?;
        if prefix > width { Err(NetworkError) } else { Ok(Self { address, prefix }) }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}
