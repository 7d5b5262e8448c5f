//! Output that a run before has torn.

/// Whether standard output goes to the end of a file whose last line has no end. Where the file cannot be read, it is taken
/// for torn: an empty line does no harm.
#[cfg(unix)]
pub(super) fn is_torn() -> bool {
    use std::fs::File;
    use std::io::{Read, Seek, SeekFrom};
    use std::os::fd::AsFd;

    let Ok(out) = std::io::stdout().as_fd().try_clone_to_owned() else { return false };
    if !File::from(out).metadata().is_ok_and(|it| it.is_file() && it.len() > 0) {
        return false;
    }
    // Standard output itself cannot be read.
    let last = || {
        let mut file = File::open("/dev/stdout")?;
        let mut byte = [0];
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut byte)?;
        Ok::<_, std::io::Error>(byte)
    };
    last().map_or(true, |last| last != *b"\n")
}

/// Where it is not known what standard output is, nothing is torn.
#[cfg(not(unix))]
pub(super) fn is_torn() -> bool {
    false
}
