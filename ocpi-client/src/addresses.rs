//! Table of non-public addresses.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Kind of an IP address, according to the IANA registries.
///
/// Requests to partners go to [public](Self::Public) addresses only: the other kinds lead to machines of our own
/// network, and to the metadata services that hand out a cloud machine's credentials.
///
/// ```
/// use ocpi_client::AddressKind;
/// let kind = |address: &str| AddressKind::of(address.parse().unwrap());
/// assert_eq!(kind("1.1.1.1"), AddressKind::Public);
/// assert_eq!(kind("10.0.0.1"), AddressKind::Private);
/// assert_eq!(kind("::ffff:10.0.0.1"), AddressKind::Private);
/// assert_eq!(kind("169.254.169.254"), AddressKind::Metadata);
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum AddressKind {
    /// Public address.
    Public,
    /// Loopback address.
    Loopback,
    /// Unspecified address, or one of "this network".
    Unspecified,
    /// Address of a private network.
    Private,
    /// Shared address space of carriers (carrier-grade NAT).
    Shared,
    /// Unique local address of IPv6.
    UniqueLocal,
    /// Link-local address.
    LinkLocal,
    /// Address of a cloud's metadata service.
    Metadata,
    /// Multicast or broadcast address.
    Multicast,
    /// Address for documentation.
    Documentation,
    /// Address for benchmarks.
    Benchmark,
    /// Address reserved for a protocol or a relay.
    Protocol,
    /// IPv6 address that maps a public IPv4 address.
    Mapped,
    /// IPv6 address that NAT64 translates to IPv4.
    Nat64,
    /// IPv6 address that 6to4 or Teredo translates to IPv4.
    Tunnel,
    /// Reserved address.
    Reserved,
}

use AddressKind::{
    Benchmark, Documentation, LinkLocal, Loopback, Mapped, Metadata, Multicast, Nat64, Private, Protocol,
    Public, Reserved, Shared, Tunnel, UniqueLocal, Unspecified,
};

/// Blocks of IPv4: first address, length of the prefix, kind. The first that fits counts.
const V4: &[([u8; 4], u32, AddressKind)] = &[
    ([169, 254, 169, 254], 32, Metadata),
    ([169, 254, 170, 2], 32, Metadata),
    ([168, 63, 129, 16], 32, Metadata),
    ([100, 100, 100, 200], 32, Metadata),
    ([192, 0, 0, 192], 32, Metadata),
    ([0, 0, 0, 0], 8, Unspecified),
    ([10, 0, 0, 0], 8, Private),
    ([100, 64, 0, 0], 10, Shared),
    ([127, 0, 0, 0], 8, Loopback),
    ([169, 254, 0, 0], 16, LinkLocal),
    ([172, 16, 0, 0], 12, Private),
    ([192, 0, 0, 0], 24, Protocol),
    ([192, 0, 2, 0], 24, Documentation),
    ([192, 88, 99, 0], 24, Protocol),
    ([192, 168, 0, 0], 16, Private),
    ([198, 18, 0, 0], 15, Benchmark),
    ([198, 51, 100, 0], 24, Documentation),
    ([203, 0, 113, 0], 24, Documentation),
    ([224, 0, 0, 0], 4, Multicast),
    ([255, 255, 255, 255], 32, Multicast),
    ([240, 0, 0, 0], 4, Reserved),
    ([0, 0, 0, 0], 0, Public),
];

/// Blocks of IPv6, in the same way. Only 2000::/3 is in use.
const V6: &[([u16; 8], u32, AddressKind)] = &[
    ([0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254], 128, Metadata),
    ([0xfd20, 0x00ce, 0, 0, 0, 0, 0, 0x0254], 128, Metadata),
    ([0, 0, 0, 0, 0, 0, 0, 0], 128, Unspecified),
    ([0, 0, 0, 0, 0, 0, 0, 1], 128, Loopback),
    ([0, 0, 0, 0, 0, 0, 0, 0], 96, Mapped),
    ([0, 0, 0, 0, 0, 0xffff, 0, 0], 96, Mapped),
    ([0x0064, 0xff9b, 0, 0, 0, 0, 0, 0], 96, Nat64),
    ([0x0064, 0xff9b, 1, 0, 0, 0, 0, 0], 48, Nat64),
    ([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7, UniqueLocal),
    ([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10, LinkLocal),
    ([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10, Private),
    ([0xff00, 0, 0, 0, 0, 0, 0, 0], 8, Multicast),
    ([0x2001, 0x0db8, 0, 0, 0, 0, 0, 0], 32, Documentation),
    ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20, Documentation),
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 32, Tunnel),
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 23, Protocol),
    ([0x2002, 0, 0, 0, 0, 0, 0, 0], 16, Tunnel),
    ([0x2000, 0, 0, 0, 0, 0, 0, 0], 3, Public),
];

