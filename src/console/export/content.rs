//! What is exported: the marked rows, else the rows of the view, each with the columns that the table shows and in its
//! order; or the order that has the screen to itself, with its story.

use super::{ExportFile, Subject, sheet};
use crate::{
    console::{
        column::{self, Row},
        list::{
            List,
            queue::{self, Tab},
        },
        picture::Picture,
        view::{layout, table},
    },
    domain::{
        case::Case,
        order::OrderNo,
        triage::{Group, Queue},
    },
    export::{
        Format, Report,
        document::{OrderDocument, OrdersDocument},
        handover_document::HandoverDocument,
        json,
        story::Story,
        times::local,
        write,
    },
    lang::{Lang, words},
};

impl Picture<'_> {
    /// What would be exported just now; nothing if nothing is shown.
    pub fn export_subject(self) -> Option<Subject> {
        if self.ui.layers.show_detail() {
            return self.selected_case().map(|case| Subject::Order(case.order.no));
        }
        if self.marked_count().count > 0 {
            return Some(Subject::Marked);
        }
        (self.ui.list.shown() > 0).then_some(Subject::Rows)
    }

    /// What is exported, in words.
    pub fn subject_words(self, subject: Subject) -> String {
        let lang = self.lang();
        match subject {
            Subject::Marked => self.marked_words(),
            Subject::Rows => lang.fill("export.rows", &[("count", &self.ui.list.shown())]),
            Subject::Order(order) => lang.fill("export.order", &[("order", &order)]),
            Subject::Handover => {
                let [action, in_doubt] =
                    [Queue::Action, Queue::InDoubt].map(|queue| self.ui.list.count(queue));
                lang.fill("handover.subject", &[("action", &action), ("in_doubt", &in_doubt)])
            }
        }
    }

    /// How many orders are marked, in words.
    pub fn marked_words(self) -> String {
        let marked = self.marked_count();
        let key = if marked.hidden == 0 { "status.marked" } else { "status.marked_hidden" };
        self.lang().fill(key, &[("count", &marked.count), ("hidden", &marked.hidden)])
    }

    /// The file; nothing if there is nothing to be written any more.
    pub fn export(self, subject: Subject, format: Format) -> Option<ExportFile> {
        let text = match (subject, format) {
            (Subject::Order(order), Format::Json) => json(&self.story(order)?.document()).ok()?,
            (Subject::Order(order), _) => write(&self.story(order)?.report(), format)?,
            (Subject::Handover, Format::Json) => {
                self.with_handover(|pack| json(&HandoverDocument::new(pack))).ok()?
            }
            (Subject::Handover, _) => self.with_handover(|pack| write(&pack.report(), format))?,
            (_, Format::Json) => {
                let troubles = &self.model.troubles;
                let cases = self.exported(subject).into_iter().map(|(case, _)| case);
                let now = |case| self.model.shown_now(case);
                let orders = cases.map(|case| OrderDocument::new(case, troubles, now(case))).collect();
                json(&OrdersDocument { orders, as_of: self.model.server_now() }).ok()?
            }
            (..) => write(&self.rows_report(subject), format)?,
        };
        Some(ExportFile { name: self.file_name(subject), format, text })
    }

    fn story(&self, order: OrderNo) -> Option<Story<'_>> {
        let case = self.model.case(order)?;
        Some(Story {
            case,
            made: self.model.successor(case).map(|made| &**made),
            troubles: &self.model.troubles,
            lang: self.lang(),
            zone: &self.model.setup.zone,
            now: self.model.shown_clocks(case),
        })
    }

    /// The orders in their order, the newest of each; those that no row shows come last.
    fn exported(&self, subject: Subject) -> Vec<(&Case, Group)> {
        let newest = |order: OrderNo| {
            let case = &**self.model.case(order)?;
            Some((case, Group::of(case, self.model.shown_now(case))))
        };
        match subject {
            Subject::Rows => {
                let rows = (0..self.ui.list.shown()).filter_map(|at| self.row(at));
                rows.map(|(case, group)| (&**case, group)).collect()
            }
            Subject::Marked => self.marked().into_iter().filter_map(newest).collect(),
            Subject::Order(order) => newest(order).into_iter().collect(),
            Subject::Handover => Vec::new(),
        }
    }

    fn rows_report(&self, subject: Subject) -> Report {
        let (model, lang) = (self.model, self.lang());
        let now = model.now();
        let row = |(case, group)| row(self, case, group);
        let rows = self.exported(subject);
        let columns = table::columns_on_screen(*self, layout::areas(*self).table);
        let part = sheet::part(lang, &columns, rows.into_iter().map(row));
        let list = &self.ui.list;
        let queue = queue::name(list.tab(), list.own(), lang, false);
        let filter = self.ui.list.is_filtered().then(|| format!("/{}", self.ui.filter.value()));
        let what = self.subject_words(subject);
        let sorted = table::sorted_words(*self);
        let at = lang.fill("export.as_of", &[("at", &local(now, &model.setup.zone))]);
        let about: Vec<String> = [Some(what), filter, Some(sorted), Some(at)].into_iter().flatten().collect();
        let title = format!("{} {queue}", model.setup.stage.word());
        Report { title, about: about.join(lang.pick(", ", "，")), parts: vec![part] }
    }

    /// Which view, and when.
    fn file_name(&self, subject: Subject) -> String {
        let setup = &self.model.setup;
        let view = match subject {
            Subject::Order(order) => order.to_string(),
            Subject::Handover => "handover".to_owned(),
            Subject::Rows | Subject::Marked => queue_in_file_name(&self.ui.list),
        };
        let marked = if subject == Subject::Marked { "-marked" } else { "" };
        let at = self.model.now().to_zoned(setup.zone.clone()).strftime("%Y-%m-%d-%H%M%S").to_string();
        format!("{}-{view}{marked}-{at}", setup.stage.word().to_lowercase())
    }
}

/// The word of the queue that is looked at, or the user's own name for it, as far as a file may be called so anywhere.
fn queue_in_file_name(list: &List) -> String {
    match list.tab() {
        Tab::BuiltIn(queue) => words::queue_key(queue).rsplit('.').next().unwrap_or_default().to_owned(),
        Tab::Own(_) => {
            let name = queue::name(list.tab(), list.own(), Lang::En, false);
            name.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect()
        }
    }
}

/// A row of the table as it is drawn now.
fn row<'a>(picture: &Picture<'a>, case: &'a Case, group: Group) -> Row<'a> {
    let model = picture.model;
    let now = model.now();
    Row {
        case,
        group,
        is_remembered: model.remembered_from(case.order.no).is_some(),
        is_in_trouble: !model.troubles.of_all(&case.order.airlines, now).is_empty(),
        tail: 0,
        lang: picture.lang(),
        now: model.shown_wall(case),
        minute: column::whole_minute(now),
        wall: now,
        zone: &model.setup.zone,
        server_now: model.shown_now(case),
    }
}
