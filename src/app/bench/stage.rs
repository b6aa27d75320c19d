//! The cursor on the stage: it goes from part to part, line by line, as they stand there.

use super::focus::moved;
use crate::app::keymap::Command;
use crate::labs::scene::{Part, PartId, Place, Scene};

/// The part under the cursor, and its place for when it is gone.
#[derive(Clone, Default, Debug)]
pub struct Cursor {
    part: Option<PartId>,
    line: usize,
    column: usize,
}

impl Cursor {
    /// The part under the cursor: the one that was chosen, or what stands in its place; none if the stage has no parts.
    pub fn part<'a>(&self, scene: &'a Scene) -> Option<&'a Part> {
        let lines = scene.lines(Place::Stage);
        let (line, column) = self.place(&lines)?;
        lines.get(line)?.get(column).copied()
    }

    fn place(&self, lines: &[Vec<&Part>]) -> Option<(usize, usize)> {
        let found = self.part.as_ref().and_then(|id| {
            let at = |line: &Vec<&Part>| line.iter().position(|part| part.id == *id);
            lines.iter().enumerate().find_map(|(number, line)| Some((number, at(line)?)))
        });
        found.or_else(|| {
            let line = self.line.min(lines.len().checked_sub(1)?);
            Some((line, self.column.min(lines.get(line)?.len() - 1)))
        })
    }

    /// Moves on: along the line and over its end, or to another line.
    pub fn go(&mut self, command: Command, scene: &Scene) {
        let lines = scene.lines(Place::Stage);
        let Some((line, column)) = self.place(&lines) else { return };
        let before: usize = lines.iter().take(line).map(Vec::len).sum();
        let last = lines.iter().map(Vec::len).sum::<usize>() - 1;
        let in_order = match command {
            Command::Left => Some((before + column).saturating_sub(1)),
            Command::Right => Some((before + column + 1).min(last)),
            Command::First => Some(0),
            Command::Last => Some(last),
            _ => None,
        };
        if let Some(mut at) = in_order {
            self.line = 0;
            while let Some(length) = lines.get(self.line).map(Vec::len).filter(|length| at >= *length) {
                at -= length;
                self.line += 1;
            }
            self.column = at;
        } else {
            // Up and down keep the column that they began with.
            if self.part.is_none() || self.line != line {
                self.column = column;
            }
            self.line = moved(line, lines.len() - 1, command);
        }
        self.part = lines
            .get(self.line)
            .and_then(|line| line.get(self.column.min(line.len() - 1)))
            .map(|part| part.id.clone());
    }
}
