//! The pay form: filling, confirming, following. It is bound to an order and to what was shown of it; money leaves
//! only through [`PayForm::confirm`], which no stray, held or pasted key can reach.

use jiff::{SignedDuration, Timestamp};
use tui_input::Input;

use crate::{
    atlas::{ReadError, pay::masked_line},
    desk::hub::NotBegun,
    domain::{
        attempt::AttemptId,
        card_line::CardLine,
        confirmation,
        context::PaymentContext,
        draft::Draft,
        field::Field,
        method::{PaymentMethod, PaymentOption},
        money::Money,
        obstacle::Obstacle,
        order::{OrderNo, OrderStatus},
        payable,
        payment::Payment,
        text::Text,
    },
};

/// Keys are passed over until a confirmation has been on screen so long: what was typed before it came is not meant
/// for it.
pub const IGNORES_KEYS_FOR: SignedDuration = SignedDuration::from_millis(300);

/// Enter counts from so long after the confirmation was drawn.
pub const ENTER_FROM: SignedDuration = SignedDuration::from_millis(700);

/// A confirmation holds so long.
pub const HOLDS_FOR: SignedDuration = SignedDuration::from_secs(60);

/// Card data of a form that nobody touches is wiped after so long.
pub const IDLE_WIPE: SignedDuration = SignedDuration::from_secs(60);

/// What was asked of the server may be so old when the form goes to review.
pub const FRESH_FOR: SignedDuration = SignedDuration::from_secs(30);

/// Where the keys go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// The list of methods.
    Methods,
    /// A field.
    Field(Field),
}

/// How far the payment is.
#[derive(Debug)]
pub enum Phase {
    /// The operator fills the form.
    Filling,
    /// The operator looks at the request as it would leave, masked; none while something is against it. Nothing is sent.
    DryRun(Option<String>),
    /// The operator is asked to type the amount.
    Confirming(Box<Confirmation>),
    /// The desk carries it out; the attempt with this id tells.
    Following(AttemptId),
    /// The desk did not begin it.
    NotBegun(NotBegun),
}

/// What was shown when the confirmation opened, and the clocks by which it was. Anything else than this asks again: also
/// another balance, since what is left of it stands on the confirmation.
#[derive(Clone, Debug, PartialEq)]
pub struct Reviewed {
    /// The amount that leaves the source.
    pub amount: Money,
    status: OrderStatus,
    deadline: Option<Timestamp>,
    option: Option<PaymentOption>,
    /// The program at which somebody has it, if that is not this one.
    owner: Option<Text>,
    balance: Option<Money>,
    ahead: Option<SignedDuration>,
}

impl Reviewed {
    fn of(method: PaymentMethod, payment_context: &PaymentContext<'_>) -> Option<Box<Self>> {
        let details = payment_context.order.details.as_ref()?;
        Some(Box::new(Self {
            amount: payable::amount_due(method, payment_context.order)?,
            status: payment_context.order.status,
            deadline: details.deadline,
            option: details.option(method).cloned(),
            owner: payment_context.elsewhere.map(|elsewhere| elsewhere.owner.program.clone()),
            balance: payment_context.balance,
            ahead: payment_context.ahead,
        }))
    }
}

/// The amount that the operator types, and since when.
#[derive(Debug)]
pub struct Confirmation {
    /// What is confirmed.
    pub reviewed: Box<Reviewed>,
    /// What was typed.
    pub typed: String,
    /// When the confirmation was first on screen.
    pub drawn_at: Option<Timestamp>,
    /// When a key came last that was too early.
    early_at: Option<Timestamp>,
    /// Digits came too early and were not taken: what was typed since lacks its beginning.
    lacks_first: bool,
}

impl Confirmation {
    /// True when what was typed is the amount, or its part before the point.
    pub fn matches(&self) -> bool {
        confirmation::is_typed(&self.typed, self.reviewed.amount)
    }

    /// Seconds that the confirmation still holds.
    pub fn left(&self, now: Timestamp) -> i64 {
        self.drawn_at.map_or(HOLDS_FOR, |at| HOLDS_FOR - now.duration_since(at)).as_secs().max(0)
    }

