//! Reads banks of interview drills.

use super::super::fields::Fields;
use super::super::markdown::{self, Desk};
use super::super::nearest;
use super::super::origin::Origin;
use super::super::place::Name;
use super::super::prose::Block;
use super::super::quiz::{Answers, Drill, FollowUp, Point, Weight};
use super::layout::Bank;
use super::setup::{self, Shelf};
use super::{each, slug, word};

/// Reads a bank of drills.
pub(super) fn drills(bank: &Bank, shelf: Shelf<'_>) -> Vec<Drill> {
    let origin = Origin::at(bank.file, 0);
    each(bank, ("drill", "drill"), &origin, shelf.desk.ledger, |fields| drill(fields, bank, shelf))
}

fn drill(mut fields: Fields<'_>, bank: &Bank, shelf: Shelf<'_>) -> Option<Drill> {
    let place = fields.place;
    let desk = shelf.desk;
    let id = slug(fields.line("id"), desk);
    let chapter = own_chapter(fields.line("chapter"), bank, desk);
    let title = fields.line("title");
    let prompt = fields.prose("prompt").map(|it| markdown::blocks(&it, desk));
    let minutes = fields.whole_needed("minutes", 1..121);
    let concepts = fields.lines_needed("concepts");
    let follow_ups = follow_ups(&mut fields, desk);
    let points = points(&mut fields, desk);
    let red_flags = fields.proses("red_flags").iter().map(|it| markdown::inlines(it, desk)).collect();
    let answers = answers(&mut fields, desk);
    let see = setup::see(&mut fields, shelf);
    fields.finish()?;
    Some(Drill {
        id: id?,
        chapter: chapter?.value,
        title: title?.value,
        prompt: prompt?,
        minutes: u32::try_from(minutes?.value).ok()?,
        concepts: concepts?,
        follow_ups: follow_ups?,
        points: points?,
        red_flags,
        answers: answers?,
        see,
        place,
    })
}

/// A drill says its chapter, and stands in the bank of that chapter.
fn own_chapter(chapter: Option<Name>, bank: &Bank, desk: &Desk<'_>) -> Option<Name> {
    let chapter = chapter?;
    if chapter.value != bank.chapter {
        let message = format!("a drill of `{chapter}` in the bank of `{}`", bank.chapter);
        desk.ledger.error_help(
            chapter.place,
            message,
            nearest::suggestion(&chapter, [bank.chapter.as_str()]),
        );
    }
    Some(chapter)
}

fn follow_ups(fields: &mut Fields<'_>, desk: &Desk<'_>) -> Option<Vec<FollowUp>> {
    let tables = fields.tables("follow_up", "follow-up");
    if !(2..=4).contains(&tables.len()) {
        fields.error(fields.place, format!("a drill has 2 to 4 follow-ups, this one {}", tables.len()));
    }
    let read = |mut fields: Fields<'_>| {
        let when = fields.line("if");
        let ask = fields.prose("ask").map(|it| markdown::inlines(&it, desk));
        fields.finish()?;
        Some(FollowUp { when: when?.value, ask: ask? })
    };
    tables.into_iter().map(read).collect::<Vec<_>>().into_iter().collect()
}

fn points(fields: &mut Fields<'_>, desk: &Desk<'_>) -> Option<Vec<Point>> {
    let tables = fields.tables("point", "point");
    let read = |mut fields: Fields<'_>| {
        let weight = word(fields.line("level"), &Weight::ALL, Weight::word, desk);
        let text = fields.prose("text").map(|it| markdown::inlines(&it, desk));
        fields.finish()?;
        Some(Point { weight: weight?, text: text? })
    };
    let points: Option<Vec<Point>> = tables.into_iter().map(read).collect::<Vec<_>>().into_iter().collect();
    if points.as_ref().is_some_and(|points| points.iter().all(|point| point.weight != Weight::Must)) {
        fields.error(fields.place, "a drill whose rubric has no `must`");
    }
    points
}

fn answers(fields: &mut Fields<'_>, desk: &Desk<'_>) -> Option<Answers> {
    let mut inner = fields.table_needed("answers", "set of answers")?;
    let mut answer = |key| -> Option<Vec<Block>> { inner.prose(key).map(|it| markdown::blocks(&it, desk)) };
    let (mid, senior, staff) = (answer("mid"), answer("senior"), answer("staff"));
    inner.finish()?;
    Some(Answers { mid: mid?, senior: senior?, staff: staff? })
}
