//! The vendor, as a simulated day needs it: orders, what was charged, and no protection against being asked twice.

use std::{collections::BTreeMap, time::Duration};

use jiff::{SignedDuration, Timestamp};
use paydesk::domain::{
    method::{Part, PaymentMethod, PaymentOption, TakenFrom},
    money::{Currency, Money},
    order::{Airline, Details, Order, OrderNo, OrderStatus, TicketingError},
};

/// What becomes of an order once it is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Ticketed after so long.
    Tickets(Duration),
    /// Declined by the airline after so long: cancelled, and the money goes back.
    Declines(Duration),
}

/// One charge of the ledger.
#[derive(Clone, Debug)]
pub(crate) struct Charge {
    pub(crate) order: OrderNo,
    pub(crate) method: PaymentMethod,
    pub(crate) returned: bool,
}

/// One order of the vendor's.
#[derive(Clone, Debug)]
pub(crate) struct Sold {
    pub(crate) no: OrderNo,
    pub(crate) original: Option<OrderNo>,
    pub(crate) root: OrderNo,
    pub(crate) made: Duration,
    pub(crate) deadline: Duration,
    pub(crate) price: i64,
    /// Payment methods besides the deposit.
    pub(crate) methods: &'static [PaymentMethod],
    pub(crate) fate: Fate,
    pub(crate) paid: Option<Duration>,
    pub(crate) error: Option<&'static str>,
    /// Prices that held before, with the moment at which each ended.
    pub(crate) former: Vec<(Duration, i64)>,
}

impl Sold {
    fn status(&self, now: Duration, closes: bool) -> OrderStatus {
        match (self.paid, self.fate) {
            (None, _) if closes && now > self.deadline + Duration::from_secs(30) => OrderStatus::Cancelled,
            (None, _) => OrderStatus::Unpaid,
            (Some(at), Fate::Tickets(after)) if now >= at + after => OrderStatus::Ticketed,
            (Some(at), Fate::Declines(after)) if now >= at + after => OrderStatus::Cancelled,
            (Some(_), _) => OrderStatus::Ticketing,
        }
    }
}

/// The vendor.
pub(crate) struct Server {
    pub(crate) start: Timestamp,
    pub(crate) orders: BTreeMap<OrderNo, Sold>,
    pub(crate) charges: Vec<Charge>,
    /// A paid order is refused a second payment, as the vendor says it does. Off, it is charged again.
    pub(crate) guards: bool,
    /// A query may show an order as it was so long ago.
    pub(crate) lag: Duration,
    /// An unpaid order is closed soon after its deadline; else it is called unpaid for ever.
    pub(crate) closes: bool,
    made: u32,
}

fn money(amount: i64, currency: &str) -> Money {
    Money::new(amount.into(), Currency::parse(currency).expect("a currency"))
}

pub(crate) fn usd(amount: i64) -> Money {
    money(amount, "USD")
}

/// What is taken where for an order of this price: by a deposit fare and fee, by the airline its own currency, by the
/// vendor's card terminal a fee of its own.
pub(crate) fn due(method: PaymentMethod, price: i64) -> Money {
    match method {
        PaymentMethod::Deposit => usd(price + 2),
        PaymentMethod::Vcc | PaymentMethod::Byoa => money(price * 56, "PHP"),
        PaymentMethod::Mor => usd(price + 3),
    }
}

/// Ways to pay besides the deposit, as orders have them.
pub(crate) const METHODS: [&[PaymentMethod]; 4] = [
    &[],
    &[PaymentMethod::Vcc],
    &[PaymentMethod::Vcc, PaymentMethod::Mor],
    &[PaymentMethod::Vcc, PaymentMethod::Byoa, PaymentMethod::Mor],
];

impl Server {
    pub(crate) fn new(start: Timestamp, guards: bool, lag: Duration) -> Self {
        Self { start, orders: BTreeMap::new(), charges: Vec::new(), guards, lag, closes: true, made: 0 }
    }

    fn next_no(&mut self) -> OrderNo {
        self.made += 1;
        format!("TESTA202611031415{:05}", self.made).parse().expect("a number")
    }

    /// An order that was made as the day began, and is held for `hold`.
    pub(crate) fn sell(
        &mut self,
        hold: Duration,
        price: i64,
        methods: &'static [PaymentMethod],
        fate: Fate,
    ) -> OrderNo {
        let no = self.next_no();
        let sold = Sold {
            no,
            original: None,
            root: no,
            made: Duration::ZERO,
            deadline: hold,
            price,
            methods,
            fate,
            paid: None,
            error: None,
            former: Vec::new(),
        };
        self.orders.insert(no, sold);
        no
    }

    pub(crate) fn at(&self, moment: Duration) -> Timestamp {
        self.start + SignedDuration::try_from(moment).expect("a day")
    }

    /// Lets what was decided come true.
    pub(crate) fn pass(&mut self, now: Duration) {
        for sold in self.orders.values_mut() {
            if let (Some(at), Fate::Declines(after)) = (sold.paid, sold.fate)
                && now >= at + after
                && sold.error.is_none()
            {
                sold.error = Some("604");
                for charge in self.charges.iter_mut().filter(|charge| charge.order == sold.no) {
                    charge.returned = true;
                }
            }
        }
    }

