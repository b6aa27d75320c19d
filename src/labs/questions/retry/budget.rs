//! How many retries a budget lets out while everything fails.

use super::super::Template;
use super::super::dice::Dice;
use super::super::draft::Draft;
use crate::patterns::retry_budget::RatioBudget;

pub(in crate::labs::questions) static TEMPLATE: Template = Template {
    name: "retry-budget-left",
    rev: 1,
    title: "how many retries a budget lets out",
    skill: "compute",
    concepts: &["retry-budget"],
    draw,
};

/// Two numbers nearer than this share of the larger one are not told apart.
const APART: f64 = 0.12;

/// Requests that come one after the other, and whether they fail.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    requests: u64,
    fails: bool,
}

/// What is thought of a budget.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Belief {
    Truth,
    /// Each retry of a request has a budget of its own.
    PerRetry,
    /// With nothing left a request is refused, and earns nothing.
    HoldsBack,
    /// Retries earn too.
    CountsRetries,
}

#[derive(Clone, Copy, Debug)]
struct Setting {
    /// In percent.
    ratio: u64,
    burst: u32,
    retries: u64,
}

impl Setting {
    /// Retries that go out.
    fn run(self, stretches: &[Stretch], belief: Belief) -> u64 {
        let buckets = if belief == Belief::PerRetry { self.retries } else { 1 };
        let new = RatioBudget::new(self.ratio as f64 / 100.0, self.burst);
        let mut budgets: Vec<RatioBudget> = (0..buckets).map(|_| new).collect();
        let mut retries = 0;
        for stretch in stretches {
            for _ in 0..stretch.requests {
                if belief == Belief::HoldsBack && budgets.iter().all(|budget| budget.tokens() < 1.0) {
                    continue;
                }
                budgets.iter_mut().for_each(RatioBudget::deposit);
                if !stretch.fails {
                    continue;
                }
                for retry in 0..self.retries {
                    let last = budgets.len().saturating_sub(1);
                    let at = usize::try_from(retry).unwrap_or(last).min(last);
                    let Some(budget) = budgets.get_mut(at).filter(|budget| budget.tokens() >= 1.0) else {
                        break;
                    };
                    budget.try_spend();
                    if belief == Belief::CountsRetries {
                        budget.deposit();
                    }
                    retries += 1;
                }
            }
        }
        retries
    }
}

fn draw(dice: &mut Dice) -> Option<Draft> {
    let setting = Setting {
        ratio: dice.one_of(&[5, 10, 20, 25], 10),
        burst: 5 * dice.count(1, 8),
        retries: dice.between(2, 4),
    };
    let twice = dice.chance(40);
    let failing = |dice: &mut Dice| Stretch { requests: dice.between(60, 600), fails: true };
    let mut stretches = vec![failing(dice)];
    if twice {
        stretches.push(Stretch { requests: dice.between(20, 300), fails: false });
        stretches.push(failing(dice));
    }
    let right = setting.run(&stretches, Belief::Truth);
    // What a full bucket loses of the very first deposit is not the question.
    let slack = Setting { burst: setting.burst + 1, ..setting }.run(&stretches, Belief::Truth);
    if stretches.iter().any(|it| it.requests * setting.ratio % 100 < setting.ratio) || slack > right + 1 {
        return None;
    }
    let Setting { ratio, burst, retries } = setting;
    let mut draft = Draft::new(if twice { 3 } else { 2 }, told(right), because(setting, &stretches, right));
    draft.text(format!(
        "A client makes up to {retries} retries for each request, within one retry budget: each request that comes adds \
         {ratio} % of a retry, a retry takes a whole one, and at most {burst} are saved up. The budget is full."
    ));
    let first = stretches[0].requests;
    draft.text(if let [_, well, last] = stretches[..] {
        format!(
            "Then {first} requests come while every attempt fails, {} that are answered at the first attempt, and {} more \
             while every attempt fails. How many retries go out in all?",
            well.requests, last.requests
        )
    } else {
        format!("Then {first} requests come, and every attempt of them fails. How many retries go out?")
    });
    let mut seen = vec![right];
    let mut offer = |draft: &mut Draft, other: u64, id: &'static str, why: String| {
        let differs = |one: &u64| one.abs_diff(other) as f64 > APART * (*one).max(other) as f64;
        if seen.iter().all(differs) {
            seen.push(other);
            draft.wrong(told(other), id, why);
        }
    };
    let failed: u64 = stretches.iter().filter(|it| it.fails).map(|it| it.requests).sum();
    offer(
        &mut draft,
        failed * retries,
        "count-is-a-budget",
        format!(
            "{retries} retries are the limit of one request. The budget denies most of them when all requests fail."
        ),
    );
    offer(
        &mut draft,
        setting.run(&stretches, Belief::PerRetry),
        "ratio-is-per-retry",
        format!(
            "The budget is one for all retries: {ratio} % of the requests, not {ratio} % for each of the {retries}."
        ),
    );
    offer(
        &mut draft,
        setting.run(&stretches, Belief::HoldsBack),
        "budget-holds-requests-back",
        "An empty budget denies retries and no requests. Each request is still sent, and adds its part of a retry.".to_owned(),
    );
    offer(
        &mut draft,
        setting.run(&stretches, Belief::CountsRetries),
        "count-what-was-sent",
        "Only requests add to the budget. A retry that is sent takes from it and adds nothing.".to_owned(),
    );
    Some(draft)
}

fn told(retries: u64) -> String {
    format!("{retries} retries")
}

fn because(setting: Setting, stretches: &[Stretch], right: u64) -> String {
    let Setting { ratio, burst, .. } = setting;
    if let [first, well, last] = stretches {
        let one = setting.run(std::slice::from_ref(first), Belief::Truth);
        return format!(
            "The first outage takes the {burst} that were saved and {ratio} % of {} requests: {one} retries. Then {} good \
             requests save up {ratio} % of a retry each, at most {burst}, and the second outage takes these and {ratio} % of \
             {}: {} retries. In all {right}.",
            first.requests,
            well.requests,
            last.requests,
            right - one
        );
    }
    let requests = stretches.first().map_or(0, |it| it.requests);
    format!(
        "The {burst} that were saved go out first, within a few requests. After that a retry goes out whenever a whole one \
         has been added: {ratio} % of {requests} requests. Together {right}."
    )
}
