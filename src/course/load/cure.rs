//! Reads a comparison of remedies. Knows no lab: what is measured stays text.

use unicode_width::UnicodeWidthStr;

use super::super::fields::Fields;
use super::super::markdown;
use super::super::place::{Name, Place};
use super::super::setup::{Axis, Cure, Day, Remedy, Solution};
use super::setup::{self, Shelf};

/// The most remedies: with the row for none they fit a screen of 18 lines.
const MOST_REMEDIES: usize = 8;
/// The most axes: their columns fit a screen of 60.
const MOST_AXES: usize = 6;
/// The longest name of a remedy, in columns.
const REMEDY_WIDTH: usize = 20;
/// The longest name of an axis, in columns; on a narrow screen it takes two or three lines.
const AXIS_WIDTH: usize = 24;

/// Reads the block.
pub(super) fn read(mut fields: Fields<'_>, shelf: Shelf<'_>, place: Place) -> Option<Cure> {
    let title = fields.line("title");
    let setup = setup::setup(&mut fields, shelf, place);
    let length = setup::length(&mut fields, setup::scenario_length(setup.as_ref(), shelf));
    let remedies = all("remedy", MOST_REMEDIES, &mut fields, |table| remedy(table, shelf));
    let cured = all("cured", MOST_AXES, &mut fields, |table| axis(table, false, shelf));
    let paid = all("paid", MOST_AXES, &mut fields, |table| axis(table, true, shelf));
    let seeds = setup::seeds(&mut fields, setup::SEEDS);
    if let (Some(cured), Some(paid)) = (&cured, &paid)
        && cured.len() + paid.len() > MOST_AXES
    {
        let count = cured.len() + paid.len();
        fields.error(fields.place, format!("{count} axes are too many to read; the most is {MOST_AXES}"));
    }
    let names = |named: &mut dyn Iterator<Item = &Name>| {
        let mut seen: Vec<&Name> = Vec::new();
        for name in named {
            if seen.iter().any(|other| other.value == name.value) {
                fields.error(name.place, format!("`{name}` stands here twice"));
            }
            seen.push(name);
        }
    };
    names(&mut remedies.iter().flatten().map(|remedy| &remedy.name));
    names(&mut cured.iter().flatten().chain(paid.iter().flatten()).map(|axis| &axis.name));
    fields.finish()?;
    let axes = cured?.into_iter().chain(paid?).collect();
    Some(Cure { title: title?.value, setup: setup?, length, remedies: remedies?, axes, seeds: seeds?, place })
}

/// Reads every table of a list, which must not be empty.
fn all<'s, T>(
    key: &'static str,
    most: usize,
    fields: &mut Fields<'s>,
    read: impl Fn(Fields<'s>) -> Option<T>,
) -> Option<Vec<T>> {
    let tables = fields.tables(key, key);
    match tables.len() {
        0 => fields.error(fields.place, format!("this cure has no [[{key}]]")),
        count if count > most => {
            fields.error(fields.place, format!("{count} tables [[{key}]] are too many; the most is {most}"));
        }
        _ => {}
    }
    tables.into_iter().map(read).collect::<Vec<_>>().into_iter().collect()
}

/// A name that fits its place in the table.
fn name(fields: &mut Fields<'_>, most: usize) -> Option<Name> {
    let name = fields.line("name")?;
    if name.value.width() > most {
        fields.error(name.place, format!("`name` is longer than {most} columns"));
    }
    Some(name)
}

fn remedy(mut fields: Fields<'_>, shelf: Shelf<'_>) -> Option<Remedy> {
    let place = fields.place;
    let name = name(&mut fields, REMEDY_WIDTH);
    let says = fields.prose("says").map(|it| markdown::inlines(&it, shelf.desk));
    let change = Solution { set: setup::settings(&mut fields), at: setup::sentences(&mut fields, "at") };
    if change == Solution::default() {
        fields.error(place, "a remedy that changes nothing: give it `set` or `at`");
    }
    let (useless, free) = (fields.truth("useless"), fields.truth("free"));
    fields.finish()?;
    Some(Remedy { name: name?, says: says?, change, useless, free, place })
}

fn axis(mut fields: Fields<'_>, paid: bool, shelf: Shelf<'_>) -> Option<Axis> {
    let place = fields.place;
    let name = name(&mut fields, AXIS_WIDTH);
    let says = fields.prose_maybe("says").map(|it| markdown::inlines(&it, shelf.desk));
    let measure = fields.line("measure");
    let better = fields.line("better");
    let more = better.as_ref().is_some_and(|it| it.value == "more");
    if let Some(better) = better.filter(|it| it.value != "more" && it.value != "less") {
        fields.error(better.place, format!("`better` is \"more\" or \"less\", not `{better}`"));
    }
    let least = fields.number("least");
    if let Some(least) = least.as_ref().filter(|it| it.value <= 0.0) {
        fields.error(least.place, "`least`, the least difference that counts, must be above 0");
    }
    let is_other = fields.has("set") || fields.has("at") || fields.has("for");
    let has_script = fields.has("at");
    let set = setup::settings(&mut fields);
    let at = setup::sentences(&mut fields, "at");
    let length = fields.has("for").then(|| setup::length(&mut fields, None));
    let day = is_other.then_some(Day { set, at: has_script.then_some(at), length });
    fields.finish()?;
    let least = least.map(|it| it.value);
    Some(Axis { name: name?, says, measure: measure?, more, paid, least, day, place })
}
