//! List of booking locations, optionally only those with timeslots in a window.

use ocpi_types::endpoint::{EncodedResponse, List, ListBookingLocations, Outgoing, Page};
use ocpi_types::v2_3_0::bookings::BookingLocation;

use crate::objects::page_mark::{PageMark, start_of};
use crate::objects::stored::{lists_for, must_be, read};
use crate::objects::{Objects, ROWS};
use crate::storage::{Cursor, Document, Query, Start, Store};
use crate::{Caller, Error, Handle};

/// With `timeslot_from` or `timeslot_to`, booking locations with a time slot that ends behind the one and starts before the
/// other. The slots are those of the calendars as they are published. The first page, and one by offset, costs a look at all
/// booking locations, a page by the link of the one before those behind it.
impl<S: Store> Handle<ListBookingLocations> for Objects<S> {
    async fn handle(
        &self,
        caller: &Caller,
        list: ListBookingLocations,
    ) -> Result<Page<BookingLocation>, Error> {
        if list.timeslot_from.is_none() && list.timeslot_to.is_none() {
            return self.handle(caller, list.page).await;
        }
        let lists = lists_for::<BookingLocation>(self.asked(caller), caller.partner.parties().iter());
        let query = Query::lists("BookingLocation", lists);
        let query = list.page.date_from.into_iter().fold(query, Query::from);
        let query = list.page.date_to.into_iter().fold(query, Query::to);
        let found = self.find(caller, &list, &query).await?;
        let next = found.next.and_then(|cursor| self.next_of(caller, &list, cursor));
        Ok(Page {
            items: found.items,
            partial: Vec::new(),
            rejected: Vec::new(),
            next,
            total_count: Some(found.total),
            limit: Some(u64::from(self.page_size)),
        })
    }

    async fn encoded(
        &self,
        caller: &Caller,
        list: &ListBookingLocations,
    ) -> Result<Option<EncodedResponse>, Error> {
        if list.timeslot_from.is_none() && list.timeslot_to.is_none() {
            return self.encoded(caller, &list.page).await;
        }
        Ok(None)
    }
}

/// Booking locations of a page, the place behind them if there are more, and the number of all.
struct Found {
    items: Vec<BookingLocation>,
    next: Option<Cursor>,
    total: u64,
}

/// The read in which a page became full.
struct Filled {
    start: Start,
    /// Number of its rows up to there.
    rows: u32,
    /// Number of objects that the page had before it.
    taken: usize,
    /// Number of objects in it that come before the page.
    skip: u64,
}

impl<S: Store> Objects<S> {
    async fn find(
        &self,
        caller: &Caller,
        list: &ListBookingLocations,
        query: &Query,
    ) -> Result<Found, Error> {
        let most = usize::try_from(self.limit(&list.page)).unwrap_or(usize::MAX);
        // A cursor of ours carries the total along.
        let (mut start, skip, known) = match start_of(&list.page) {
            Start::After(cursor) if cursor.total.is_some() => {
                let total = cursor.total;
                (Start::After(cursor), 0, total)
            }
            Start::After(_) => (Start::First, list.page.offset.unwrap_or(0), None),
            Start::Offset(offset) => (Start::First, offset, None),
            Start::First => (Start::First, 0, None),
        };
        let (mut items, mut counted) = (Vec::new(), 0_u64);
        let mut full: Option<Filled> = None;
        let mut is_more = false;
        loop {
            let (taken, skipped) = (items.len(), skip.min(counted));
            let read_now = self.store.page(query, start.clone(), ROWS).await?;
            for (number, (_, document)) in (1_u32..).zip(&read_now.rows) {
                let Some(location) = self.readable_slots(caller, list, document)? else { continue };
                counted = counted.saturating_add(1);
                if counted <= skip {
                    continue;
                }
                is_more = full.is_some();
                if !is_more {
                    items.push(location);
                    full = (items.len() == most).then(|| Filled {
                        start: start.clone(),
                        rows: number,
                        taken,
                        skip: skip - skipped,
                    });
                }
            }
            match read_now.next {
                Some(cursor) if !is_more || known.is_none() => start = Start::After(cursor),
                _ => break,
            }
        }
        let total = known.unwrap_or(counted);
        let next = match full.filter(|_| is_more) {
            Some(filled) => self.end_of_page(list, query, filled, &mut items).await?,
            None => None,
        };
        Ok(Found { items, next: next.map(|cursor| Cursor { total: Some(total), ..cursor }), total })
    }

    /// Reads the rows in which the page became full once more, and nothing behind them, for the place behind them. What they
    /// have now is the end of the page: others may have come and gone meanwhile, and the place is behind these.
    async fn end_of_page(
        &self,
        list: &ListBookingLocations,
        query: &Query,
        filled: Filled,
        items: &mut Vec<BookingLocation>,
    ) -> Result<Option<Cursor>, Error> {
        let Filled { start, mut rows, taken, skip } = filled;
        let room = items.len() - taken;
        items.truncate(taken);
        loop {
            let read_now = self.store.page(query, start.clone(), rows).await?;
            let (mut some, mut skip) = (Vec::new(), skip);
            // The row behind which the page has no room.
            let mut last = None;
            for (number, (_, document)) in (1_u32..).zip(&read_now.rows) {
                must_be::<BookingLocation>(document)?;
                // A broken one was told before.
                let location = read::<BookingLocation>(document).ok();
                let Some(location) = location.filter(|location| has_slot(location, list)) else { continue };
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                some.push(location);
                if some.len() == room {
                    last = Some(number);
                    break;
                }
            }
            match last.filter(|last| *last < rows) {
                Some(last) => rows = last,
                None => {
                    items.append(&mut some);
                    return Ok(read_now.next);
                }
            }
        }
    }

    /// Reads a booking location, if it has a time slot that is asked for. A broken document is left out, and told.
    fn readable_slots(
        &self,
        caller: &Caller,
        list: &ListBookingLocations,
        document: &Document,
    ) -> Result<Option<BookingLocation>, Error> {
        must_be::<BookingLocation>(document)?;
        match read::<BookingLocation>(document) {
            Ok(location) => Ok(Some(location).filter(|location| has_slot(location, list))),
            Err(error) => {
                self.leave_out::<BookingLocation>(caller, &error);
                Ok(None)
            }
        }
    }

    /// The URL of the page behind the one that was asked for.
    fn next_of(&self, caller: &Caller, list: &ListBookingLocations, cursor: Cursor) -> Option<String> {
        let limit = u64::from(self.limit(&list.page));
        let offset = list.page.offset.unwrap_or(0).saturating_add(limit);
        let page = List {
            offset: Some(offset),
            limit: list.page.limit.map(|_| limit),
            cursor: Some(PageMark { offset, cursor }.to_string()),
            ..list.page.clone()
        };
        let next = ListBookingLocations { page, ..list.clone() };
        Outgoing::of(&next).url(Some(&caller.endpoint)).map(|url| url.as_str().to_owned())
    }
}

/// Whether a time slot lies in the window, in part at least.
fn has_slot(location: &BookingLocation, list: &ListBookingLocations) -> bool {
    let mut slots = location.calendars.iter().flat_map(|calendar| calendar.available_timeslots.iter());
    slots.any(|slot| {
        list.timeslot_from.is_none_or(|from| slot.end_date_time > from)
            && list.timeslot_to.is_none_or(|to| slot.start_date_time < to)
    })
}