    /// `pay.do` has arrived. The status of the answer.
    pub(crate) fn pay(&mut self, order: OrderNo, method: PaymentMethod, now: Duration) -> i64 {
        self.pass(now);
        let Some(sold) = self.orders.get_mut(&order) else { return 401 };
        match sold.status(now, self.closes) {
            OrderStatus::Unpaid if now <= sold.deadline => {}
            OrderStatus::Unpaid | OrderStatus::Cancelled => return 401,
            _ if self.guards => return 404,
            _ => {}
        }
        sold.paid.get_or_insert(now);
        self.charges.push(Charge { order, method, returned: false });
        0
    }

    /// `regenerateOrder.do` has arrived: asked twice, it makes two.
    pub(crate) fn regenerate(&mut self, order: OrderNo, now: Duration) -> Result<OrderNo, i64> {
        self.pass(now);
        let Some(old) = self.orders.get(&order).cloned() else { return Err(703) };
        if matches!(old.status(now, self.closes), OrderStatus::Ticketing | OrderStatus::Ticketed) {
            return Err(314);
        }
        let no = self.next_no();
        let hold = Duration::from_secs(300);
        let sold = Sold {
            no,
            original: Some(order),
            made: now,
            deadline: now + hold,
            // Today's fare: a little lower, the same, or higher.
            price: old.price + old.price * 7 % 11 - 3,
            fate: Fate::Tickets(Duration::from_secs(20)),
            paid: None,
            error: None,
            former: Vec::new(),
            ..old
        };
        self.orders.insert(no, sold);
        Ok(no)
    }

    /// What a query at `now` shows; none for a number that was never given.
    pub(crate) fn look(&mut self, order: OrderNo, now: Duration, echoes: bool) -> Option<Order> {
        self.pass(now);
        let sold = self.orders.get(&order)?;
        // Never before it was made; what is shown may be a little old.
        let seen_at = now.saturating_sub(self.lag).max(sold.made);
        let late = Sold { paid: sold.paid.filter(|paid| *paid <= seen_at), ..sold.clone() };
        let status = late.status(seen_at, self.closes);
        let part = |money, from| Some(Part { money, from });
        let option = |method: PaymentMethod| {
            let (fare, from) = match method {
                PaymentMethod::Deposit => (usd(sold.price), TakenFrom::Deposit),
                PaymentMethod::Byoa => (due(method, sold.price), TakenFrom::Other),
                PaymentMethod::Vcc => (due(method, sold.price), TakenFrom::Card),
                PaymentMethod::Mor => (usd(sold.price), TakenFrom::Card),
            };
            PaymentOption {
                method,
                ticket_fare: part(fare, from),
                service_fee: part(usd(2), TakenFrom::Deposit),
                payment_fee: part(usd(3), TakenFrom::Card).filter(|_| method == PaymentMethod::Mor),
                card_brand: None,
            }
        };
        let methods: Vec<_> = [PaymentMethod::Deposit].iter().chain(sold.methods).copied().collect();
        let at_airline = sold.methods.contains(&PaymentMethod::Vcc);
        let details = Details {
            deadline: Some(self.at(sold.deadline)),
            total: Some(usd(sold.price)),
            service_fee: Some(usd(2)),
            vendor_total: at_airline.then(|| due(PaymentMethod::Vcc, sold.price)),
            has_vendor_fare: at_airline,
            options: methods.iter().map(|method| option(*method)).collect(),
            methods,
            original: sold.original.filter(|_| echoes),
            ..Details::default()
        };
        let cancelled = status == OrderStatus::Cancelled;
        Some(Order {
            no: order,
            pnr_code: Some("K7QW2D".into()),
            status,
            from: Some("MNL".into()),
            to: Some("SIN".into()),
            airlines: vec![Airline::parse("5J").expect("an airline")].into(),
            passengers: vec![format!("SANTOS/{}", sold.root).as_str().into()].into(),
            departs: None,
            created: Some(self.at(sold.made)),
            paid_at: late.paid.map(|paid| self.at(paid)),
            airline_pnrs: Vec::new().into(),
            ticketing_error: sold
                .error
                .filter(|_| cancelled && late.paid.is_some())
                .map(|code| TicketingError { code: code.into(), message: None }.into()),
            details: Some(Box::new(details)),
        })
    }

    /// True when the order can be charged no more.
    pub(crate) fn is_dead(&self, order: OrderNo, now: Duration) -> bool {
        self.orders.get(&order).is_some_and(|sold| {
            sold.status(now, self.closes) == OrderStatus::Cancelled
                || sold.paid.is_none() && now > sold.deadline
        })
    }

    /// The price changes.
    pub(crate) fn reprice(&mut self, order: OrderNo, by: i64, now: Duration) {
        if let Some(sold) = self.orders.get_mut(&order) {
            sold.former.push((now, sold.price));
            sold.price += by;
        }
    }

    /// True when `amount` is due on an order, or was within the last `grace`: a check is allowed to be that old.
    pub(crate) fn is_due(
        &self,
        order: OrderNo,
        method: PaymentMethod,
        amount: Money,
        now: Duration,
        grace: Duration,
    ) -> bool {
        self.orders.get(&order).is_some_and(|sold| {
            let recent =
                sold.former.iter().filter(|(ended, _)| *ended + grace >= now).map(|(_, price)| *price);
            recent.chain([sold.price]).any(|price| due(method, price) == amount)
        })
    }
}
