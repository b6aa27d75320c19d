//! What a step says, with the marks of its claims, bets and goals in their places.

use crate::app::passage::{Passage, Weight};
use crate::app::shared::Shared;
use crate::course::prose::{Link, Run, Style};
use crate::course::{Block, Claim, Inlines, StepRef};

/// A hard space, so that a mark is never broken over two lines.
const HARD_SPACE: char = '\u{a0}';

/// The text of a step. `claim` is the one under the cursor.
pub fn passages(at: StepRef<'_>, shared: &Shared, claim: Option<usize>) -> Vec<Passage> {
    Writer { of: at.step.claims().count(), claim, claims: 0, passages: Vec::new(), stop: None }
        .write(at, shared)
}

/// The text of a step up to the mark of the claim with this number.
pub fn passages_to(at: StepRef<'_>, shared: &Shared, claim: usize) -> Vec<Passage> {
    let of = at.step.claims().count();
    Writer { of, claim: Some(claim), claims: 0, passages: Vec::new(), stop: Some(claim) }.write(at, shared)
}

struct Writer {
    /// How many claims the step has.
    of: usize,
    claim: Option<usize>,
    claims: usize,
    passages: Vec<Passage>,
    stop: Option<usize>,
}

impl Writer {
    fn write(mut self, at: StepRef<'_>, shared: &Shared) -> Vec<Passage> {
        for block in &at.step.blocks {
            match block {
                Block::Lab(_) => {}
                Block::Claim(claim) => {
                    self.claim(claim);
                    if self.stop.is_some_and(|stop| self.claims > stop) {
                        break;
                    }
                }
                Block::Predict(predict) => {
                    let before = shared.progress.chapter(&at.chapter.id);
                    let bet =
                        before.and_then(|it| it.predictions.get(&predict.id.value)).and_then(|it| it.last());
                    let result = match bet {
                        None => String::new(),
                        Some(bet) if bet.right => format!("  (right, {} % sure)", bet.confidence),
                        Some(bet) => format!("  (not so, {} % sure)", bet.confidence),
                    };
                    self.invite("p", "Predict: ", predict.question.plain() + &result);
                }
                Block::Goal(goal) => {
                    let state =
                        shared.progress.chapter(&at.chapter.id).and_then(|it| it.goals.get(&goal.id.value));
                    let result = match state {
                        Some(state) if state.done => "  (reached)".to_owned(),
                        Some(state) => state.last.as_ref().map_or_else(String::new, |last| {
                            format!("  ({} of {} runs)", last.passed, last.of)
                        }),
                        None => String::new(),
                    };
                    self.invite("g", "Goal: ", goal.title.clone() + &result);
                }
                Block::Cure(cure) => {
                    let count = cure.remedies.len();
                    let counted =
                        if count == 1 { "1 remedy".to_owned() } else { format!("{count} remedies") };
                    self.invite("m", "Compare: ", format!("{}  ({counted})", cure.title));
                }
                _ => self.prose(block.clone()),
            }
        }
        self.passages
    }

    fn prose(&mut self, block: Block) {
        if let Some(Passage::Prose(blocks)) = self.passages.last_mut() {
            blocks.push(block);
        } else {
            if !self.passages.is_empty() {
                self.passages.push(Passage::Gap);
            }
            self.passages.push(Passage::Prose(vec![block]));
        }
    }

    /// A claim proves the paragraph before it, so its mark stands at the paragraph's end.
    fn claim(&mut self, claim: &Claim) {
        let number = if self.of > 1 { format!(" {}", self.claims + 1) } else { String::new() };
        let mark = Self::mark(claim, &number, self.claim == Some(self.claims));
        self.claims += 1;
        let before = match self.passages.last_mut() {
            Some(Passage::Prose(blocks)) => blocks.last_mut(),
            _ => None,
        };
        if let Some(Block::Paragraph(Inlines(runs))) = before {
            runs.push(Run { text: " ".into(), ..Run::default() });
            runs.push(mark);
        } else {
            self.prose(Block::Paragraph(Inlines(vec![mark])));
        }
    }

    fn mark(claim: &Claim, number: &str, chosen: bool) -> Run {
        let count = claim.seeds.count();
        let seeds = if count == 1 { "1 seed".to_owned() } else { format!("{count} seeds") };
        // The chosen one is told by its brackets, so that nothing moves when the cursor comes and goes.
        let text =
            if chosen { format!(">claim{number}: {seeds}<") } else { format!("[claim{number}: {seeds}]") };
        let style = Style { strong: chosen, emphasis: !chosen, code: false };
        Run { text: text.replace(' ', &HARD_SPACE.to_string()), style, link: None }
    }

    fn invite(&mut self, key: &str, what: &str, text: String) {
        self.passages.push(Passage::Gap);
        let what = Run { text: what.into(), style: Style { strong: true, ..Style::default() }, link: None };
        let text = Run { text, ..Run::default() };
        self.passages.push(Passage::item(format!("{key}  "), Inlines(vec![what, text]), Weight::Key));
    }
}

/// Every link of a step's prose, in the order of the text, each once.
pub fn links(blocks: &[Block]) -> Vec<(String, Link)> {
    let mut found = Vec::new();
    collect(blocks, &mut found);
    found
}

fn collect(blocks: &[Block], found: &mut Vec<(String, Link)>) {
    for block in blocks {
        match block {
            Block::Paragraph(text) | Block::Heading { text, .. } => from_inlines(text, found),
            Block::List(list) => list.items.iter().for_each(|item| collect(item, found)),
            Block::Quote(inner) => collect(inner, found),
            Block::Table(table) => {
                table
                    .head
                    .iter()
                    .chain(table.rows.iter().flatten())
                    .for_each(|cell| from_inlines(cell, found));
            }
            Block::Code(_)
            | Block::Rule
            | Block::Lab(_)
            | Block::Claim(_)
            | Block::Predict(_)
            | Block::Goal(_)
            | Block::Cure(_) => {}
        }
    }
}

fn from_inlines(text: &Inlines, found: &mut Vec<(String, Link)>) {
    for run in text.runs() {
        if let Some(link) = &run.link
            && !found.iter().any(|(_, known)| known == link)
        {
            found.push((run.text.clone(), link.clone()));
        }
    }
}
