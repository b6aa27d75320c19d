//! How many calls reach the bottom of a stack whose layers all retry.

use super::super::dice::Dice;
use super::super::draft::Draft;
use super::super::{See, Template};
use crate::patterns::amplification::{Failing, bottom_calls, expected_attempts, worst_case};

pub(in crate::labs::questions) static TEMPLATE: Template = Template {
    name: "retry-layers",
    rev: 1,
    title: "how many calls reach the bottom",
    skill: "compute",
    concepts: &["layered-retries", "retry-load"],
    draw,
};

/// The layers from the top, and the server at the bottom.
const STACKS: [([&str; 4], &str); 3] = [
    (["gateway", "orders", "stock", "storage"], "the database"),
    (["web", "checkout", "billing", "ledger"], "the bank"),
    (["mobile app", "edge", "profile", "cache"], "the store"),
];

/// Two numbers nearer than this share of the larger one are not told apart.
const APART: f64 = 0.1;
/// More calls than that are not asked for.
const MOST: u64 = 1500;

/// One layer and its setting.
#[derive(Clone, Copy, Debug)]
struct Layer {
    name: &'static str,
    /// The number in its settings.
    number: u32,
    /// Whether that counts the first call too.
    counts_first: bool,
}

impl Layer {
    fn retries(self) -> u32 {
        if self.counts_first { self.number - 1 } else { self.number }
    }

    fn told(self) -> String {
        let word = match (self.counts_first, self.number) {
            (true, _) => "attempts in all",
            (false, 1) => "retry",
            (false, _) => "retries",
        };
        format!("{:<12}{} {word}", self.name, self.number)
    }
}

fn draw(dice: &mut Dice) -> Option<Draft> {
    if dice.chance(25) { Some(sometimes(dice)) } else { always(dice) }
}

/// Everything fails.
fn always(dice: &mut Dice) -> Option<Draft> {
    let (names, bottom) = dice.one_of(&STACKS, STACKS[0]);
    let layers: Vec<Layer> = names
        .into_iter()
        .take(usize::try_from(dice.between(2, 4)).unwrap_or(2))
        .map(|name| {
            let counts_first = dice.chance(35);
            let number = dice.count(if counts_first { 2 } else { 1 }, 4);
            Layer { name, number, counts_first }
        })
        .collect();
    let users = dice.between(1, 9);
    let each = |attempts: &dyn Fn(Layer) -> u32| {
        users * layers.iter().map(|layer| worst_case(1, attempts(*layer).saturating_sub(1))).product::<u64>()
    };
    let attempts: Vec<u64> = layers.iter().map(|layer| worst_case(1, layer.retries())).collect();
    let right = each(&|layer| layer.retries() + 1);
    // Nobody reckons further without paper.
    if right > MOST {
        return None;
    }
    let factors = attempts.iter().map(u64::to_string).collect::<Vec<_>>().join(" x ");
    let mixed = layers.iter().any(|layer| layer.counts_first);
    let level = if mixed || users > 1 { 2 } else { 1 };
    let of_users = if users > 1 { format!(", and {users} requests are {right}") } else { String::new() };
    let once = right / users;
    let mut draft = Draft::new(
        level,
        told(right),
        format!(
            "The attempts of the layers, first calls included, multiply: {factors} = {once} calls of one request{of_users}."
        ),
    );
    let s = if users == 1 { "One request of a user goes" } else { "Requests of users go" };
    draft.text(format!(
        "{s} down this stack; {bottom} is at its end. Each layer calls the one below it, and the last one {bottom}."
    ));
    draft.lines(layers.iter().map(|layer| layer.told()).collect());
    let how_many = if users == 1 { "this one request".to_owned() } else { format!("{users} requests") };
    draft.text(format!(
        "Every call to {bottom} fails at once, and each layer repeats every failure as often as it may. How many calls does \
         {bottom} get for {how_many}?"
    ));
    draft.wrong(
        told(each(&|layer| layer.number)),
        "attempts-are-retries",
        "A retry comes after the first call: a layer with 2 retries makes 3 attempts.",
    );
    draft.wrong(
        told(each(&|layer| layer.number + 1)),
        "attempts-are-retries",
        "\"Attempts in all\" counts the first call: of 3 attempts 2 are retries.",
    );
    let sum: u64 = attempts.iter().sum();
    let why =
        format!("Each attempt of a layer sets off all attempts of the layer below: {factors}, not the sum.");
    draft.wrong(told(users * sum), "retries-add-up", why.clone());
    let retries: u64 = layers.iter().map(|layer| u64::from(layer.retries())).sum();
    draft.wrong(told(users * (1 + retries)), "retries-add-up", why);
    let same = layers.iter().all(|layer| layer.retries() == layers[0].retries());
    if same {
        draft.see(see(layers.len(), layers[0].retries(), "100%"));
    }
    Some(draft)
}

