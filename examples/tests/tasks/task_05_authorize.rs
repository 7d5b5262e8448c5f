//! Decides about a token in real time.

use std::collections::BTreeMap;
use std::sync::Arc;

use ocpi_platform::{Authorization, Authorizer};
use ocpi_server_traits::Error;
use ocpi_testkit::{Network, PlatformSetup, token_json};
use ocpi_types::endpoint::{Authorize, TokenKey};
use ocpi_types::v2_3_0::tokens::{LocationReferences, Token, TokenType};
use pollster::block_on;

struct Wallet(BTreeMap<&'static str, i64>);

impl Wallet {
    fn balance(&self, uid: &str) -> Result<i64, Error> {
        self.0.get(uid).copied().ok_or_else(|| Error::internal("no account"))
    }
}

// [task]
impl Authorizer for Wallet {
    async fn authorize(&self, token: &Token, _: Option<&LocationReferences>) -> Result<Authorization, Error> {
        let has_credit = self.balance(token.uid.as_str())? > 0;
        Ok(if has_credit { Authorization::allowed() } else { Authorization::no_credit("Top up your wallet") })
    }
}
// [end]

#[test]
fn a_wallet_decides_who_may_charge() {
    let network = Network::default();
    let (cpo, emsp) = (PlatformSetup::cpo().open(&network), PlatformSetup::emsp().open(&network));
    for uid in ["RICH", "POOR"] {
        emsp.put::<Token>(&token_json("DE/EMP", uid, "10:00:00"));
    }
    let wallet = Arc::new(Wallet(BTreeMap::from([("RICH", 5), ("POOR", 0)])));
    let router = emsp.platform.router(|routes| emsp.platform.mount_emsp(routes, &wallet));
    network.add_router("emsp.example", router.expect("a router"));
    emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
    let allowed = |uid: &str| {
        let token = TokenKey { uid: uid.parse().expect("an id"), r#type: TokenType::Rfid };
        let sent = block_on(cpo.platform.send("emsp", &Authorize { token, location: None }));
        sent.map(|answer| answer.value.allowed.as_str().to_owned())
    };
    assert_eq!(allowed("RICH").expect("an answer"), "ALLOWED");
    assert_eq!(allowed("POOR").expect("an answer"), "NO_CREDIT");
    allowed("NOBODY").expect_err("no such token");
}
