//! Reads question banks, concepts and misconceptions.

use std::collections::{BTreeMap, BTreeSet};

use super::super::fields::Fields;
use super::super::markdown::{self, Desk};
use super::super::model::StepId;
use super::super::origin::{Origin, Prose};
use super::super::place::{Name, Place, Placed};
use super::super::prose::{Inlines, Language};
use super::super::quiz::{Ask, Choice, Concept, Misconception, Question, Skill, Trap, Verdict};
use super::super::showable;
use super::layout::{Bank, Layout};
use super::setup::{self, Shelf};
use super::{each, nearest_chapter, slug, word};

/// Reports banks of chapters that there are not.
pub(super) fn refuse_strangers(layout: &Layout, desk: &Desk<'_>) {
    for bank in layout.questions.iter().chain(&layout.drills) {
        if layout.folders.iter().all(|folder| folder.id != bank.chapter) {
            let place = Place { file: bank.file, start: 0, end: 0 };
            let message = format!("there is no chapter `{}` for this bank", bank.chapter);
            desk.ledger.error_help(place, message, nearest_chapter(&bank.chapter, layout));
        }
    }
}

/// Reads the concepts; notes the ids of those with errors.
pub(super) fn concepts(file: u32, desk: &Desk<'_>, left_out: &mut BTreeSet<String>) -> Vec<Concept> {
    let origin = Origin::at(file, 0);
    let bank = Bank { chapter: String::new(), file };
    each(&bank, ("concept", "concept"), &origin, desk.ledger, |mut fields| {
        let place = fields.place;
        let id = slug(fields.line("id"), desk);
        let name = fields.line("name");
        let definition = fields.prose("definition").map(|it| markdown::inlines(&it, desk));
        let step = step(&mut fields);
        let chapter = fields.line("chapter");
        let read = || {
            fields.finish()?;
            let (name, definition) = (name?.value, definition?);
            Some(Concept { id: id.clone()?, name, definition, step: step?, chapter: chapter?, place })
        };
        noting(read(), id, left_out)
    })
}

/// Reads the misconceptions; notes the ids of those with errors.
pub(super) fn misconceptions(
    file: u32,
    desk: &Desk<'_>,
    left_out: &mut BTreeSet<String>,
) -> Vec<Misconception> {
    let origin = Origin::at(file, 0);
    let bank = Bank { chapter: String::new(), file };
    each(&bank, ("misconception", "misconception"), &origin, desk.ledger, |mut fields| {
        let place = fields.place;
        let id = slug(fields.line("id"), desk);
        let chapter = fields.line("chapter");
        let belief = fields.prose("belief").map(|it| markdown::inlines(&it, desk));
        let refuted_by = fields.prose("refuted_by").map(|it| markdown::inlines(&it, desk));
        let step = step(&mut fields);
        let read = || {
            fields.finish()?;
            let (chapter, belief) = (chapter?, belief?);
            Some(Misconception {
                id: id.clone()?,
                chapter,
                belief,
                refuted_by: refuted_by?,
                step: step?,
                place,
            })
        };
        noting(read(), id, left_out)
    })
}

fn noting<T>(read: Option<T>, id: Option<Name>, left_out: &mut BTreeSet<String>) -> Option<T> {
    if let (None, Some(id)) = (&read, id) {
        left_out.insert(id.value);
    }
    read
}

/// Reads a needed `step`.
fn step(fields: &mut Fields<'_>) -> Option<Placed<StepId>> {
    let written = fields.line("step")?;
    match written.parse() {
        Ok(step) => Some(Placed::new(step, written.place)),
        Err(why) => {
            fields.error(written.place, format!("`{written}`: {why}"));
            None
        }
    }
}

/// Reads a bank of questions.
pub(super) fn questions(bank: &Bank, shelf: Shelf<'_>) -> Vec<Question> {
    let origin = Origin::at(bank.file, 0);
    each(bank, ("question", "question"), &origin, shelf.desk.ledger, |fields| question(fields, bank, shelf))
}

fn question(mut fields: Fields<'_>, bank: &Bank, shelf: Shelf<'_>) -> Option<Question> {
    let place = fields.place;
    let desk = shelf.desk;
    let id = slug(fields.line("id"), desk);
    let rev = fields.whole_needed("rev", 1..10_001);
    let kind = word(fields.line("kind"), &Kind::ALL, Kind::word, desk);
    let level = fields.whole_needed("level", 1..4);
    let skill = word(fields.line("skill"), &Skill::ALL, Skill::word, desk);
    let concepts = fields.lines_needed("concepts");
    let prompt = fields.prose("prompt").map(|it| markdown::blocks(&it, desk));
    let step = step(&mut fields);
    let why = fields.prose("why").map(|it| markdown::inlines(&it, desk));
    let see = setup::see(&mut fields, shelf);
    let misconception = fields.line_maybe("misconception");
    // Without a kind, nobody can say which keys belong.
    let kind = kind?;
    let ask = ask(kind, &mut fields, desk);
    fields.finish()?;
    Some(Question {
        id: id?,
        chapter: bank.chapter.clone(),
        rev: u32::try_from(rev?.value).ok()?,
        level: u8::try_from(level?.value).ok()?,
        skill: skill?,
        concepts: concepts?,
        prompt: prompt?,
        ask: ask?,
        step: step?,
        why: why?,
        see,
        misconception,
        place,
    })
}

