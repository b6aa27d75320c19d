//! Handing a run on: as a line, or as a file.

use std::path::Path;

use super::Bench;
use crate::labs::recording::{Recording, SHORT};
use crate::shell::cli::console::Console;
use crate::shell::cli::output::Failure;
use crate::shell::new_file;

impl Bench {
    /// Tells the run as one line of text, and how long that is.
    pub(super) fn share(&self, console: &mut Console) -> Result<(), Failure> {
        let line = Recording::of(self.lab()).line();
        let bytes = line.len();
        console.lines(&[line])?;
        match bytes {
            bytes @ ..=SHORT => console.say(&format!("That is {bytes} bytes.")),
            bytes => {
                console.say(&format!("That is {bytes} bytes, more than some chats take: save FILE saves it."))
            }
        }
    }

    /// Writes the run to a new file.
    pub(super) fn save(&self, name: &str, console: &mut Console) -> Result<(), Failure> {
        let recording = Recording::of(self.lab());
        if name.is_empty() {
            let usage =
                format!("save takes the name of a new file, such as: save {}.", recording.file_name());
            return Err(Failure::usage(usage));
        }
        if let Some(sentence) = recording.unreadable() {
            return Err(Failure::usage(sentence));
        }
        let text = recording.file(None, &[]);
        new_file::write(Path::new(name), &text).map_err(Failure::usage)?;
        console.say(&format!("Saved in {name}, {} bytes.", text.len()))
    }
}
