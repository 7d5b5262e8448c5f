//! Pages of lists without a store.

use ocpi_types::endpoint::{List, Page, Resource};

use crate::Caller;

impl Caller {
    /// Returns the page that a [`List`] requests, for handlers that keep their objects in memory.
    ///
    /// The page has the objects in the requested time window, in the order of `objects`. It leaves out Sessions and
    /// CDRs that are for other parties than the caller's, and, if the caller names one of our parties (`OCPI-to-…`),
    /// objects of our other parties. It has at most `limit` objects, the total, and the URL of the next page. An
    /// invoice reconciliation record does not state its audience: pass only records for the caller.
    ///
    /// ```
    /// use ocpi_server_traits::{Caller, Error, Handle};
    /// use ocpi_types::endpoint::{List, Page};
    /// use ocpi_types::v2_3_0::tariffs::Tariff;
    ///
    /// struct PriceList(Vec<Tariff>);
    ///
    /// impl Handle<List<Tariff>> for PriceList {
    ///     async fn handle(&self, caller: &Caller, list: List<Tariff>) -> Result<Page<Tariff>, Error> {
    ///         Ok(caller.page(&self.0, &list, 100))
    ///     }
    /// }
    /// ```
    pub fn page<'a, T: Resource>(
        &self,
        objects: impl IntoIterator<Item = &'a T>,
        list: &List<T>,
        limit: u32,
    ) -> Page<T> {
        let most = u64::from(limit.max(1));
        let limit = list.limit.unwrap_or(most).clamp(1, most);
        let offset = list.offset.unwrap_or(0);
        let end = offset.saturating_add(limit);
        let (mut items, mut total) = (Vec::new(), 0_u64);
        for object in objects.into_iter().filter(|object| self.is_listed(*object, list)) {
            if (offset..end).contains(&total) {
                items.push(object.clone());
            }
            total = total.saturating_add(1);
        }
        let next = (end < total).then(|| List {
            offset: Some(end),
            limit: list.limit.map(|_| limit),
            date_from: list.date_from,
            date_to: list.date_to,
            ..List::<T>::all()
        });
        let next = next.and_then(|next| next.url_at(&self.endpoint)).map(|url| url.as_str().to_owned());
        Page { next, total_count: Some(total), limit: Some(most), ..Page::whole(items) }
    }

    fn is_listed<T: Resource>(&self, object: &T, list: &List<T>) -> bool {
        let time = object.last_updated();
        let is_other = |owner| self.to.as_ref().is_some_and(|to| owner != *to);
        list.date_from.is_none_or(|from| time >= from)
            && list.date_to.is_none_or(|to| time < to)
            && object.audience().is_none_or(|party| self.speaks_for(&party))
            && !object.owner().is_some_and(is_other)
    }
}
