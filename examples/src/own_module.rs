//! A module that OCPI does not have, on both sides: an eMSP tells a CPO what it charges its drivers.

use std::sync::Arc;

use ocpi_client::Transport;
use ocpi_platform::{Error as Failure, Platform};
use ocpi_server_traits::{Caller, Error, Handle, Objects, Routes, Store};
use ocpi_types::endpoint::Put;
use ocpi_types::{CiString, CountryCode, DateTime, Decimal, PartyId};

ocpi_types::object! {
    /// Price that an eMSP charges its drivers.
    pub struct EndUserPrice = "EndUserPrice", init EndUserPriceInit {
        /// Country of the eMSP.
        pub country_code: CountryCode,
        /// Id of the eMSP.
        pub party_id: PartyId,
        /// Id of the price.
        pub id: CiString<36>,
        /// Euros per kWh.
        pub per_kwh: Decimal,
        /// Time of the last change.
        pub last_updated: DateTime,
    }
}

ocpi_types::module! {
    /// Prices for drivers.
    pub const END_USER_PRICING = "deemp-enduserpricing";
    object EndUserPrice, key EndUserPriceKey { id: CiString<36> };
    /// Asks a CPO for the lowest price that it knows.
    GET Receiver ["lowest"] GetLowestPrice -> EndUserPrice;
}

impl<S: Store> Handle<GetLowestPrice> for Objects<S> {
    async fn handle(&self, _: &Caller, _: GetLowestPrice) -> Result<EndUserPrice, Error> {
        let known = self.all::<EndUserPrice>().await?.objects;
        known.into_iter().min_by_key(|it| it.per_kwh).ok_or_else(|| Error::not_found("no price"))
    }
}

/// Mounts the CPO's side.
pub fn mount<S: Store>(routes: Routes, objects: &Arc<Objects<S>>) -> Routes {
    routes.custom_receiver::<EndUserPrice>(objects).on::<GetLowestPrice, _>(objects)
}

/// Tells a CPO a price, as an eMSP; returns the lowest one that it knows, or why a request failed.
pub async fn tell<S: Store, T: Transport>(
    emsp: &Platform<S, T>,
    price: EndUserPrice,
) -> Result<Decimal, Failure> {
    emsp.send("cpo", &Put::of(price)).await?;
    Ok(emsp.send("cpo", &GetLowestPrice).await?.value.per_kwh)
}
