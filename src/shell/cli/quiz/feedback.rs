//! What is said to an answer: whether it is right, what was wrong with it and which belief leads there, and why the right
//! one is right.

use std::fmt::Write;

use crate::course::plain::inlines;
use crate::course::quiz::{Ask, Choice, Trap, Verdict};
use crate::course::{Course, Inlines, Question};
use crate::labs::narrate;
use crate::shell::cli::console::Console;
use crate::shell::cli::output::Failure;
use crate::shell::setup;
use crate::study::question::{self, Fault, Wrong};
use crate::study::record::Answer;
use crate::study::session::Graded;
use crate::study::typed::letter;

/// A question that was answered.
pub struct Told<'a> {
    /// Where beliefs are found.
    pub course: &'a Course,
    /// Its words.
    pub written: &'a Question,
    /// What is right.
    pub question: &'a question::Question,
    /// What stood where.
    pub order: &'a [usize],
}

/// A belief and what refutes it, as one sentence or two.
pub fn belief(course: &Course, id: &str) -> Option<String> {
    let found = course.misconception(id)?;
    Some(format!(
        "\"{}\" What refutes it: {} (step {})",
        inlines(&found.belief),
        inlines(&found.refuted_by),
        found.step.value
    ))
}

impl Told<'_> {
    /// Tells all of it.
    pub fn tell(&self, graded: &Graded, console: &mut Console) -> Result<(), Failure> {
        let verdict = &graded.verdict;
        let first = match (&graded.record.answer, verdict.right) {
            (_, true) => "Right.",
            (Answer::Unknown, _) => "Not known yet.",
            _ => "Wrong.",
        };
        console.say(first)?;
        let mut believed: Vec<&str> = Vec::new();
        for wrong in &verdict.wrong {
            if let Some(text) = self.fault(wrong) {
                console.say(&text)?;
            }
            if let Some(id) = wrong.misconception.as_deref().filter(|id| !believed.contains(id)) {
                believed.push(id);
                self.belief(id, console)?;
            }
        }
        if !verdict.right {
            console.say(&format!("The answer: {}", self.solution()))?;
        }
        console.say(&inlines(&self.written.why))?;
        self.other_options(&verdict.wrong, &believed, console)?;
        if let Some(command) = self.see() {
            console.say("See it happen:")?;
            // Never wrapped, so that it can be copied.
            console.lines(&[format!("    {command}")])?;
        }
        if graded.comes_again {
            console.say("It comes again at the end.")?;
        }
        Ok(())
    }

    fn belief(&self, id: &str, console: &mut Console) -> Result<(), Failure> {
        match belief(self.course, id) {
            Some(belief) => console.say(&format!("The belief behind it: {belief}")),
            None => Ok(()),
        }
    }

    /// Why each wrong option that was not chosen is wrong, too.
    fn other_options(&self, told: &[Wrong], believed: &[&str], console: &mut Console) -> Result<(), Failure> {
        let mut believed = believed.to_vec();
        for i in self.order {
            let Some(Choice { verdict: Verdict::Wrong { misconception, why }, .. }) = self.option(*i) else {
                continue;
            };
            if told.iter().any(|wrong| wrong.fault == Fault::Chosen(*i)) {
                continue;
            }
            let mut text = format!("Not {}: {}", self.letter(*i), inlines(why));
            if !believed.contains(&misconception.value.as_str())
                && let Some(belief) = belief(self.course, misconception)
            {
                believed.push(&misconception.value);
                let _ = write!(text, " The belief behind it: {belief}");
            }
            console.say(&text)?;
        }
        Ok(())
    }

    fn option(&self, i: usize) -> Option<&Choice> {
        match &self.written.ask {
            Ask::Single { options } | Ask::Several { options } => options.get(i),
            _ => None,
        }
    }

    /// The letter under which this part was shown.
    fn letter(&self, i: usize) -> char {
        letter(self.order.iter().position(|shown| *shown == i).unwrap_or(usize::MAX))
    }

    fn fault(&self, wrong: &Wrong) -> Option<String> {
        match (wrong.fault, &self.written.ask) {
            (Fault::Chosen(i), _) => match &self.option(i)?.verdict {
                Verdict::Wrong { why, .. } => Some(format!("{} is wrong: {}", self.letter(i), inlines(why))),
                Verdict::Right => None,
            },
            (Fault::Missed(i), _) => Some(format!("{} is right, too.", self.letter(i))),
            (Fault::Misplaced(i), Ask::Order { .. }) => {
                Some(format!("Place {} is {}'s.", i + 1, self.letter(i)))
            }
            (Fault::Trap(i), Ask::Number { traps, .. }) => trap(traps, i),
            (Fault::Trap(i), Ask::Text { traps, .. }) => trap(traps, i),
            (Fault::TooSmall, _) => Some("It is more than that.".to_owned()),
            (Fault::TooLarge, _) => Some("It is less than that.".to_owned()),
            (Fault::OtherText, _) => Some("That is not the word.".to_owned()),
            (Fault::Line(n), Ask::Line { why_not, .. }) => {
                let why = why_not.get(&n).map(|why| format!(" {}", inlines(why))).unwrap_or_default();
                Some(format!("Line {n} is not the one.{why}"))
            }
            (Fault::Pair(i), _) => Some(format!("{} goes with {}.", i + 1, self.letter(i))),
            _ => None,
        }
    }

    fn solution(&self) -> String {
        let named = |i: &usize, text: String| format!("{}. {text}", self.letter(*i));
        match (&self.written.ask, self.question.solution()) {
            (Ask::Single { options } | Ask::Several { options }, Answer::Options(right)) => {
                let text = |i: &usize| options.get(*i).map(|it| named(i, inlines(&it.text)));
                right.iter().filter_map(text).collect::<Vec<_>>().join("; ")
            }
            (Ask::Order { items }, _) => {
                let text = |(i, item)| named(&i, inlines(item));
                items.iter().enumerate().map(text).collect::<Vec<_>>().join("; then ")
            }
            (Ask::Number { answer, unit, .. }, _) => format!("{answer} {unit}").trim().to_owned(),
            (Ask::Text { accept, .. }, _) => accept.first().cloned().unwrap_or_default(),
            (Ask::Line { answer, code, .. }, _) => {
                let line = code.lines().nth(answer.saturating_sub(1)).unwrap_or_default();
                format!("line {answer}: {}", line.trim())
            }
            (Ask::Match { pairs }, _) => {
                let text = |(i, (left, right)): (usize, &(Inlines, Inlines))| {
                    format!("{}{} {}: {}", i + 1, self.letter(i), inlines(left), inlines(right))
                };
                pairs.iter().enumerate().map(text).collect::<Vec<_>>().join("; ")
            }
            (Ask::Single { .. } | Ask::Several { .. }, _) => String::new(),
        }
    }

    /// The command that shows the run, if the course has one and it is sound.
    fn see(&self) -> Option<String> {
        let see = self.written.see.as_ref()?;
        let scenario = setup::scenario(&see.setup).ok()?;
        Some(narrate::command(&scenario, see.from))
    }
}

fn trap<T>(traps: &[Trap<T>], i: usize) -> Option<String> {
    traps.get(i).map(|trap| inlines(&trap.why))
}
