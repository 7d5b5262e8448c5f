//! Spellings of hosts that lead into our own network.

/// IPv4 addresses that are not public.
const V4: &[[u8; 4]] = &[
    [127, 0, 0, 1],
    [127, 255, 255, 254],
    [0, 0, 0, 0],
    [10, 0, 0, 1],
    [172, 16, 0, 1],
    [192, 168, 0, 1],
    [100, 64, 0, 1],
    [169, 254, 169, 254],
    [169, 254, 170, 2],
    [168, 63, 129, 16],
    [100, 100, 100, 200],
    [192, 0, 0, 192],
    [192, 0, 2, 1],
    [192, 88, 99, 1],
    [198, 18, 0, 1],
    [198, 51, 100, 1],
    [203, 0, 113, 1],
    [224, 0, 0, 1],
    [240, 0, 0, 1],
    [255, 255, 255, 255],
];

/// IPv6 addresses that are not public.
const V6: &[&str] = &[
    "::",
    "::1",
    "0:0:0:0:0:0:0:1",
    "0000:0000:0000:0000:0000:0000:0000:0001",
    "fc00::1",
    "fd00::1",
    "fd00:ec2::254",
    "fe80::1",
    "febf::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "100::1",
    "2001::1",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "3fff::1",
    "5f00::1",
    "64:ff9b:1::a00:1",
    "4000::1",
];

/// Names that lead into a private network, or that a fake resolver leads there.
const NAMES: &[&str] = &[
    "localhost",
    "LOCALHOST",
    "localhost.",
    "localhost..",
    "LocalHost.LocalDomain",
    "localhost.localdomain.",
    "a.localhost",
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "ｌｏｃａｌｈｏｓｔ",
    "local%68ost",
    "%6c%6f%63%61%6c%68%6f%73%74",
    "loc\u{ad}alhost",
    "printer.local",
    "printer.local.",
    "db.internal",
    "metadata",
    "metadata.google.internal",
    "metadata.google.internal.",
    "metadata.example",
    "instance-data.ec2.internal",
    "kubernetes.default.svc",
    "kubernetes.default.svc.cluster.local",
    "host.docker.internal",
    "consul.service.consul",
    "router.lan",
    "nas.home",
    "router.home.arpa",
    "1.0.0.127.in-addr.arpa",
    "intranet",
    "wiki.intranet",
    "wiki.corp",
    "db.private",
    "db.intra",
    "a.test",
    "a.invalid",
    "a.onion",
    "a.alt",
    "db",
    // Public names that lead to private addresses.
    "127.0.0.1.nip.io",
    "10-0-0-1.sslip.io",
    "localtest.me",
    "lvh.me",
    "cpo.example",
    "CPO.example.",
    "bücher.example",
    "xn--bcher-kva.example",
    "127.0.0.1.example",
    "1.1.1.1.example",
    "a.b.c.d.e.f.g.example",
    "0x7f.example",
];

/// Text of every address, for a resolver that finds it.
pub(crate) fn addresses() -> Vec<String> {
    let v4 = V4.iter().map(|[a, b, c, d]| format!("{a}.{b}.{c}.{d}"));
    let embedded = V4.iter().flat_map(|address| in_v6(*address));
    v4.chain(V6.iter().map(|&text| text.to_owned())).chain(embedded).collect()
}

/// Every spelling, as it stands in a URL.
pub(crate) fn all() -> Vec<String> {
    let v4 = V4.iter().flat_map(|address| spelled(*address));
    let v6 = V6.iter().map(|text| format!("[{text}]"));
    let upper = V6.iter().map(|text| format!("[{}]", text.to_uppercase()));
    let embedded = V4.iter().flat_map(|address| in_v6(*address)).map(|text| format!("[{text}]"));
    let names = NAMES.iter().map(|&name| name.to_owned());
    v4.chain(v6).chain(upper).chain(embedded).chain(names).collect()
}

fn spelled([a, b, c, d]: [u8; 4]) -> Vec<String> {
    let number = u32::from_be_bytes([a, b, c, d]);
    let (last, lower) = (number & 0xffff, number & 0x00ff_ffff);
    let dotted = format!("{a}.{b}.{c}.{d}");
    let other = |zero: char| -> String {
        let digit =
            |c: char| c.to_digit(10).and_then(|digit| char::from_u32(u32::from(zero) + digit)).unwrap_or(c);
        dotted.chars().map(digit).collect()
    };
    vec![
        format!("{dotted}."),
        format!("{dotted}.."),
        format!("{number}"),
        format!("{number}."),
        format!("{number:#x}"),
        format!("{number:#X}").replace("0X", "0x"),
        format!("0{number:o}"),
        format!("{a:#x}.{b:#x}.{c:#x}.{d:#x}"),
        format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
        format!("000{a:o}.000{b:o}.000{c:o}.000{d:o}"),
        format!("{a:#x}.0{b:o}.{c}.{d}"),
        format!("{a}.{b}.{last}"),
        format!("{a}.{lower}"),
        format!("{a:#x}.{lower:#x}"),
        // Digits of other alphabets, and other dots.
        other('０'),
        other('𝟎'),
        dotted.replace('.', "。"),
        dotted.replace('.', "．"),
        dotted.replace('1', "%31"),
        dotted.replace('.', "%2e"),
        dotted,
    ]
}

/// IPv6 addresses that stand for one of IPv4.
fn in_v6([a, b, c, d]: [u8; 4]) -> Vec<String> {
    let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
    vec![
        format!("::ffff:{a}.{b}.{c}.{d}"),
        format!("::ffff:{high:x}:{low:x}"),
        format!("0:0:0:0:0:ffff:{high:x}:{low:x}"),
        format!("::{a}.{b}.{c}.{d}"),
        format!("64:ff9b::{a}.{b}.{c}.{d}"),
        format!("64:ff9b:1::{high:x}:{low:x}"),
        format!("2002:{high:x}:{low:x}::1"),
        format!("2001:0:{high:x}:{low:x}::1"),
    ]
}
