//! Notes of the sandbox in the store of its platform, which outlive a run.

use std::convert::Infallible;

use ocpi_client::Transport;
use ocpi_platform::Platform;
use ocpi_server_traits::Store;
use ocpi_server_traits::storage::{Address, NewDocument, StoreExt, UpdateError};

use crate::Error;

/// Format of the notes.
const FORMAT: &str = "ocpi-sandbox/1";

fn address(name: &str) -> Address {
    Address::new("ocpi-sandbox", "", name)
}

/// Reads a note.
pub(crate) async fn read<S: Store, T: Transport>(
    platform: &Platform<S, T>,
    name: &str,
) -> Result<Option<Vec<u8>>, Error> {
    let read = platform.objects().store().read(&[address(name)]).await;
    let read = read.map_err(|error| failed(ocpi_server_traits::Error::from(error)))?;
    let note = read.into_iter().flatten().next().filter(|document| document.format == FORMAT);
    Ok(note.map(|document| document.body.to_vec()))
}

/// Writes a note.
pub(crate) async fn write<S: Store, T: Transport>(
    platform: &Platform<S, T>,
    name: &'static str,
    note: Vec<u8>,
) -> Result<(), Error> {
    let document = NewDocument::new(note, FORMAT, platform.clock().now());
    let store = platform.objects().store();
    let written = store
        .update::<(), Infallible>(vec![address(name)], move |transaction| {
            transaction.put(&address(name), document.clone())?;
            Ok(())
        })
        .await;
    written.map_err(|error: UpdateError<_>| failed(ocpi_server_traits::Error::failed(error)))
}

fn failed(error: ocpi_server_traits::Error) -> Error {
    Error::platform("the notes of the sandbox cannot be read or written", error)
}