/// The kinds of question.
#[derive(Clone, Copy)]
enum Kind {
    Single,
    Several,
    Order,
    Number,
    Text,
    Line,
    Match,
}

impl Kind {
    const ALL: [Self; 7] =
        [Self::Single, Self::Several, Self::Order, Self::Number, Self::Text, Self::Line, Self::Match];

    const fn word(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Several => "several",
            Self::Order => "order",
            Self::Number => "number",
            Self::Text => "text",
            Self::Line => "line",
            Self::Match => "match",
        }
    }
}

fn ask(kind: Kind, fields: &mut Fields<'_>, desk: &Desk<'_>) -> Option<Ask> {
    match kind {
        Kind::Single => Some(Ask::Single { options: options(fields, desk) }),
        Kind::Several => Some(Ask::Several { options: options(fields, desk) }),
        Kind::Order => Some(Ask::Order {
            items: fields.proses("items").iter().map(|item| markdown::inlines(item, desk)).collect(),
        }),
        Kind::Number => {
            let answer = fields.number_needed("answer");
            let tolerance = fields.number("tolerance");
            let unit = fields.line_maybe("unit").map(|unit| unit.value).unwrap_or_default();
            let traps = traps(fields, desk, |trap| trap.number_needed("answer").map(|it| it.value));
            let tolerance = tolerance.map_or(0.0, |it| it.value);
            Some(Ask::Number { answer: answer?.value, tolerance, unit, traps })
        }
        Kind::Text => {
            let accept = fields.lines_needed("accept");
            let traps = traps(fields, desk, |trap| trap.line("answer").map(|it| it.value));
            Some(Ask::Text { accept: accept?.into_iter().map(|it| it.value).collect(), traps })
        }
        Kind::Line => line(fields, desk),
        Kind::Match => {
            let text = |prose: &Prose| markdown::inlines(prose, desk);
            let pairs = fields.pairs("pairs").iter().map(|(left, right)| (text(left), text(right))).collect();
            Some(Ask::Match { pairs })
        }
    }
}

fn options(fields: &mut Fields<'_>, desk: &Desk<'_>) -> Vec<Choice> {
    fields.tables("option", "option").into_iter().filter_map(|option| choice(option, desk)).collect()
}

fn choice(mut fields: Fields<'_>, desk: &Desk<'_>) -> Option<Choice> {
    let text = fields.prose("text").map(|it| markdown::inlines(&it, desk));
    if fields.truth("right") {
        fields.finish()?;
        return Some(Choice { text: text?, verdict: Verdict::Right });
    }
    let misconception = fields.line("misconception");
    let why = fields.prose("why").map(|it| markdown::inlines(&it, desk));
    fields.finish()?;
    Some(Choice { text: text?, verdict: Verdict::Wrong { misconception: misconception?, why: why? } })
}

fn traps<'s, T>(
    fields: &mut Fields<'s>,
    desk: &Desk<'_>,
    answer: impl Fn(&mut Fields<'s>) -> Option<T>,
) -> Vec<Trap<T>> {
    let trap = |mut fields: Fields<'s>| {
        let answer = answer(&mut fields);
        let misconception = fields.line("misconception");
        let why = fields.prose("why").map(|it| markdown::inlines(&it, desk));
        fields.finish()?;
        Some(Trap { answer: answer?, misconception: misconception?, why: why? })
    };
    fields.tables("trap", "trap").into_iter().filter_map(trap).collect()
}

fn line(fields: &mut Fields<'_>, desk: &Desk<'_>) -> Option<Ask> {
    let code = fields.prose("code").map(|code| showable::code_lines(&code.text));
    let language = fields.line("language");
    let language = word(language, &Language::ALL, Language::word, desk);
    let answer = fields.whole_needed("answer_line", 1..10_001);
    let why_not = line_why(fields, desk);
    let answer = answer.and_then(|answer| usize::try_from(answer.value).ok());
    Some(Ask::Line { code: code?, language: language?, answer: answer?, why_not })
}

fn line_why(fields: &mut Fields<'_>, desk: &Desk<'_>) -> BTreeMap<usize, Inlines> {
    let mut why_not = BTreeMap::new();
    let Some(mut table) = fields.table("line_why", "list of lines") else { return why_not };
    for (number, why) in table.drain_proses() {
        match number.parse() {
            Ok(line) => {
                why_not.insert(line, markdown::inlines(&why, desk));
            }
            Err(_) => fields.error(number.place, format!("`{number}` is no line number")),
        }
    }
    why_not
}
