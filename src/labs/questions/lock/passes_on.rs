//! When the next client gets the lock, after its holder has crashed, stopped, hung or finished.

use super::super::Template;
use super::super::dice::Dice;
use super::super::draft::Draft;
use crate::engine::random::Random;
use crate::engine::time::{Span, Time};
use crate::patterns::lock::redis::{Command, Key, Lock, Output, Persistence, Redis, Reply, Settings, Step};

pub(in crate::labs::questions) static TEMPLATE: Template = Template {
    name: "lock-passes-on",
    rev: 1,
    title: "when the next client gets the lock",
    skill: "compute",
    concepts: &["lock-ttl", "lock-renewal"],
    draw,
};

/// How long is looked, in milliseconds.
const LOOKED: u64 = 60_000;
const KEY: Key = Key(0);

/// What becomes of the holder.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum End {
    Crashes,
    /// Stands still, and releases at this moment.
    Pauses(u64),
    Releases,
    /// The thread hangs, and the timer of the client does not.
    Hangs,
}

/// A holder, and one who asks again and again. All in milliseconds.
#[derive(Clone, Copy, Debug)]
struct Case {
    ttl: u64,
    /// How long a message takes.
    way: u64,
    renew: Option<u64>,
    /// When the holder writes to the storage.
    writes: u64,
    /// When it ends.
    stop: u64,
    end: End,
    /// When the other first asks, and how often.
    asks: u64,
    every: u64,
}

/// What somebody takes for true who is wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Belief {
    FreedAtStop,
    FromCrash,
    FromLastSign,
    FromReply,
    NoRenewal,
    RenewalsAddUp,
    MissedRenewal,
    WorkWatched,
    HeldForTtl,
    HeldWhileAlive,
}

impl Case {
    fn draw(dice: &mut Dice, end: u64) -> Self {
        let ttl = 50 * dice.between(10, 24);
        let renew = (end == 3 || dice.chance(70)).then(|| 10 * dice.between(ttl / 40, ttl / 20));
        // From the last renewal to the end there is time for an answer.
        let last = renew.map_or(0, |renew| renew * dice.between(1, 2));
        let room = renew.unwrap_or(ttl / 2) / 10;
        let writes = last + 10 * dice.between(room / 3, room / 2);
        let stop = writes + 10 * dice.between(2, 5.max(room / 3));
        let end = match end {
            0 => End::Crashes,
            1 => End::Pauses(stop + 10 * dice.between(10, ttl / 5)),
            2 => End::Releases,
            _ => End::Hangs,
        };
        let every = 10 * dice.between(8, 16);
        // Never at the same moment as anything else.
        let asks = 10 * dice.between(3, 20) + 5;
        Self { ttl, way: 5 * dice.between(3, 6), renew, writes, stop, end, asks, every }
    }

    /// Until when renewals go out.
    fn renews_until(&self) -> u64 {
        if self.end == End::Hangs { LOOKED } else { self.stop }
    }

    fn renewals(&self) -> Vec<u64> {
        let Some(renew) = self.renew else { return Vec::new() };
        (1..=self.stop / renew).map(|number| number * renew).filter(|at| *at < self.stop).collect()
    }