    /// True when it takes keys: what was typed before it came is not meant for it, and neither is the rest of that.
    pub fn takes_keys(&self, now: Timestamp) -> bool {
        self.takes_keys_from().is_some_and(|from| now >= from)
    }

    /// From when it takes keys, as far as is known: none while it was not drawn, later with each key that came too early.
    pub fn takes_keys_from(&self) -> Option<Timestamp> {
        Some(self.drawn_at?.max(self.early_at.unwrap_or(Timestamp::MIN)) + IGNORES_KEYS_FOR)
    }

    fn age(&self, now: Timestamp) -> Option<SignedDuration> {
        self.drawn_at.map(|at| now.duration_since(at))
    }
}

/// A form for one order.
pub struct PayForm {
    /// The order.
    pub order: OrderNo,
    /// When it was opened: an answer younger than this is wanted before review.
    pub opened_at: Timestamp,
    /// What was entered so far. Taken out when the payment leaves.
    pub draft: Draft,
    /// Where the keys go.
    pub focus: Focus,
    /// The text of the focused field, with its caret.
    pub input: Input,
    /// How far it is.
    pub phase: Phase,
    /// The last query failed.
    pub trouble: Option<ReadError>,
    /// Key of a remark for the operator, shown until the next key.
    pub remark: Option<&'static str>,
    /// The confirmation follows as soon as a fresh answer is there.
    pub goes_on: bool,
    /// Enter was pressed with something missing: every empty field may now complain.
    pub complains: bool,
    /// When a key was last pressed.
    pub touched_at: Timestamp,
}

impl PayForm {
    /// A form for `order`. The method is the first that can be used, deposit before all.
    pub fn open(payment_context: &PaymentContext<'_>) -> Self {
        let usable = |method: &PaymentMethod| {
            payable::method_obstacles(*method, payment_context).iter().all(|obstacle| obstacle.is_warning())
        };
        let method = PaymentMethod::ALL.into_iter().find(usable).unwrap_or(PaymentMethod::Deposit);
        let mut form = Self {
            order: payment_context.order.no,
            opened_at: payment_context.now,
            draft: Draft::new(method),
            focus: Focus::Methods,
            input: Input::default(),
            phase: Phase::Filling,
            trouble: None,
            remark: None,
            goes_on: false,
            complains: false,
            touched_at: payment_context.now,
        };
        form.choose(method, payment_context);
        form
    }

    /// Chooses a method, and goes to its first field; without one the keys stay with the methods.
    pub fn choose_and_fill(&mut self, method: PaymentMethod, payment_context: &PaymentContext<'_>) {
        self.choose(method, payment_context);
        let first =
            self.fields(payment_context).first().map_or(Focus::Methods, |(field, _)| Focus::Field(*field));
        self.focus_on(first);
    }

    /// Fills the fields that a line told.
    pub fn fill(&mut self, line: CardLine) {
        self.draft.number = line.number;
        if let Some(cvv) = line.cvv {
            self.draft.cvv = cvv;
        }
        let expiry = line.expiry.map(|expiry| (format!("{:02}", expiry.month), expiry.year.to_string()));
        let pairs =
            [(Field::ExpiryMonth, Field::ExpiryYear, expiry), (Field::FirstName, Field::LastName, line.name)];
        for (one, other, texts) in pairs {
            if let Some((first, second)) = texts {
                self.draft.set(one, &first);
                self.draft.set(other, &second);
            }
        }
        self.focus_on(self.focus);
    }

    /// The terminal goes to somebody else: the card is wiped, and what was to be confirmed is to be reviewed again.
    pub fn on_suspend(&mut self) {
        self.goes_on = false;
        let held = self.holds_card();
        self.wipe();
        if matches!(self.phase, Phase::Confirming(_) | Phase::DryRun(_)) {
            self.phase = Phase::Filling;
            self.remark = Some(if held { "form.stopped_wiped" } else { "form.stopped" });
        } else if held {
            self.remark = Some("form.stopped_wiped");
        }
    }

