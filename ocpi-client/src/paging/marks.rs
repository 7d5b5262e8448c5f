//! Hashes of texts.

/// A mark of a text: FNV-1a of 64 bits, with its bits mixed. It is stored in cursors, so it must stay the same.
pub(super) fn mark(text: &[u8]) -> u64 {
    let fold = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    let hash = text.iter().fold(0xcbf2_9ce4_8422_2325, fold);
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

/// A shorter mark of a text, never 0.
pub(super) fn short(text: &[u8]) -> u32 {
    let [a, b, c, d, ..] = mark(text).to_le_bytes();
    u32::from_le_bytes([a, b, c, d]).max(1)
}