    /// Runs both clients and the server: when the other sends what gets it the lock.
    fn run(&self, belief: Option<Belief>) -> Option<u64> {
        let is = |other| belief == Some(other);
        let luck = Random::new(0).stream("passes on");
        let way = Span::from_millis(self.way);
        let both = way + way;
        let lease = self.ttl + if is(Belief::FromReply) { 2 * self.way } else { 0 };
        let mut settings = Settings::with_ttl(Span::from_millis(lease));
        settings.ttl = settings.ttl.filter(|_| !is(Belief::HeldWhileAlive));
        settings.renew = self.renew.filter(|_| !is(Belief::NoRenewal)).map(Span::from_millis);
        let retry = Some(Span::from_millis(self.every.saturating_sub(2 * self.way)));
        let mut holder = Lock::new(settings);
        let mut other = Lock::new(Settings { renew: None, retry, ..settings });
        let mut redis = Redis::new(Persistence::Nothing, Time::ZERO);
        // What the holder does besides renewing, and what is done to its key for a belief.
        let mut acts = Vec::new();
        match self.end {
            End::Releases if !is(Belief::HeldForTtl) => acts.push((self.stop, Act::Release)),
            End::Pauses(until) => acts.push((until, Act::Release)),
            _ => {}
        }
        match belief {
            Some(Belief::FreedAtStop) => acts.push((self.stop, Act::Free)),
            Some(Belief::FromCrash) => acts.push((self.stop, Act::Extend)),
            Some(Belief::FromLastSign) => acts.push((self.writes, Act::Extend)),
            Some(Belief::MissedRenewal) => {
                let missed = self.renew.map(|renew| self.stop.div_ceil(renew) * renew);
                acts.extend(missed.map(|at| (at, Act::Free)));
            }
            _ => {}
        }
        acts.sort_by_key(|act| act.0);
        acts.reverse();
        let renews_until = if is(Belief::WorkWatched) { self.stop } else { self.renews_until() };
        let mut out = Output::default();
        if let Step::Send(call) = holder.acquire(Time::ZERO, luck.draw(0, 0)) {
            let reply = redis.execute(Time::ZERO + way, &call.command, &mut out);
            holder.answer(Time::ZERO + both, call.ask, reply);
        }
        let mut asks = Time::from_millis(self.asks);
        let mut first = true;
        while asks < Time::from_millis(LOOKED) {
            let act = acts.last().map_or(Time::NEVER, |act| Time::from_millis(act.0));
            let timer = Some(holder.next_timer()).filter(|at| *at < Time::from_millis(renews_until));
            let timer = timer.unwrap_or(Time::NEVER);
            let now = asks.min(act).min(timer);
            if now == act {
                let Some((_, act)) = acts.pop() else { continue };
                let command = match (act, holder.value()) {
                    (Act::Free, _) => Command::Delete(KEY),
                    (Act::Extend, Some(value)) => {
                        Command::CompareAndExpire(KEY, value, Span::from_millis(self.ttl))
                    }
                    (Act::Extend, None) => continue,
                    (Act::Release, _) => match holder.release() {
                        Step::Send(call) => call.command,
                        _ => continue,
                    },
                };
                redis.execute(now + way, &command, &mut out);
            } else if now == timer {
                let Step::Send(call) = holder.tick(now) else { continue };
                let mut command = call.command;
                if let (true, Command::CompareAndExpire(key, value, ttl)) =
                    (is(Belief::RenewalsAddUp), command)
                {
                    let left = redis.execute(now + way, &Command::TimeLeft(key), &mut out);
                    let left = if let Reply::Integer(left) = left { u64::try_from(left).ok()? } else { 0 };
                    command = Command::CompareAndExpire(key, value, ttl + Span::from_millis(left));
                }
                let reply = redis.execute(now + way, &command, &mut out);
                holder.answer(now + both, call.ask, reply);
            } else {
                let step = if first { other.acquire(now, luck.draw(1, 0)) } else { other.tick(now) };
                first = false;
                let Step::Send(call) = step else { return None };
                let reply = redis.execute(now + way, &call.command, &mut out);
                if other.answer(now + both, call.ask, reply) == Step::Acquired {
                    return Some(now.since(Time::ZERO).millis());
                }
                asks = other.next_timer();
            }
        }
        None
    }

    fn lines(&self) -> Vec<String> {
        let ttl = self.ttl;
        let mut lines = vec![(0, format!("A sends SET NX PX {ttl}, and gets OK"))];
        lines.extend(self.renewals().into_iter().map(|at| (at, "A sends a renewal".to_owned())));
        lines.push((self.writes, "A writes to the storage".to_owned()));
        lines.push((
            self.stop,
            match self.end {
                End::Crashes => "A crashes".to_owned(),
                End::Pauses(until) => format!("A stands still until {until} ms, then releases"),
                End::Releases => "A is done and releases".to_owned(),
                End::Hangs => "A's working thread hangs for ever".to_owned(),
            },
        ));
        lines.into_iter().map(|(at, line)| format!("{at:>4} ms  {line}")).collect()
    }

    /// When the lock ends by its TTL, as seen from who sends.
    fn ends(&self) -> u64 {
        self.renewals().last().copied().unwrap_or(0) + self.ttl
    }

    /// Misconceptions, how they play, and why they are wrong.
    fn beliefs(&self) -> Vec<(Belief, &'static str, String)> {
        let Self { ttl, stop, writes, .. } = *self;
        let last = self.renewals().last().copied();
        let from = last.map_or("the SET at 0 ms".to_owned(), |at| format!("the renewal at {at} ms"));
        let mut all = vec![(
            Belief::FromReply,
            "lock-counts-from-reply",
            format!(
                "Redis counts from when it carries out the command, {} ms before the answer is there.",
                self.way
            ),
        )];
        if self.end != End::Hangs {
            all.push((
                Belief::FromLastSign,
                "lock-ttl-from-last-sign",
                format!("The write at {writes} ms goes to the storage. For Redis, {from} is what counts."),
            ));
        }
        if last.is_some() {
            let renewals = "A renewal sets the expiry to one TTL from then";
            all.push((
                Belief::NoRenewal,
                "lock-ttl-from-set-only",
                format!("{renewals}, so {ttl} ms after the SET is not the end any more."),
            ));
            all.push((
                Belief::RenewalsAddUp,
                "lock-renewal-moves-ends",
                format!("{renewals}. It adds nothing to what is left."),
            ));
        }
        let stays = "Redis does not notice that A is gone";
        match self.end {
            End::Crashes => {
                all.push((Belief::FreedAtStop, "lock-freed-at-crash", format!("{stays}: {ttl} ms from {from} have to pass.")));
                all.push((
                    Belief::FromCrash,
                    "lock-ttl-from-crash",
                    format!("The TTL has run since {from}, and the crash at {stop} ms changes nothing."),
                ));
                all.push((
                    Belief::HeldWhileAlive,
                    "lock-stays-without-release",
                    format!("No release comes, but the key ends by itself: {ttl} ms after {from}."),
                ));
            }
            End::Pauses(until) => {
                all.push((
                    Belief::HeldWhileAlive,
                    "lock-stays-without-release",
                    format!("The key ends by itself, {ttl} ms after {from}, with or without the release at {until} ms."),
                ));
            }
            End::Releases => all.push((
                Belief::HeldForTtl,
                "lock-ttl-is-hold-time",
                format!("The release deletes the key. The TTL only counts when no release comes, and A sends it at {stop} ms."),
            )),
            End::Hangs => {
                let why = "The timer of the client renews as long as the process lives, and knows nothing of the work.";
                all.push((Belief::WorkWatched, "lock-watchdog-watches-work", why.to_owned()));
                all.push((Belief::FreedAtStop, "lock-freed-at-crash", why.to_owned()));
            }
        }
        if last.is_some() && matches!(self.end, End::Crashes | End::Pauses(_)) {
            let why =
                format!("A renewal that does not come frees nothing: {ttl} ms from {from} have to pass.");
            all.push((Belief::MissedRenewal, "lock-missed-renewal-frees", why));
        }
        all
    }