    /// Chooses a method; what was typed into fields that both methods have is kept.
    pub fn choose(&mut self, method: PaymentMethod, payment_context: &PaymentContext<'_>) {
        self.draft.method = method;
        if method == PaymentMethod::Vcc
            && self.draft.text(Field::Ceiling).is_empty()
            && let Some(ceiling) = Draft::default_ceiling(payment_context)
        {
            self.draft.set(Field::Ceiling, &ceiling.whole());
        }
    }

    /// The fields in order.
    pub fn fields(&self, payment_context: &PaymentContext<'_>) -> Vec<(Field, bool)> {
        self.draft.fields(payment_context)
    }

    /// Moves the focus by one; past the last field it comes back to the methods.
    pub fn move_focus(&mut self, forward: bool, payment_context: &PaymentContext<'_>) {
        let stops: Vec<Focus> = std::iter::once(Focus::Methods)
            .chain(self.fields(payment_context).into_iter().map(|(field, _)| Focus::Field(field)))
            .collect();
        let at = stops.iter().position(|stop| *stop == self.focus).unwrap_or(0);
        let next = if forward { at + 1 } else { at + stops.len() - 1 } % stops.len();
        self.focus_on(stops[next]);
    }

    /// Puts the focus somewhere, with the caret at the end of what stands there.
    pub fn focus_on(&mut self, focus: Focus) {
        self.focus = focus;
        self.input = match focus {
            Focus::Field(field) => Input::new(self.draft.text(field).to_owned()),
            Focus::Methods => Input::default(),
        };
    }

    /// The details on hand were asked for after the form opened, and not long ago.
    pub fn is_checked(&self, payment_context: &PaymentContext<'_>) -> bool {
        payment_context.asked_at.is_some_and(|asked| {
            asked >= self.opened_at && payment_context.now.duration_since(asked) <= FRESH_FOR
        })
    }

    /// Everything against the payment as it stands.
    pub fn obstacles(&self, payment_context: &PaymentContext<'_>) -> Vec<Obstacle> {
        self.draft.obstacles(payment_context)
    }

    /// The traveller's confirmation is what is missing first, and the order itself leaves it time.
    pub fn waits_for_traveller(&self, payment_context: &PaymentContext<'_>) -> bool {
        let obstacles = self.obstacles(payment_context);
        let first = obstacles.iter().find(|obstacle| !obstacle.is_warning());
        matches!(first, Some(Obstacle::TravellerNotConfirmed(_)))
    }

    /// Shows the request as it would leave now, masked, and what is against it.
    pub fn rehearse(&mut self, payment_context: &PaymentContext<'_>) {
        self.complains = true;
        self.phase = Phase::DryRun(self.draft.look_ahead(payment_context, masked_line).ok());
    }

    /// Goes on to the confirmation if nothing is in the way; else shows what is, and puts the focus there.
    /// False if a fresh answer must be waited for first; then it goes on by itself, unless a key says otherwise.
    pub fn review(&mut self, payment_context: &PaymentContext<'_>) -> bool {
        self.goes_on = !self.is_checked(payment_context);
        if self.goes_on {
            self.remark = Some("form.checking");
            return false;
        }
        self.complains = true;
        let blocking: Vec<Obstacle> =
            self.obstacles(payment_context).into_iter().filter(|obstacle| !obstacle.is_warning()).collect();
        if let Some(first) = blocking.first() {
            self.focus_on(first.field().map_or(Focus::Methods, Focus::Field));
        } else if let Some(reviewed) = Reviewed::of(self.draft.method, payment_context) {
            self.phase = Phase::Confirming(Box::new(Confirmation {
                reviewed,
                typed: String::new(),
                drawn_at: None,
                early_at: None,
                lacks_first: false,
            }));
        }
        true
    }

