//! The filter: the line that it is typed into, what stands below that, and a note of it where the line is not seen.

use std::ops::Range;

use ratatui::layout::{Position, Rect};

use super::{
    canvas::{Canvas, columns, wrap},
    input::Window,
    layout::Areas,
};
use crate::console::{
    action::Context,
    filter::{self, Completion, Field, Mistake},
    picture::Picture,
    theme::Role,
};

/// Columns that are kept for what else stands in the line, while the filter is not typed.
const KEPT: u16 = 24;

/// Draws the filter into the rest of the line above the table; returns the column after it, and the caret while it is
/// typed.
pub(super) fn line(picture: Picture<'_>, area: Rect, canvas: &mut Canvas<'_>) -> (u16, Option<Position>) {
    canvas.put(area.x, area.y, 1, Role::Accent, "/");
    let text = picture.ui.filter.value();
    if picture.ui.layers.context() != Context::Filter {
        let room = area.width.saturating_sub(KEPT);
        let end = canvas.put_cut(area.x + 1, area.y, room, Role::Accent, text);
        for (_, at) in hidden(picture) {
            let column = |characters| {
                let before: String = text.chars().take(characters).collect();
                (area.x + 1 + columns(&before)).min(end)
            };
            let (start, end) = (column(at.start), column(at.end));
            canvas.tint(Rect { x: start, width: end - start, ..area }, Role::Muted);
        }
        return (end + 2, None);
    }
    // Behind the sign, with room for a caret at the end.
    let field = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let window = Window::of(picture.ui.filter.input(), field.width);
    let end = canvas.put(field.x, field.y, field.width, Role::Field, window.shown);
    if let Some(Mistake { at, .. }) = &picture.ui.filter.mistake {
        let [start, end] = [at.start, at.end].map(|characters| window.column(characters));
        canvas.tint(Rect { x: field.x + start, width: end.saturating_sub(start), ..area }, Role::Urgent);
    }
    let caret = field.x + window.caret;
    (end + 2, Some(Position::new(caret, area.y)))
}

/// The terms of the filter in force about columns that were taken out of the table. They count all the same: which orders are
/// shown does not hang on which columns are.
fn hidden(picture: Picture<'_>) -> Vec<(&'static Field, Range<usize>)> {
    let Some(chosen) = &picture.ui.columns else { return Vec::new() };
    picture.ui.list.filtered_by().fields().filter(|(field, _)| chosen.hides(field.id)).collect()
}

/// What is said of those, if there are any.
pub(super) fn hidden_words(picture: Picture<'_>) -> Option<String> {
    let lang = picture.lang();
    let mut names: Vec<&str> = hidden(picture).iter().map(|(field, _)| field.name(lang)).collect();
    names.dedup();
    (!names.is_empty()).then(|| lang.fill("filter.hidden", &[("fields", &lang.list(&names))]))
}

/// Draws what helps while the filter is typed: the fields, what is wrong below the place where it is, or what may stand
/// there.
pub(super) fn help(
    picture: Picture<'_>,
    areas: Areas,
    caret: Option<Position>,
    canvas: &mut Canvas<'_>,
) -> Option<Position> {
    let status = areas.status;
    let line = &picture.ui.filter;
    let below = Rect { y: status.y + 1, height: 1, ..status };
    if line.lists_fields {
        let area = Rect { y: status.y + 1, height: areas.foot.y.saturating_sub(status.y + 1), ..status };
        fields(picture, area, canvas);
    } else if let Some(mistake) = &line.mistake {
        self::mistake(picture, mistake, below, caret, canvas);
    } else if let Some(completion) = line.completion() {
        choices(completion, below, canvas);
    }
    caret
}

/// What is wrong, behind a mark below the place where it is; and what is shown meanwhile.
fn mistake(
    picture: Picture<'_>,
    mistake: &Mistake,
    area: Rect,
    caret: Option<Position>,
    canvas: &mut Canvas<'_>,
) {
    let lang = picture.lang();
    let (text, input) = (picture.ui.filter.value(), picture.ui.filter.input());
    let between =
        |from: usize, to: usize| columns(&text.chars().skip(from).take(to - from).collect::<String>());
    let caret = caret.map_or(area.x, |caret| caret.x);
    // From the caret, whose column is known, to where the mistake begins.
    let (start, at) = (mistake.at.start, input.cursor());
    let x = if start <= at {
        caret.saturating_sub(between(start, at)).max(area.x)
    } else {
        (caret + between(at, start)).min(area.right().saturating_sub(1))
    };
    let said = mistake.text(lang);
    let width = columns(&said);
    // Beside the mark where there is room, else in a line of its own below it.
    let (said_x, is_beside) = match x.checked_sub(area.x + width + 1) {
        _ if x + 2 + width <= area.right() => (x + 2, true),
        Some(before) => (area.x + before, true),
        None => (area.right().saturating_sub(width + 1).max(area.x), false),
    };
    let said_y = area.y + u16::from(!is_beside);
    canvas.clear(Rect { height: said_y - area.y + 2, ..area });
    canvas.put(x, area.y, 1, Role::Urgent, "^");
    canvas.put(said_x, said_y, area.width, Role::Urgent, &said);
    let in_force = picture.ui.list.filtered_by();
    let still = if in_force.is_empty() {
        lang.text("filter.still_all").to_owned()
    } else {
        lang.fill("filter.still", &[("filter", in_force.query())])
    };
    canvas.put(area.x + 1, said_y + 1, area.width.saturating_sub(1), Role::Muted, &still);
}