    fn because(&self, right: Option<u64>) -> String {
        let Some(right) = right else {
            return format!(
                "The thread hangs, but the process lives, and its timer sends a renewal every {} ms. Each sets the expiry to {} ms \
                 from then, so the key never ends.",
                self.renew.unwrap_or(0),
                self.ttl
            );
        };
        let ends = self.ends();
        let released = match self.end {
            End::Releases => Some(self.stop),
            End::Pauses(until) => Some(until),
            End::Crashes | End::Hangs => None,
        };
        let end = released.filter(|at| *at < ends).map_or_else(
            || format!("The last command that set the expiry was sent at {} ms, and the key ends {} ms later: for a command sent from {ends} ms on it is free.", ends - self.ttl, self.ttl),
            |at| format!("The release, sent at {at} ms, deletes the key before its TTL is over: for a command sent after that it is free."),
        );
        format!("{end} B's next one is that of {right} ms.")
    }
}

/// What is done to the key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Act {
    Release,
    Free,
    Extend,
}

fn told(at: Option<u64>) -> String {
    at.map_or_else(|| "Not in 60 s".to_owned(), |at| format!("At {at} ms"))
}

fn draw(dice: &mut Dice) -> Option<Draft> {
    let end = dice.one_of(&[0, 0, 0, 1, 1, 1, 2, 2, 3], 0);
    // So many of the offered ones are later: the middle must not be the best guess.
    let later = if end == 3 { 0 } else { usize::try_from(dice.between(0, 3)).unwrap_or(0) };
    (0..40).find_map(|_| {
        let case = Case::draw(dice, end);
        question(&case, dice, later)
    })
}

fn question(case: &Case, dice: &mut Dice, later: usize) -> Option<Draft> {
    let right = case.run(None);
    let level = if case.renew.is_some() { 3 } else { 2 };
    let mut draft = Draft::new(level, told(right), case.because(right));
    let renews = case.renew.map_or("A does not renew.".to_owned(), |renew| {
        format!("A timer in A's process renews every {renew} ms.")
    });
    draft.text(format!(
        "A message to Redis takes {} ms, and so does an answer. {renews} It releases by a script that compares and deletes. B sends \
         SET NX at {} ms and again every {} ms. When does it send the one that gets the lock?",
        case.way, case.asks, case.every
    ));
    draft.lines(case.lines());
    let mut beliefs = case.beliefs();
    dice.shuffle(&mut beliefs);
    let mut room = [3 - later, later];
    let order = |at: Option<u64>| at.unwrap_or(u64::MAX);
    for (belief, id, why) in beliefs {
        let believed = case.run(Some(belief));
        let room = &mut room[usize::from(order(believed) > order(right))];
        if *room > 0 && !draft.offers(&told(believed)) {
            *room -= 1;
            draft.wrong(told(believed), id, why);
        }
    }
    draft.full()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The end of the TTL or the release, whichever is first, and then the next question.
    #[test]
    fn the_next_question_after_the_end_gets_it() {
        let (mut expired, mut released) = (0, 0);
        for seed in 1..=1000 {
            let case = Case::draw(&mut Dice::new("passes", seed, 0), seed % 4);
            let last = case.renew.map_or(0, |renew| (case.stop - 1) / renew * renew);
            let release = match case.end {
                End::Releases => case.stop,
                End::Pauses(until) => until,
                End::Crashes => u64::MAX,
                End::Hangs => {
                    assert_eq!(case.run(None), None, "{case:?}");
                    continue;
                }
            };
            let free = release.min(last + case.ttl);
            let next = case.asks + free.saturating_sub(case.asks).div_ceil(case.every) * case.every;
            assert_eq!(case.run(None), Some(next), "{case:?}");
            expired += u32::from(free < release);
            released += u32::from(free == release);
        }
        assert!(expired > 100 && released > 100, "{expired} {released}");
    }
}
