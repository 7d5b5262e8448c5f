//! Sends a CDR; it arrives once.

use ocpi_client::Transport;
use ocpi_platform::{Error, Platform};
use ocpi_server_traits::Store;
use ocpi_testkit::{cdr_json, parse, registered};
use ocpi_types::v2_3_0::cdrs::Cdr;
use pollster::block_on;

async fn charged<S: Store, T: Transport>(cpo: &Platform<S, T>, cdr: Cdr) -> Result<(), Error> {
    // [task]
    cpo.publish(cdr).await?;
    // [end]
    Ok(())
}

#[test]
fn a_cdr_arrives_once() {
    let (network, cpo, emsp) = registered();
    block_on(cpo.platform.tick()).expect("a tick");
    network.take_requests();
    let cdr: Cdr = parse(&cdr_json("NL/ALF", "CDR1", "10:00:00"));
    block_on(charged(&cpo.platform, cdr.clone())).expect("published");
    for _ in 0..3 {
        block_on(cpo.platform.tick()).expect("a tick");
    }
    assert_eq!(emsp.all::<Cdr>(), [cdr]);
    let posts = network.take_requests().into_iter().filter(|request| request.starts_with("POST"));
    assert_eq!(posts.count(), 1);
}