/// What may stand before the caret, the one that does in its place among the others.
fn choices(completion: &Completion, area: Rect, canvas: &mut Canvas<'_>) {
    canvas.clear(area);
    let mut x = area.x + 1;
    // What has been passed goes out of sight at the left.
    let width = |choice: &String| columns(choice) + 2;
    let mut first = 0;
    let until = |first: usize| completion.choices[first..=completion.chosen].iter().map(width).sum::<u16>();
    while first < completion.chosen && until(first) + 2 > area.width {
        first += 1;
    }
    for (n, choice) in completion.choices.iter().enumerate().skip(first) {
        if x + columns(choice) + 1 > area.right() {
            canvas.put(area.right().saturating_sub(1), area.y, 1, Role::Muted, "~");
            break;
        }
        let role = if n == completion.chosen { Role::Field } else { Role::Text };
        x = canvas.put(x, area.y, area.width, role, choice) + 2;
    }
}

/// All fields, each with an example and what it means, in two columns.
fn fields(picture: Picture<'_>, area: Rect, canvas: &mut Canvas<'_>) {
    let lang = picture.lang();
    let all: Vec<&Field> = filter::fields().collect();
    let rows = all.len().div_ceil(2);
    let grammar = wrap(lang.text("filter.grammar"), area.width.saturating_sub(4));
    let height = u16::try_from(grammar.len() + rows + 2).unwrap_or(area.height).min(area.height);
    let inner = canvas.frame(Rect { height, ..area }, Role::Accent, lang.text("filter.fields"));
    let mut y = inner.y;
    for text in &grammar {
        canvas.put(inner.x, y, inner.width, Role::Muted, text);
        y += 1;
    }
    let width = inner.width / 2;
    let examples = all.iter().map(|field| columns(field.example(lang))).max().unwrap_or_default();
    for (n, field) in all.iter().enumerate() {
        let x = if n < rows { inner.x } else { inner.x + width };
        let y = y + u16::try_from(n % rows).unwrap_or(0);
        if y >= inner.bottom() {
            continue;
        }
        canvas.put(x, y, width, Role::Accent, field.example(lang));
        let meaning = width.saturating_sub(examples + 2);
        canvas.put(x + examples + 1, y, meaning, Role::Text, field.meaning(lang));
    }
}

/// How many rows the filter leaves, and the filter, in the upper edge of a frame: on a screen that hides the line above the
/// table.
pub(super) fn in_force(picture: Picture<'_>, screen: Rect, canvas: &mut Canvas<'_>) {
    let (list, lang) = (&picture.ui.list, picture.lang());
    if !list.is_filtered() {
        return;
    }
    let edge = canvas.signs.horizontal();
    let free = |y: u16| {
        let is_edge = |x: &u16| canvas.buffer[(*x, y)].symbol() == edge;
        let starts = (screen.left()..screen.right()).filter(is_edge);
        let run = |x: u16| (x, columns_from(x, screen.right(), is_edge));
        starts.map(run).max_by_key(|(_, width)| *width).unwrap_or_default()
    };
    let (y, (x, width)) = [1, 2]
        .map(|y| (screen.y + y, free(screen.y + y)))
        .into_iter()
        .max_by_key(|(_, (_, width))| *width)
        .unwrap_or_default();
    let query = list.filtered_by().query();
    let text =
        lang.fill("filter.in_force", &[("shown", &picture.shown()), ("all", &list.len()), ("filter", query)]);
    // Of the edge a little stays on either side.
    let end = canvas.put_cut(x + 1, y, width.saturating_sub(3), Role::Accent, &format!(" {text}"));
    canvas.put(end, y, width.saturating_sub(2).min(1), Role::Accent, " ");
}

/// How many columns from `x` on, before `end`, are as asked.
fn columns_from(x: u16, end: u16, is_as_asked: impl Fn(&u16) -> bool) -> u16 {
    u16::try_from((x..end).take_while(is_as_asked).count()).unwrap_or(0)
}