    /// What the order looks like has changed. A confirmation that was shown something else is taken back.
    pub fn on_change(&mut self, payment_context: &PaymentContext<'_>) {
        if matches!(self.phase, Phase::DryRun(_)) {
            self.rehearse(payment_context);
        }
        if let Phase::Confirming(confirmation) = &self.phase
            && Reviewed::of(self.draft.method, payment_context).as_ref() != Some(&confirmation.reviewed)
        {
            self.phase = Phase::Filling;
            self.remark = Some("form.changed");
        }
    }

    /// A digit, point or comma for the amount. One that comes too early is not taken, and that is said for as long as what
    /// follows it is no amount for that.
    pub fn type_amount(&mut self, c: char, now: Timestamp) {
        let Phase::Confirming(confirmation) = &mut self.phase else { return };
        if !confirmation.takes_keys(now) {
            confirmation.early_at = Some(now);
            confirmation.lacks_first = true;
            self.remark = Some("form.too_soon");
        } else if (c.is_ascii_digit() || matches!(c, '.' | ',')) && confirmation.typed.len() < 20 {
            confirmation.typed.push(c);
            self.say_what_lacks();
        }
    }

    /// Takes the last typed digit away.
    pub fn untype_amount(&mut self) {
        if let Phase::Confirming(confirmation) = &mut self.phase {
            confirmation.typed.pop();
            self.say_what_lacks();
        }
    }

    fn say_what_lacks(&mut self) {
        let Phase::Confirming(confirmation) = &mut self.phase else { return };
        confirmation.lacks_first &= !confirmation.typed.is_empty() && !confirmation.matches();
        if confirmation.lacks_first {
            self.remark = Some("form.lacks_first");
        }
    }

    /// Enter on the confirmation: the payment, if the amount was typed, the screen was there long enough to be read
    /// and not too long, and everything still is as it was shown. The attempt is known by `id`, which nothing else has.
    pub fn confirm(
        &mut self,
        payment_context: &PaymentContext<'_>,
        now: Timestamp,
        id: AttemptId,
    ) -> Option<(AttemptId, Box<Payment>)> {
        let Phase::Confirming(confirmation) = &self.phase else { return None };
        if confirmation.age(now).is_none_or(|age| age < ENTER_FROM) {
            self.remark = Some("form.enter_too_soon");
            return None;
        }
        if !confirmation.matches() {
            return None;
        }
        if confirmation.age(now).is_some_and(|age| age > HOLDS_FOR) {
            self.phase = Phase::Filling;
            self.remark = Some("form.expired");
            return None;
        }
        let reviewed = confirmation.reviewed.clone();
        if Reviewed::of(self.draft.method, payment_context) != Some(reviewed.clone()) {
            self.on_change(payment_context);
            return None;
        }
        let method = self.draft.method;
        let draft = std::mem::replace(&mut self.draft, Draft::new(method));
        match draft.into_payment(payment_context) {
            Ok(payment) if payment.amount == reviewed.amount => {
                self.phase = Phase::Following(id);
                Some((id, Box::new(payment)))
            }
            Ok(_) => {
                self.phase = Phase::Filling;
                self.remark = Some("form.changed");
                None
            }
            Err(refused) => {
                self.draft = refused.0;
                self.phase = Phase::Filling;
                self.complains = true;
                None
            }
        }
    }

    /// True when leaving would lose card data.
    pub fn holds_card(&self) -> bool {
        !self.draft.number.is_empty() || !self.draft.cvv.is_empty()
    }

    /// Lets time pass: wipes an idle card, and takes back a confirmation that has run out.
    pub fn pass_time(&mut self, now: Timestamp) {
        match &self.phase {
            Phase::Confirming(confirmation) if confirmation.age(now).is_some_and(|age| age >= HOLDS_FOR) => {
                self.phase = Phase::Filling;
                self.remark = Some("form.expired");
            }
            Phase::Filling | Phase::DryRun(_)
                if self.holds_card() && now.duration_since(self.touched_at) >= IDLE_WIPE =>
            {
                self.wipe();
                self.phase = Phase::Filling;
                self.remark = Some("form.wiped");
            }
            _ => {}
        }
    }

    /// Wipes the card.
    pub fn wipe(&mut self) {
        self.draft.number.clear();
        self.draft.cvv.clear();
    }
}
