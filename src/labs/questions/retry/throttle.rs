//! Which failures gRPC's retry throttling lets be retried.

use super::super::Template;
use super::super::dice::Dice;
use super::super::draft::Draft;
use crate::engine::random::Random;
use crate::patterns::retry::grpc::{Call, Pushback, RetryPolicy, Throttle};

pub(in crate::labs::questions) static TEMPLATE: Template = Template {
    name: "grpc-throttle",
    rev: 1,
    title: "how many of these failures are retried",
    skill: "compute",
    concepts: &["client-throttle"],
    draw,
};

/// A wrong idea of the throttle, in thousandths of a token.
#[derive(Clone, Copy, Debug)]
enum Belief {
    /// At least half will do.
    HalfWillDo,
    /// Anything above zero will do.
    UntilEmpty,
    /// A success gives back a whole token.
    WholeToken,
}

/// Whether each failure is retried, with the tokens after each result.
fn truth(max: u32, ratio: f64, good: &[bool]) -> Vec<(Option<bool>, f64)> {
    let mut throttle = Throttle::new(max, ratio);
    let draw = Random::new(1).stream("throttle").draw(0, 0);
    let results = good.iter().map(|good| {
        let retried = if *good {
            throttle.on_success();
            None
        } else {
            let mut call = Call::default();
            Some(
                call.on_failure(&RetryPolicy::default(), Some(&mut throttle), Pushback::None, draw).is_some(),
            )
        };
        (retried, throttle.tokens())
    });
    results.collect()
}

/// How many failures are retried to somebody who thinks so.
fn believed(max: u32, ratio: f64, good: &[bool], belief: Belief) -> usize {
    let max = f64::from(max);
    let mut tokens = max;
    let back = if matches!(belief, Belief::WholeToken) { 1.0 } else { ratio };
    let retried = good.iter().filter(|good| {
        tokens = if **good { (tokens + back).min(max) } else { (tokens - 1.0).max(0.0) };
        !**good
            && match belief {
                Belief::HalfWillDo => tokens > max / 2.0 - 1e-9,
                Belief::UntilEmpty => tokens > 1e-9,
                Belief::WholeToken => tokens > max / 2.0 + 1e-9,
            }
    });
    retried.count()
}

fn draw(dice: &mut Dice) -> Option<Draft> {
    let level = dice.one_of(&[2, 3], 2);
    let max = 2 * dice.count(2, if level == 2 { 4 } else { 5 });
    let (ratio, told) =
        dice.one_of(&[(0.1, "0.1"), (0.2, "0.2"), (0.25, "0.25"), (0.5, "0.5")], (0.5, "0.5"));
    let good_of_100 = dice.between(25, 55);
    let good: Vec<bool> = (0..if level == 2 { 9 } else { 12 }).map(|_| dice.chance(good_of_100)).collect();
    let seen = truth(max, ratio, &good);
    let failed = seen.iter().filter(|(retried, _)| retried.is_some()).count();
    let retried = seen.iter().filter(|(retried, _)| *retried == Some(true)).count();
    let half = max / 2;
    let denied = seen.iter().position(|(retried, _)| *retried == Some(false))?;
    let at_half = seen
        .iter()
        .any(|(retried, tokens)| *retried == Some(false) && (tokens - f64::from(half)).abs() < 1e-9);
    let edge = if at_half { format!(" Exactly {half} is not more than half.") } else { String::new() };
    let tokens: Vec<String> = seen.iter().map(|(_, tokens)| short(*tokens)).collect();
    let mut draft = Draft::new(
        level,
        answer(retried, failed),
        format!(
            "The failure is counted first, and then more than {half} of the {max} tokens must be left. The tokens after each \
             result: {}. The first failure that is not retried is number {}, with {} left.{edge}",
            tokens.join(", "),
            denied + 1,
            tokens.get(denied).map_or("0", String::as_str)
        ),
    );
    draft.text(format!(
        "A gRPC client with a `retryPolicy` and `retryThrottling`: `maxTokens` {max}, `tokenRatio` {told}. It has all its \
         tokens. These are the results of its attempts to one server name, retries included, in the order in which they \
         came: ok is a success, F a failure with a retryable code, of a call that has attempts left."
    ));
    let row = |name: &str, cells: Vec<String>| {
        cells.iter().fold(format!("{name:<6}"), |row, cell| row + &format!("{cell:>4}"))
    };
    draft.lines(vec![
        row("result", (1..=good.len()).map(|n| n.to_string()).collect()),
        row("is", good.iter().map(|good| if *good { "ok" } else { "F" }.to_owned()).collect()),
    ]);
    draft.text(format!("After how many of the {failed} failures does the client make a retry?"));
    let mut offer = |belief: Belief, id: &'static str, why: String| {
        draft.wrong(answer(believed(max, ratio, &good, belief), failed), id, why);
    };
    offer(
        Belief::HalfWillDo,
        "half-is-enough",
        format!(
            "Strictly more than half must be left after the failure is counted: {half} of {max} tokens stop retries."
        ),
    );
    offer(
        Belief::UntilEmpty,
        "bucket-must-be-empty",
        format!("Retries stop at half of the tokens already: at {half} of {max}, long before none is left."),
    );
    offer(
        Belief::WholeToken,
        "success-gives-a-token",
        format!("A failure takes a whole token, and a success gives back `tokenRatio`, {told} of one."),
    );
    Some(draft)
}

fn answer(retried: usize, failed: usize) -> String {
    match retried {
        0 => format!("None of the {failed}"),
        all if all == failed => format!("All {failed}"),
        some => format!("{some} of the {failed}"),
    }
}

/// Tokens, as exact as they are.
fn short(tokens: f64) -> String {
    let text = format!("{tokens:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
