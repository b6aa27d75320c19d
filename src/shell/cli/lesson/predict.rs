//! A prediction: the run up to the question, the bet, the run to its end, and what it says about the bet.

use super::{Reader, broken};
use crate::course::Predict;
use crate::course::plain::inlines;
use crate::engine::time::Time;
use crate::labs::judge::{Decided, decide};
use crate::labs::narrate;
use crate::shell::cli::lab::Bench;
use crate::shell::cli::output::Failure;
use crate::shell::setup;
use crate::study::progress::ChapterProgress;
use crate::study::record::{Kind, Predicted};
use crate::study::typed::letter;

/// An outcome and how sure the learner is of it, in percent.
#[derive(Clone, Copy)]
struct Bet {
    outcome: usize,
    confidence: u8,
}

impl<'a> Reader<'a> {
    /// Asks a prediction and lets the run decide it.
    pub fn predict(&mut self, predict: &'a Predict) -> Result<(), Failure> {
        self.offered.push(&predict.id.value);
        let scenario = setup::scenario(&predict.setup).map_err(|wrong| broken(&wrong))?;
        let conditions = setup::outcomes(predict, scenario.lab.spec).map_err(|wrong| broken(&wrong))?;
        self.console.gap()?;
        self.console.say(&format!("The run: {}.", narrate::scenario(&scenario)))?;
        let seed = scenario.seed;
        let mut bench = Bench::open(&scenario, Time::ZERO);
        if predict.from > Time::ZERO {
            bench.tell_to(predict.from, &mut self.console)?;
        }
        self.console.gap()?;
        self.console.say(&inlines(&predict.question))?;
        for (i, outcome) in predict.shown().into_iter().filter_map(|n| predict.outcomes.get(n)).enumerate() {
            self.console.item(&format!("{}. ", letter(i)), &inlines(&outcome.text))?;
        }
        let Some(bet) = self.bet(predict)? else { return Ok(()) };
        self.console.say(&format!("The run goes on to {} s.", predict.until))?;
        let watched = self.seen.until(&scenario, seed) >= predict.until;
        self.seen.note(&scenario, seed, predict.until);
        bench.tell_to(predict.until, &mut self.console)?;
        let Decided::One(came) = decide(bench.lab(), &conditions) else {
            return Err(Failure::usage(
                "The run made none or several of these true, so the course is at fault: nothing is counted.",
            ));
        };
        let known = |it: &ChapterProgress| it.predictions.contains_key(&predict.id.value);
        let known = self.learner.progress().chapter(&self.at.chapter.id).is_some_and(known);
        self.note(predict, bet, (came, watched), seed);
        self.reveal(predict, bet, came)?;
        if known || watched {
            return self.console.say("You had seen what comes, so this one is not in your score.");
        }
        let beside = self.learner.progress().calibration().beside(bet.confidence);
        self.console.say(&beside)
    }

    /// The bet; none if the learner puts it off.
    fn bet(&mut self, predict: &Predict) -> Result<Option<Bet>, Failure> {
        let last = letter(predict.outcomes.len().saturating_sub(1));
        self.console.say(&format!(
            "What will happen, and how sure are you, 50 to 99? Type a letter, a to {last}, and a number, such as: a 80. Enter \
             puts it off."
        ))?;
        let mut outcome = None;
        loop {
            let line = self.console.ask("bet")?;
            let line = line.trim_end_matches('%').to_lowercase();
            let (first, rest) = line.split_at(line.chars().next().map_or(0, char::len_utf8));
            match line.as_str() {
                "" => return Ok(None),
                "q" | "quit" | "exit" => return Err(Failure::Ended),
                _ => {}
            }
            // After the letter, the number may come alone.
            let row = (0..predict.outcomes.len()).find(|i| letter(*i).to_string() == first);
            let place = row.and_then(|row| predict.shown().get(row).copied());
            let number = if place.is_some() { rest.trim() } else { line.as_str() };
            outcome = place.or(outcome);
            match (outcome, number.parse::<u8>()) {
                (Some(outcome), Ok(confidence @ 50..=99)) => return Ok(Some(Bet { outcome, confidence })),
                (Some(_), _) if number.is_empty() => {
                    self.console.say("How sure are you? Type a number from 50 to 99.")?;
                }
                (Some(_), _) => {
                    self.console
                        .say(&format!("\"{number}\" is not a number from 50 (a guess) to 99 (certain)."))?;
                }
                (None, _) => self
                    .console
                    .say(&format!("\"{line}\" is none of them: type a letter from a to {last}."))?,
            }
        }
    }

    fn note(&mut self, predict: &Predict, bet: Bet, (came, watched): (usize, bool), seed: u64) {
        let right = bet.outcome == came;
        let believed = |i: usize| predict.outcomes.get(i)?.misconception.as_ref().map(|id| id.value.clone());
        let mut refuted: Vec<String> = Vec::new();
        if right {
            refuted.extend((0..predict.outcomes.len()).filter(|i| *i != came).filter_map(believed));
            refuted.dedup();
        }
        self.learner.record(Kind::Predicted(Predicted {
            prediction: predict.id.value.clone(),
            chapter: self.at.chapter.id.clone(),
            concept: predict.concept.as_ref().map(|id| id.value.clone()),
            seed,
            chosen: bet.outcome,
            confidence: bet.confidence,
            right,
            came,
            seen: watched,
            misconception: if right { None } else { believed(bet.outcome) },
            refuted,
        }));
    }

    fn reveal(&mut self, predict: &Predict, bet: Bet, came: usize) -> Result<(), Failure> {
        let text = |i: usize| predict.outcomes.get(i).map(|it| inlines(&it.text)).unwrap_or_default();
        self.console.gap()?;
        self.console.say(&format!("What came: {}. {}", letter(predict.place_of(came)), text(came)))?;
        if bet.outcome == came {
            self.console.say(&format!("You were right, at {} %.", bet.confidence))?;
        } else {
            self.console.say(&format!(
                "You said {}, at {} %.",
                letter(predict.place_of(bet.outcome)),
                bet.confidence
            ))?;
            if let Some(outcome) = predict.outcomes.get(bet.outcome) {
                if let Some(why) = &outcome.why {
                    self.console.say(&inlines(why))?;
                }
                if let Some(belief) =
                    outcome.misconception.as_ref().and_then(|id| self.course.misconception(id))
                {
                    let (held, refuted) = (inlines(&belief.belief), inlines(&belief.refuted_by));
                    self.console
                        .say(&format!("The belief behind it: \"{held}\" What refutes it: {refuted}"))?;
                }
            }
        }
        self.console.say(&inlines(&predict.after))
    }
}
