//! Where the money went: every charge and every reversal, by order, and what is left on the deposit accounts.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{
    order::{Order, Source},
    time::Moment,
};
use crate::domain::{
    money::{Currency, Money},
    order::OrderNo,
};

/// What a charge is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum For {
    Fare,
    ServiceFee,
    PaymentFee,
}

impl For {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Fare => "fare",
            Self::ServiceFee => "serviceFee",
            Self::PaymentFee => "paymentFee",
        }
    }
}

/// One movement of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub at: Moment,
    pub of: For,
    pub source: Source,
    pub money: Money,
    /// Given back instead of taken.
    pub reversal: bool,
}

/// The movements of one order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Account {
    pub root: Option<OrderNo>,
    pub entries: Vec<Entry>,
}

impl Account {
    /// How many fares have been taken and not given back.
    pub(super) fn fares_held(&self) -> usize {
        let count = |reversal| {
            self.entries.iter().filter(|entry| entry.of == For::Fare && entry.reversal == reversal).count()
        };
        count(false).saturating_sub(count(true))
    }
}

/// An order and those regenerated from it, as far as money was ever taken for them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Lineage {
    pub orders: Vec<OrderNo>,
    /// Fares that are held.
    pub fares: usize,
    /// What is held, by source and currency: settlement currency from the deposit, and that of the airline from
    /// cards and its accounts.
    pub held: Vec<(Source, Money)>,
}

/// All movements.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ledger {
    balances: BTreeMap<Currency, Decimal>,
    accounts: BTreeMap<OrderNo, Account>,
}

impl Ledger {
    /// The deposit accounts as they stand at the start, but for those that are given. The one in pounds is
    /// nearly empty.
    pub(super) fn open(given: impl IntoIterator<Item = (Currency, Decimal)>) -> Self {
        let opening = [
            ("CNY", 18_640_000),
            ("USD", 2_431_855),
            ("EUR", 1_587_020),
            ("SGD", 1_124_075),
            ("HKD", 6_120_500),
            ("GBP", 4_140),
        ];
        let usual = opening
            .into_iter()
            .filter_map(|(code, cents)| Some((Currency::parse(code)?, Decimal::new(cents, 2))));
        let balances = usual.chain(given).collect();
        Self { balances, accounts: BTreeMap::new() }
    }

    /// What is left on the account in `currency`, if there is one.
    pub(super) fn balance(&self, currency: Currency) -> Option<Money> {
        self.balances.get(&currency).map(|amount| Money::new(*amount, currency))
    }

    /// All accounts.
    pub(super) fn balances(&self) -> impl Iterator<Item = Money> + '_ {
        self.balances.iter().map(|(currency, amount)| Money::new(*amount, *currency))
    }

    /// All orders that money was ever taken for.
    pub(super) fn accounts(&self) -> impl Iterator<Item = (OrderNo, &Account)> + '_ {
        self.accounts.iter().map(|(no, account)| (*no, account))
    }

    /// Takes money.
    pub(super) fn charge(&mut self, order: &Order, of: For, source: Source, money: Money, at: Moment) {
        self.enter(order.no, order.root, Entry { at, of, source, money, reversal: false });
    }

    /// Notes money that was taken before the start: the opening balances know of it already.
    pub(super) fn recall(&mut self, order: &Order, of: For, source: Source, money: Money, at: Moment) {
        if !money.amount.is_zero() {
            self.account(order.no, order.root).entries.push(Entry { at, of, source, money, reversal: false });
        }
    }

    /// Gives back whatever is held for `order`.
    pub(super) fn reverse(&mut self, order: &Order, at: Moment) {
        let held = self.accounts.get(&order.no).map(|account| account.entries.clone()).unwrap_or_default();
        let given_back = held.iter().rposition(|entry| entry.reversal).map_or(0, |last| last + 1);
        for entry in held.into_iter().skip(given_back) {
            self.enter(order.no, order.root, Entry { at, reversal: true, ..entry });
        }
    }

    /// Lineages for which more than one fare is held, with how many.
    pub(super) fn double_charges(&self) -> BTreeMap<OrderNo, usize> {
        let mut held: BTreeMap<OrderNo, usize> = BTreeMap::new();
        for (no, account) in &self.accounts {
            *held.entry(account.root.unwrap_or(*no)).or_default() += account.fares_held();
        }
        held.retain(|_, fares| *fares > 1);
        held
    }

    /// What every lineage came to.
    pub(super) fn lineages(&self) -> BTreeMap<OrderNo, Lineage> {
        let mut lineages: BTreeMap<OrderNo, Lineage> = BTreeMap::new();
        for (no, account) in &self.accounts {
            let lineage = lineages.entry(account.root.unwrap_or(*no)).or_default();
            lineage.orders.push(*no);
            lineage.fares += account.fares_held();
            for entry in &account.entries {
                let amount = if entry.reversal { -entry.money.amount } else { entry.money.amount };
                let place = lineage.held.iter_mut().find(|(source, money)| {
                    *source == entry.source && money.currency == entry.money.currency
                });
                match place {
                    Some((_, money)) => money.amount += amount,
                    None => lineage.held.push((entry.source, Money::new(amount, entry.money.currency))),
                }
            }
        }
        lineages
    }

    fn account(&mut self, no: OrderNo, root: OrderNo) -> &mut Account {
        let account = self.accounts.entry(no).or_default();
        account.root = Some(root);
        account
    }

    fn enter(&mut self, no: OrderNo, root: OrderNo, entry: Entry) {
        if entry.money.amount.is_zero() {
            return;
        }
        if entry.source == Source::Deposit {
            let balance = self.balances.entry(entry.money.currency).or_default();
            *balance += if entry.reversal { entry.money.amount } else { -entry.money.amount };
        }
        self.account(no, root).entries.push(entry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::order::{Part, make::tests::sample};

    #[test]
    fn what_is_reversed_comes_back_once() {
        let at = Moment::START;
        let order = sample(Part::Ticketed);
        let currency = order.routing.price.settlement;
        let mut ledger = Ledger::open([]);
        let before = ledger.balance(currency);
        ledger.charge(&order, For::Fare, Source::Deposit, order.total(), at);
        assert_eq!(ledger.balance(currency), before.and_then(|money| money.minus(order.total())));
        assert!(ledger.double_charges().is_empty());
        ledger.charge(&order, For::Fare, Source::Deposit, order.total(), at);
        assert_eq!(ledger.double_charges().into_iter().collect::<Vec<_>>(), [(order.root, 2)]);
        ledger.reverse(&order, at);
        ledger.reverse(&order, at);
        assert_eq!(ledger.balance(currency), before);
        assert!(ledger.double_charges().is_empty());
    }

    #[test]
    fn a_story_may_open_with_other_balances() {
        let dollars = Currency::parse("USD").unwrap();
        let ledger = Ledger::open([(dollars, Decimal::TEN)]);
        assert_eq!(ledger.balance(dollars), Some(Money::new(Decimal::TEN, dollars)));
        assert_eq!(ledger.balances().count(), 6);
    }
}