/// The bottom fails now and then.
fn sometimes(dice: &mut Dice) -> Draft {
    let (names, bottom) = dice.one_of(&STACKS, STACKS[0]);
    let layers = dice.count(2, 4);
    let retries = dice.count(1, 4);
    let percent = 5 * dice.between(2, 16);
    let users = 100 * dice.between(1, 20);
    let failure = percent as f64 / 100.0;
    let many = users as f64;
    let real = many * bottom_calls(layers, retries, failure, Failing::BottomOnly);
    let path: Vec<&str> = names.into_iter().take(usize::try_from(layers).unwrap_or(2)).collect();
    let mut draft = Draft::new(
        3,
        about(real),
        format!(
            "Only a failure is repeated, and the first success ends the attempts of all layers. So a call to {bottom} is \
             followed by another one in {percent} % of the cases: 1 + p + p^2 + ..., up to {} calls, which comes to {:.2} \
             a request.",
            worst_case(layers, retries),
            real / many
        ),
    );
    let plural = if retries == 1 { "retry" } else { "retries" };
    draft.text(format!(
        "{users} requests go down this stack: {}, and {bottom} at its end. Each layer makes up to {retries} {plural} after a \
         call that failed, at once. Each call to {bottom} fails with probability {percent} %, independently of all others; the \
         layers themselves never fail.",
        path.join(", ")
    ));
    draft.text(format!("How many calls does {bottom} get, about?"));
    let mut seen = vec![real];
    let mut offer = |draft: &mut Draft, other: f64, id: &'static str, why: &str| {
        if seen.iter().all(|one| (one - other).abs() > APART * one.max(other)) {
            seen.push(other);
            draft.wrong(about(other), id, why);
        }
    };
    let one = expected_attempts(retries + 1, failure);
    offer(
        &mut draft,
        many * worst_case(layers, retries) as f64,
        "product-at-any-failure",
        "The full product is reached only if every one of these calls fails. The first success ends the attempts.",
    );
    offer(
        &mut draft,
        many * libm::pow(one, f64::from(layers)),
        "product-at-any-failure",
        "The upper layers see far fewer failures: only when all attempts of the layer below have failed.",
    );
    offer(
        &mut draft,
        many * (1.0 + failure),
        "a-retry-never-fails",
        "A retry fails with the same probability as the first call, and is repeated then.",
    );
    offer(
        &mut draft,
        many * (f64::from(retries) + 1.0),
        "worst-case-is-usual",
        "A request makes all its attempts only if all of them fail. Most calls that succeed need no other.",
    );
    offer(
        &mut draft,
        many * (1.0 + f64::from(layers * retries)),
        "retries-add-up",
        "Retries are made only after failures; and where all fail, layers multiply and do not add.",
    );
    draft.see(see(path.len(), retries, &format!("{percent}%")));
    draft
}

fn told(calls: u64) -> String {
    format!("{calls} calls")
}

fn about(calls: f64) -> String {
    format!("About {:.0} calls", (calls / 10.0).round() * 10.0)
}

fn see(layers: usize, retries: u32, share: &str) -> See {
    See {
        lab: "retry-storm",
        preset: "layers",
        set: vec![("tiers", layers.to_string()), ("retries", retries.to_string())],
        at: vec![format!("5s error server {share}")],
        seed: 1,
        from: 4,
    }
}
