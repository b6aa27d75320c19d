//! A step told: its text in order, and what there is to do in it.

use super::Reader;
use crate::course::model::Source;
use crate::course::plain::{blocks, cited, inlines};
use crate::course::{Block, Claim, LabBlock};
use crate::labs::narrate;
use crate::shell::cli::console::ended;
use crate::shell::cli::output::Failure;
use crate::shell::setup;

/// A source in one line.
pub fn source(source: &Source) -> String {
    let url = source.url.as_ref().map(|url| format!(" ({url})")).unwrap_or_default();
    format!("[{}] {}{url}", source.id, source.title)
}

impl Reader<'_> {
    /// Tells the step.
    pub fn tell_step(&mut self) -> Result<(), Failure> {
        let (lesson, step) = (self.at.lesson, self.at.step);
        self.console.gap()?;
        if step.number == 1 {
            let label = self.at.chapter.label.as_ref().map(|label| format!("{label} ")).unwrap_or_default();
            self.console.say(&format!(
                "Lesson {}: {}. Chapter {label}{}, {} minutes.",
                lesson.id, lesson.title, self.at.chapter.title, lesson.minutes
            ))?;
        }
        self.console.say(&format!("Step {} of {}: {}", step.number, lesson.steps.len(), step.title))?;
        let mut claims = 0;
        for stretch in step.blocks.chunk_by(|one, next| is_text(one) && is_text(next)) {
            self.console.gap()?;
            match stretch {
                [Block::Claim(claim)] => {
                    claims += 1;
                    self.tell_claim(claims, claim)?;
                }
                [Block::Lab(lab)] => self.tell_lab(lab)?,
                [Block::Predict(predict)] => {
                    let question = inlines(&predict.question);
                    self.console.say(&format!("Prediction: {question} Enter asks for your bet."))?;
                }
                [Block::Goal(goal)] => {
                    self.console.say(&format!("Goal: {}. Type goal to work on it.", goal.title))?;
                }
                [Block::Cure(cure)] => self.tell_cure(cure)?,
                text => self.console.lines(&blocks(text))?,
            }
        }
        self.tell_sources()?;
        self.console.gap()
    }

    fn tell_claim(&mut self, number: usize, claim: &Claim) -> Result<(), Failure> {
        let says = claim.says.as_ref().map_or_else(|| "what stands above".to_owned(), inlines);
        let seeds = claim.seeds.count();
        self.console.say(&format!("Checked on {seeds} seeds: {says} Type claim {number} to run it."))
    }

    fn tell_lab(&mut self, block: &LabBlock) -> Result<(), Failure> {
        match setup::scenario(&block.setup) {
            Ok(scenario) => {
                let text = narrate::scenario(&scenario);
                self.console.say(&format!(
                    "Beside it: {text}. Type lab to play in it, or lab 40s to be told its run."
                ))
            }
            Err(wrong) => {
                let told: Vec<String> = wrong.iter().map(|(_, misread)| misread.to_string()).collect();
                self.console
                    .say(&format!("The lab of this step can't be opened: {}", ended(&told.join("; "))))
            }
        }
    }

    fn tell_sources(&mut self) -> Result<(), Failure> {
        let cited = cited(&self.at.step.blocks);
        let sources: Vec<&Source> = cited.iter().filter_map(|id| self.at.lesson.source(id)).collect();
        if !sources.is_empty() {
            self.console.gap()?;
            self.console.say("Sources:")?;
        }
        sources.into_iter().try_for_each(|it| self.console.item("- ", &source(it)))
    }
}

const fn is_text(block: &Block) -> bool {
    !matches!(block, Block::Lab(_) | Block::Claim(_) | Block::Predict(_) | Block::Goal(_) | Block::Cure(_))
}
