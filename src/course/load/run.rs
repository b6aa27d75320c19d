//! Reads a scenario file that stands alone: one that somebody wrote, or a run as the program saved it.

use super::super::fields;
use super::super::markdown::Desk;
use super::super::origin::Origin;
use super::super::setup::{RunKeys, ScenarioFile};
use super::setup::{self, Scenarios, Shelf};
use crate::engine::time::Span;

/// The format that is read.
const FORMAT: u64 = 1;
/// The longest run: who let a lab run all night may save it. In a course nobody waits for more than an hour.
const LONGEST_RUN: Span = Span::from_secs(1_000_000);

/// Reads the file; `None` if anything in it is wrong.
pub(super) fn file(name: &str, file: u32, desk: &Desk<'_>) -> Option<ScenarioFile> {
    let text = desk.ledger.texts.text(file);
    let origin = Origin::at(file, 0);
    let (mut fields, broken) = fields::parse(text, &origin, desk.ledger, "scenario");
    let place = desk.ledger.texts.whole(file);
    let format = fields.whole("format", 0..u64::MAX);
    if let Some(newer) = format.filter(|format| format.value > FORMAT) {
        // Whatever else it says may mean something that is not known here.
        let message = format!("format {newer} is from a newer halfopen; this one reads format {FORMAT}");
        desk.ledger.error(newer.place, message);
        return None;
    }
    let title = fields.line("title");
    let none = Scenarios::new();
    let setup = setup::setup(&mut fields, Shelf { desk, scenarios: &none }, place);
    let for_place = fields.key_place("for");
    let length = setup::span_up_to(&mut fields, "for", LONGEST_RUN).unwrap_or(setup::LENGTH);
    let expect = fields.lines("expect");
    let run = RunKeys {
        hand: setup::sentences(&mut fields, "hand"),
        model: fields.whole("model", 0..1 << 32).and_then(|model| u32::try_from(model.value).ok()),
        digest: fields.line_maybe("digest"),
    };
    if let Some(digest) = &run.digest
        && !(digest.len() == 16 && digest.bytes().all(|b| b.is_ascii_hexdigit()))
    {
        fields.error(digest.place, format!("a digest has 16 hexadecimal digits, unlike `{digest}`"));
    }
    // A run may be saved before it began to move.
    if let (Span::ZERO, None, Some(place)) = (length, &run.digest, for_place) {
        fields.error(place, "a run of no length");
    }
    let ok = fields.finish();
    if !broken.is_empty() {
        return None;
    }
    ok?;
    Some(ScenarioFile {
        name: name.to_owned(),
        title: title?.value,
        setup: setup?,
        length,
        expect,
        run,
        place,
    })
}
