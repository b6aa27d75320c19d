//! Which of three breakers opens first.

use super::Template;
use super::believer::Flaw;
use super::calls::{Fate, LIMIT, Seen, believed, listed, opened, parted, truth};
use super::dice::Dice;
use super::draft::Draft;
use super::words;
use crate::engine::time::Span;
use crate::patterns::breaker::resilience4j::{Config, OpenWait, WindowKind};

pub(super) static TEMPLATE: Template = Template {
    name: "breaker-first-open",
    rev: 1,
    title: "which of three breakers opens first",
    skill: "compare",
    concepts: &["sliding-window", "minimum-calls", "slow-calls"],
    draw,
};

const NAMES: [&str; 3] = ["A", "B", "C"];

const FLAWS: [Flaw; 9] = [
    Flaw::BelowMinimum,
    Flaw::Strict,
    Flaw::SlowIsSuccess,
    Flaw::NeverForgets,
    Flaw::OverWindowSize,
    Flaw::MustFill,
    Flaw::OnlyFailures,
    Flaw::CountMinimumStays,
    Flaw::TimeMinimumCapped,
];

fn config(dice: &mut Dice, timed: bool) -> Config {
    let size = dice.count(4, 8);
    Config {
        window: if timed { WindowKind::Seconds(dice.count(4, 8)) } else { WindowKind::Count(size) },
        minimum_calls: if !timed && dice.chance(15) { size + dice.count(2, 6) } else { dice.count(3, size) },
        failure_threshold: dice.one_of(&[40.0, 50.0, 60.0, 75.0], 50.0),
        slow_threshold: dice.one_of(&[40.0, 50.0, 60.0, 75.0], 50.0),
        slow_duration: LIMIT,
        open_wait: OpenWait::Constant(Span::from_secs(60)),
        ..Config::default()
    }
}

fn draw(dice: &mut Dice) -> Option<Draft> {
    let level = dice.one_of(&[2, 3], 2);
    let timed = |dice: &mut Dice| level == 3 && dice.chance(40);
    let configs: [Config; 3] = std::array::from_fn(|_| {
        let timed = timed(dice);
        config(dice, timed)
    });
    let (failed, slow) = (dice.between(20, 40), dice.between(15, 35));
    let calls = listed(dice, 12, failed, slow, if level == 3 { 2 } else { 1 });
    let seen: Vec<Vec<Seen>> = configs.iter().map(|config| truth(config, &calls)).collect();
    let fates: Vec<Vec<Fate>> = seen.iter().map(|seen| seen.iter().map(|it| it.fate).collect()).collect();
    let right = first(&fates)?;
    if right.1.is_some_and(|call| call < 4) {
        return None;
    }
    let mut draft = Draft::new(level, answer(right), because(right, &seen));
    draft.text(format!(
        "Three new Resilience4j breakers see the same calls with the same results ({}). A call is slow above 500 ms.",
        words::legend(&calls)
    ));
    let mut lines = vec!["   window          minimum  failure rate  slow rate".to_owned()];
    lines.extend(NAMES.iter().zip(&configs).map(|(name, config)| row(name, config)));
    lines.extend(words::list(&calls, level == 3, ("gives", &words::marks(&calls))));
    draft.lines(lines);
    draft.text("Which one opens first?");
    for flaw in FLAWS {
        let others: Vec<Vec<Fate>> = configs
            .iter()
            .map(|config| believed(config, Some(flaw).filter(|flaw| flaw.applies(config)), &calls))
            .collect();
        let Some(other) = first(&others) else { continue };
        // The reason is told of the breaker about which the two differ: that of the right answer, or that of the other.
        let about = [right.0, other.0].into_iter().flatten().find_map(|at| {
            let (config, seen, others) = (configs.get(at)?, seen.get(at)?, others.get(at)?);
            let parted = parted(seen, others)?;
            Some(format!("{}: {}", NAMES.get(at)?, words::refuted(flaw, config, seen, others, parted)))
        });
        if let Some(why) = about {
            draft.wrong(answer(other), flaw.id(), why);
        }
    }
    Some(draft)
}

/// The breaker that opens first and the call at which it does so; none where two do so together.
fn first(fates: &[Vec<Fate>]) -> Option<(Option<usize>, Option<usize>)> {
    let calls: Vec<Option<usize>> = fates.iter().map(|fates| opened(fates.iter().copied())).collect();
    let Some(earliest) = calls.iter().flatten().min().copied() else { return Some((None, None)) };
    let mut which = calls.iter().enumerate().filter(|(_, call)| **call == Some(earliest)).map(|(at, _)| at);
    let (one, another) = (which.next(), which.next());
    another.is_none().then_some((one, Some(earliest)))
}

fn answer((which, call): (Option<usize>, Option<usize>)) -> String {
    match (which.and_then(|at| NAMES.get(at)), call) {
        (Some(name), Some(call)) => format!("{name}, at call {call}"),
        _ => "None of them opens".to_owned(),
    }
}

fn row(name: &str, config: &Config) -> String {
    let window = match config.window {
        WindowKind::Count(size) => format!("last {size} calls"),
        WindowKind::Seconds(seconds) => format!("last {seconds} seconds"),
    };
    let (failure, slow) = (format!("{} %", config.failure_threshold), format!("{} %", config.slow_threshold));
    format!("{name}  {window:<16}{:>7}{failure:>14}{slow:>11}", config.minimum_calls)
}

/// When each of them opens.
fn because(right: (Option<usize>, Option<usize>), seen: &[Vec<Seen>]) -> String {
    let why = |at: usize| {
        let mut seen = seen.get(at)?.iter().enumerate();
        seen.find_map(|(at, it)| Some(words::opening(at + 1, it.why?)))
    };
    let others =
        NAMES.iter().zip(seen).enumerate().filter(|(at, _)| Some(*at) != right.0).map(|(_, (name, seen))| {
            match opened(seen.iter().map(|it| it.fate)) {
                Some(call) => format!("{name} opens at call {call}"),
                None => format!("{name} stays CLOSED"),
            }
        });
    let others = others.collect::<Vec<_>>().join(", ");
    match right.0.and_then(|at| Some((NAMES.get(at)?, why(at)?))) {
        Some((name, why)) => format!("{name}: {why} {others}."),
        None => format!("No result meets both a minimum and a threshold: {others}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::questions::calls::{Answer, Call};

    #[test]
    fn two_that_open_together_are_no_answer() {
        let calls: Vec<Call> = (0..6).map(|second| Call { second, answer: Answer::Failed }).collect();
        let config = Config { window: WindowKind::Count(4), ..Config::default() };
        let same = believed(&config, None, &calls);
        let later = believed(&Config { window: WindowKind::Count(5), ..config }, None, &calls);
        assert_eq!(first(&[same.clone(), same.clone(), later.clone()]), None);
        assert_eq!(first(&[later, same]), Some((Some(1), Some(4))));
    }
}
