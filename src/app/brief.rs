//! What a run is watched for: the goal that it is to reach, or the claim that it proves, and how each part stands.

use crate::course::setup::{Claim as Proof, Goal};
use crate::engine::time::Time;
use crate::labs::lab::Lab;
use crate::labs::language::{Claim, Condition};
use crate::labs::scenario::Scenario;

/// What a run is watched for.
#[derive(Clone, PartialEq, Debug)]
pub struct Brief {
    /// A goal or a claim.
    pub kind: Kind,
    /// What it is about: the goal's title, the claim's sentence.
    pub title: String,
    /// The instant at which it is judged.
    pub end: Time,
    /// On how many seeds it is judged.
    pub runs: u64,
    parts: Vec<Part>,
}

/// What a brief belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A goal: its parts are judged as soon as they can be.
    Goal,
    /// A claim: it is judged at its end.
    Claim,
}

/// A part of a condition: what stands between `and` and `and`.
#[derive(Clone, PartialEq, Debug)]
struct Part {
    text: String,
    claim: Claim,
}

/// How a part stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// Whether it holds; none while that cannot be said.
    pub holds: Option<bool>,
    /// The part, and why it does not hold.
    pub text: String,
}

impl Standing {
    /// `[ok]`, `[no]`, or `[..]` while nothing can be said.
    pub const fn mark(&self) -> &'static str {
        match self.holds {
            Some(true) => "[ok]",
            Some(false) => "[no]",
            None => "[..]",
        }
    }
}

impl Brief {
    /// What a goal is judged by; the error is a sentence.
    pub fn of_goal(goal: &Goal, scenario: &Scenario) -> Result<Self, String> {
        Ok(Self {
            kind: Kind::Goal,
            title: goal.title.clone(),
            end: Time::ZERO + goal.length,
            runs: goal.seeds.count(),
            parts: parts(&goal.goal, scenario)?,
        })
    }

    /// What a claim is judged by; the error is a sentence.
    pub fn of_claim(proof: &Proof, scenario: &Scenario) -> Result<Self, String> {
        let read = |text: &str| {
            let claim = Claim::read(text, scenario.lab.spec).map_err(|misread| misread.to_string())?;
            Ok(Part { text: text.to_owned(), claim })
        };
        Ok(Self {
            kind: Kind::Claim,
            title: proof.says.as_ref().map_or_else(String::new, ToString::to_string),
            end: Time::ZERO + proof.length,
            runs: proof.seeds.count(),
            parts: proof.expect.iter().map(|it| read(it)).collect::<Result<_, String>>()?,
        })
    }

    /// The whole condition as it is written.
    pub fn condition(&self) -> String {
        self.parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(" and ")
    }

    /// How each part stands. What has gone on past the end is not judged: the judges look at the end.
    pub fn standings(&self, lab: &dyn Lab) -> Vec<Standing> {
        self.parts.iter().map(|part| self.standing(part, lab)).collect()
    }

    fn standing(&self, part: &Part, lab: &dyn Lab) -> Standing {
        let now = lab.now();
        let from = match self.kind {
            Kind::Goal => part.claim.latest(),
            Kind::Claim => self.end,
        };
        if now < from || now == Time::ZERO || now > self.end {
            return Standing { holds: None, text: part.text.clone() };
        }
        let found = part.claim.find(lab.scenario().seed, lab);
        match part.claim {
            Claim::Readings { .. } => {
                let came = if found.number.is_finite() { short(found.number) } else { "never".to_owned() };
                Standing { holds: None, text: format!("{}: {came} in this run", part.text) }
            }
            Claim::EachRun(_) | Claim::Share { .. } => {
                let told =
                    !found.verdict.because.is_empty() && (!found.verdict.holds || self.kind == Kind::Claim);
                let because = if told { format!(": {}", found.verdict.because) } else { String::new() };
                Standing { holds: Some(found.verdict.holds), text: format!("{}{because}", part.text) }
            }
        }
    }
}

/// A number with the digits that matter.
fn short(number: f64) -> String {
    let text = format!("{number:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The parts of a condition that are joined by `and`; the whole where they cannot be told apart.
fn parts(text: &str, scenario: &Scenario) -> Result<Vec<Part>, String> {
    let spec = scenario.lab.spec;
    let read = |text: &str| {
        let condition = Condition::read(text, spec).ok()?;
        Some(Part { text: text.trim().to_owned(), claim: Claim::EachRun(condition) })
    };
    if let Some(parts) = text.split(" and ").map(read).collect() {
        return Ok(parts);
    }
    let condition = Condition::read(text, spec).map_err(|misread| misread.to_string())?;
    Ok(vec![Part { text: text.to_owned(), claim: Claim::EachRun(condition) }])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::catalogue;

    fn texts(condition: &str) -> Vec<String> {
        let scenario = Scenario::first(catalogue::find("server").unwrap());
        parts(condition, &scenario).unwrap().into_iter().map(|part| part.text).collect()
    }

    #[test]
    fn a_condition_is_told_part_by_part_where_it_has_parts() {
        assert_eq!(
            texts("queue < 20 and mean(p50_s) < 0.3 after 20s"),
            ["queue < 20", "mean(p50_s) < 0.3 after 20s"]
        );
        let whole = "not (queue < 20 and busy > 3)";
        assert_eq!(texts(whole), [whole]);
    }

    #[test]
    fn a_part_is_judged_up_to_the_end_and_not_beyond() {
        let scenario = Scenario::first(catalogue::find("server").unwrap());
        let parts = parts("queue < 1e6 and done > 1e6", &scenario).unwrap();
        let end = Time::from_secs(5);
        let mut brief = Brief { kind: Kind::Goal, title: String::new(), end, runs: 1, parts };
        let holds = |brief: &Brief, secs: u64| -> Vec<Option<bool>> {
            let lab = scenario.run(Time::from_secs(secs));
            brief.standings(&*lab).iter().map(|it| it.holds).collect()
        };
        assert_eq!(holds(&brief, 4), [Some(true), Some(false)]);
        assert_eq!(holds(&brief, 6), [None, None]);
        brief.kind = Kind::Claim;
        assert_eq!(holds(&brief, 4), [None, None]);
        assert_eq!(holds(&brief, 5), [Some(true), Some(false)]);
    }
}