impl AddressKind {
    /// Returns the kind of an address. An IPv6 address that maps an IPv4 address has the kind of the IPv4 address.
    pub fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(v4) => Self::of_v4(v4),
            IpAddr::V6(v6) => Self::of_v6(v6),
        }
    }

    /// Whether the kind is public.
    pub fn is_public(self) -> bool {
        self == Public
    }

    fn of_v4(address: Ipv4Addr) -> Self {
        let is_in = |block: &&([u8; 4], u32, Self)| {
            let mask = u32::MAX.checked_shl(32_u32.saturating_sub(block.1)).unwrap_or(0);
            u32::from_be_bytes(block.0) == u32::from(address) & mask
        };
        V4.iter().find(is_in).map_or(Reserved, |block| block.2)
    }

    fn of_v6(address: Ipv6Addr) -> Self {
        let is_in = |block: &&([u16; 8], u32, Self)| {
            let mask = u128::MAX.checked_shl(128_u32.saturating_sub(block.1)).unwrap_or(0);
            Ipv6Addr::from(block.0).to_bits() == address.to_bits() & mask
        };
        match V6.iter().find(is_in).map_or(Reserved, |block| block.2) {
            Mapped => match embedded(address) {
                Public => Mapped,
                kind => kind,
            },
            kind => kind,
        }
    }
}

/// The kind of the IPv4 address in the last 32 bits.
fn embedded(address: Ipv6Addr) -> AddressKind {
    let [.., a, b, c, d] = address.octets();
    AddressKind::of_v4(Ipv4Addr::new(a, b, c, d))
}

impl fmt::Display for AddressKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Public => "public address",
            Loopback => "loopback address",
            Unspecified => "unspecified address",
            Private => "address of a private network",
            Shared => "address that carriers share among customers",
            UniqueLocal => "unique local address",
            LinkLocal => "link-local address",
            Metadata => "address of a cloud's metadata service",
            Multicast => "multicast or broadcast address",
            Documentation => "address for documentation",
            Benchmark => "address for benchmarks",
            Protocol => "address of a protocol",
            Mapped => "IPv6 address that stands for an IPv4 address",
            Nat64 => "NAT64 address",
            Tunnel => "6to4 or Teredo address",
            Reserved => "reserved address",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::AddressKind;

    #[test]
    fn each_block_begins_and_ends_where_it_should() {
        for (inside, outside, kind) in [
            ("0.255.255.255", "1.0.0.0", "Unspecified"),
            ("10.255.255.255", "11.0.0.0", "Private"),
            ("100.64.0.0", "100.63.255.255", "Shared"),
            ("100.127.255.255", "100.128.0.0", "Shared"),
            ("127.255.255.255", "128.0.0.0", "Loopback"),
            ("169.254.0.0", "169.253.255.255", "LinkLocal"),
            ("172.16.0.0", "172.15.255.255", "Private"),
            ("172.31.255.255", "172.32.0.0", "Private"),
            ("192.0.0.255", "192.0.1.0", "Protocol"),
            ("192.0.2.255", "192.0.3.0", "Documentation"),
            ("192.88.99.0", "192.88.100.0", "Protocol"),
            ("192.168.255.255", "192.169.0.0", "Private"),
            ("198.19.255.255", "198.20.0.0", "Benchmark"),
            ("198.51.100.0", "198.51.101.0", "Documentation"),
            ("203.0.113.255", "203.0.114.0", "Documentation"),
            ("224.0.0.0", "223.255.255.255", "Multicast"),
            ("255.255.255.255", "223.0.0.0", "Multicast"),
            ("240.0.0.0", "9.0.0.0", "Reserved"),
            ("168.63.129.16", "168.63.129.17", "Metadata"),
            ("169.254.169.254", "8.8.8.8", "Metadata"),
            ("100.100.100.200", "8.8.8.8", "Metadata"),
            ("::", "2001:200::", "Unspecified"),
            ("::1", "2400::", "Loopback"),
            ("::127.0.0.1", "2400::", "Loopback"),
            ("::ffff:127.0.0.1", "2400::", "Loopback"),
            ("::ffff:169.254.169.254", "2400::", "Metadata"),
            ("::ffff:8.8.8.8", "2400::", "Mapped"),
            ("64:ff9b::808:808", "2400::", "Nat64"),
            ("64:ff9b:1::1", "2400::", "Nat64"),
            ("fd00:ec2::254", "2400::", "Metadata"),
            ("fdff::1", "2400::", "UniqueLocal"),
            ("fe80::1", "2400::", "LinkLocal"),
            ("fec0::1", "2400::", "Private"),
            ("ff02::1", "2400::", "Multicast"),
            ("2001:db8:ffff::", "2001:db9::", "Documentation"),
            ("3fff:fff::", "3fff:1000::", "Documentation"),
            ("2001::1", "2001:200::", "Tunnel"),
            ("2001:20::1", "2001:200::", "Protocol"),
            ("2002:7f00:1::", "2003::", "Tunnel"),
            ("100::1", "2fff::", "Reserved"),
            ("5f00::1", "3ffe::", "Reserved"),
            ("1fff::", "2000::", "Reserved"),
            ("4000::", "3ffe:ffff::", "Reserved"),
        ] {
            let of = |text: &str| AddressKind::of(text.parse().expect("an address"));
            assert_eq!(format!("{:?}", of(inside)), kind, "{inside}");
            assert_eq!(of(outside), AddressKind::Public, "{outside}");
        }
    }
}
