//! What is left for the last call of a chain: a deadline that travels, and timeouts that know nothing of each other.

use super::super::Template;
use super::super::dice::Dice;
use super::super::draft::Draft;
use super::seconds;
use crate::engine::time::{Span, Time};
use crate::patterns::deadline::Deadline;

pub(in crate::labs::questions) static TEMPLATE: Template = Template {
    name: "deadline-left",
    rev: 1,
    title: "what is left for the last call",
    skill: "compute",
    concepts: &["deadline-propagation", "deadline", "chain-of-timeouts"],
    draw,
};

const SERVICES: [[&str; 4]; 3] =
    [["A", "B", "C", "D"], ["web", "orders", "stock", "storage"], ["edge", "search", "index", "shard"]];

/// A service that works and then calls the next one.
#[derive(Clone, Copy, Debug)]
struct Hop {
    name: &'static str,
    works: Span,
    /// Its own timeout for the call that it makes then.
    own: Span,
}

/// The limits of the calls as they are made, each as the time that it ends, and when the last one is made. With
/// `carried` each call gets the deadline of the one before.
fn run(hops: &[Hop], whole: Span, carried: bool) -> (Deadline, Time) {
    let user = Deadline::after(Time::ZERO, whole);
    hops.iter().fold((user, Time::ZERO), |(limit, now), hop| {
        let now = now + hop.works;
        let inherited = if carried { limit } else { Deadline::NONE };
        (inherited.for_call(now, Some(hop.own), Span::ZERO), now)
    })
}

fn draw(dice: &mut Dice) -> Option<Draft> {
    let names = dice.one_of(&SERVICES, SERVICES[0]);
    let many = usize::try_from(dice.between(2, 3)).unwrap_or(2);
    let tenths = |n: u64| Span::from_millis(100 * n);
    let hops: Vec<Hop> = names
        .into_iter()
        .take(many)
        .map(|name| Hop { name, works: tenths(dice.between(2, 20)), own: tenths(5 * dice.between(2, 10)) })
        .collect();
    let callee = names.get(many).copied()?;
    let whole = tenths(5 * dice.between(4, 14));
    let worked = hops.iter().fold(Span::ZERO, |sum, hop| sum + hop.works);
    // The last call is made, by somebody whom everybody above still waits for.
    let mut now = Time::ZERO;
    let mut ends = vec![Time::ZERO + whole];
    for hop in &hops {
        now += hop.works;
        ends.push(now + hop.own);
    }
    if ends.iter().take(many).any(|end| *end <= now) {
        return None;
    }
    if dice.chance(50) { carried(&hops, callee, whole, worked) } else { fixed(&hops, callee, whole, worked) }
}

/// The lines about the services.
fn lines(hops: &[Hop], callee: &str) -> Vec<String> {
    let next = hops.iter().skip(1).map(|hop| hop.name).chain([callee]);
    hops.iter()
        .zip(next)
        .map(|(hop, next)| {
            format!(
                "{:<7} works {:>5}, calls {next}, own limit {}",
                hop.name,
                seconds(hop.works),
                seconds(hop.own)
            )
        })
        .collect()
}

