//! A world outside of time: acts are done to it one after the other, all at one instant. For searches through what may be
//! done to a world in which nothing happens by itself.

use super::queue::Queue;
use super::story::{Broken, Story};
use super::time::Time;
use super::world::{Context, World};

/// A world at an instant, without history.
#[derive(Clone, Debug)]
pub struct Still<W> {
    world: W,
    now: Time,
}

/// Why an act can't be done here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unable {
    /// The world refuses it, in a sentence.
    Refused(String),
    /// The world would go on by itself later, so it does not stand still.
    GoesOn,
}

impl<W: World> Still<W> {
    /// `world` at `now`, with nothing under way but what is in the world itself.
    pub const fn new(world: W, now: Time) -> Self {
        Self { world, now }
    }

    /// The world.
    pub const fn world(&self) -> &W {
        &self.world
    }

    /// The world, for taking out what it remembers but does not need.
    pub const fn world_mut(&mut self) -> &mut W {
        &mut self.world
    }

    /// Does `act` and lets happen what comes of it at once. Returns which invariants do not hold.
    pub fn act(&mut self, act: &W::Act) -> Result<Vec<Broken>, Unable> {
        let (mut queue, mut story) = (Queue::default(), Story::new());
        let mut context = Context::new(self.now, &mut queue, &mut story);
        self.world.act(act, &mut context).map_err(Unable::Refused)?;
        while let Some((at, tag, event)) = queue.pop_until(self.now) {
            self.world.handle(event, &mut Context::of_event(at, tag, &mut queue, &mut story));
        }
        if queue.next_time().is_some_and(|next| next != Time::NEVER) {
            Err(Unable::GoesOn)
        } else {
            Ok(story.broken)
        }
    }
}