/// The deadline travels with the calls.
fn carried(hops: &[Hop], callee: &str, whole: Span, worked: Span) -> Option<Draft> {
    let last = *hops.last()?;
    let (limit, now) = run(hops, whole, true);
    let right = limit.remaining(now)?;
    let left = whole.saturating_sub(worked);
    let mut draft = Draft::new(
        2,
        seconds(right),
        format!(
            "The call is made {} after the user's request. A deadline is one point in time, so {} of the {} are left, unless a \
             limit on the way is sooner. The soonest limit leaves {}.",
            seconds(worked),
            seconds(left),
            seconds(whole),
            seconds(right)
        ),
    );
    draft.text(format!(
        "A user's request comes to {} with a deadline of {}. Each service works, then calls the next one: with its own limit \
         for that call, or what is left of the deadline that it got itself, whichever is sooner. The deadline goes with the \
         call; messages take no time.",
        hops.first()?.name,
        seconds(whole)
    ));
    draft.lines(lines(hops, callee));
    draft.text(format!("How long may {callee} take, when {} calls it?", last.name));
    let after = format!("{} are over when {callee} is called", seconds(worked));
    draft.wrong(
        seconds(last.own),
        "deadline-is-timeout",
        format!(
            "The own limit of {} is not the only one: {after}, and the deadline that it got is sooner.",
            last.name
        ),
    );
    draft.wrong(
        seconds(whole),
        "each-hop-full-budget",
        format!("{} was the time at the start. {after}.", seconds(whole)),
    );
    draft.wrong(
        seconds(whole.saturating_sub(last.works)),
        "each-hop-full-budget",
        format!(
            "That takes off only what {} used. The services before it used the same deadline.",
            last.name
        ),
    );
    // Either its own limit is the soonest, or one that it got from a service on the way.
    let (id, why) = if right == last.own {
        (
            "deadline-is-timeout",
            format!(
                "A deadline does not replace the limit that {} has of its own, which ends sooner.",
                last.name
            ),
        )
    } else {
        (
            "longer-inside-is-harmless",
            "A service on the way waits less long than the user. After that nobody takes the answer."
                .to_owned(),
        )
    };
    draft.wrong(seconds(left), id, why);
    Some(draft)
}

/// Nothing travels.
fn fixed(hops: &[Hop], callee: &str, whole: Span, worked: Span) -> Option<Draft> {
    let last = *hops.last()?;
    let (limit, now) = run(hops, whole, false);
    // Everybody above must have gone while the last one still waits.
    let user = Time::ZERO + whole;
    if limit.time() <= user {
        return None;
    }
    let right = limit.time().since(user);
    let waits = limit.remaining(now)?;
    let mut draft = Draft::new(
        3,
        told(right),
        format!(
            "{} calls {callee} {} after the request and waits {}, until {}. The user has left at {}, and nothing tells the \
             services: that is {} for nobody.",
            last.name,
            seconds(worked),
            seconds(waits),
            seconds(Span::from_nanos(limit.time().nanos())),
            seconds(whole),
            seconds(right)
        ),
    );
    draft.text(format!(
        "A user sends a request to {} and gives up after {}. Each service works, then calls the next one over HTTP and waits \
         for its own limit. No deadline goes with the calls; messages take no time.",
        hops.first()?.name,
        seconds(whole)
    ));
    draft.lines(lines(hops, callee));
    draft.text(format!(
        "{callee} hangs. For how long does {} go on waiting for it after the user has given up?",
        last.name
    ));
    draft.wrong(
        "Not at all",
        "outer-timeout-stops-inner",
        format!(
            "{} does not hear that the user has given up. It waits for its {}, as configured.",
            last.name,
            seconds(last.own)
        ),
    );
    let from_start = last.own.saturating_sub(whole);
    if from_start > Span::ZERO {
        draft.wrong(
            told(from_start),
            "deadline-is-timeout",
            format!(
                "A timeout begins with its call, and this call is made {} after the request.",
                seconds(worked)
            ),
        );
    }
    let own_work = (last.works + last.own).saturating_sub(whole);
    if own_work > Span::ZERO {
        draft.wrong(
            told(own_work),
            "each-hop-full-budget",
            format!(
                "The services before {} worked, too: the last call is made {} after the request.",
                last.name,
                seconds(worked)
            ),
        );
    }
    draft.wrong(
        told(last.own),
        "deadline-is-timeout",
        format!(
            "The limit of {} began with its call, while the user still waited, not when the user gave up.",
            last.name
        ),
    );
    Some(draft)
}

fn told(span: Span) -> String {
    format!("For {}", seconds(span))
}
