//! A session line by line: what is typed, or comes from a pipe, and what is said to it.

use std::io::{self, BufRead, BufWriter, IsTerminal, Read, Write};

use super::output::Failure;
use crate::course::plain::{WIDTH, hung, wrapped};
use crate::course::showable;
use crate::shell::journal::Cause;

/// The longest line that is taken in; the rest of it is dropped.
const LONGEST: u64 = 4096;

/// Standard input and output, by lines.
pub struct Console {
    input: Box<dyn BufRead>,
    out: Box<dyn Write>,
    echo: Echo,
}

/// Whether what is typed shows by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Echo {
    /// A terminal shows it.
    Terminal,
    /// It comes from a pipe, so that it has to be repeated for the answer to make sense.
    Repeat,
}

impl Console {
    /// On standard input and output.
    pub fn standard() -> Self {
        let echo = if io::stdin().is_terminal() { Echo::Terminal } else { Echo::Repeat };
        Self { input: Box::new(io::stdin().lock()), out: Box::new(BufWriter::new(io::stdout().lock())), echo }
    }

    /// Says a text, wrapped; each of its lines begins a line.
    pub fn say(&mut self, text: &str) -> Result<(), Failure> {
        self.lines(&wrapped(text, WIDTH))
    }

    /// Says a text behind a mark, under which its further lines stand indented.
    pub fn item(&mut self, mark: &str, text: &str) -> Result<(), Failure> {
        self.lines(&hung(wrapped(text, WIDTH.saturating_sub(mark.len())), mark))
    }

    /// Says each of these, wrapped.
    pub fn each(&mut self, texts: &[String]) -> Result<(), Failure> {
        texts.iter().try_for_each(|text| self.say(text))
    }

    /// Lines as they are.
    pub fn lines(&mut self, lines: &[String]) -> Result<(), Failure> {
        for line in lines {
            writeln!(self.out, "{line}")?;
        }
        Ok(())
    }

    /// An empty line.
    pub fn gap(&mut self) -> Result<(), Failure> {
        Ok(writeln!(self.out)?)
    }

    /// Asks for a line, without blanks around it. The input's end is [`Failure::Ended`].
    pub fn ask(&mut self, prompt: &str) -> Result<String, Failure> {
        write!(self.out, "{prompt}> ")?;
        self.out.flush()?;
        let Some(line) = self.read()? else {
            writeln!(self.out)?;
            self.out.flush()?;
            return Err(Failure::Ended);
        };
        if self.echo == Echo::Repeat {
            writeln!(self.out, "{line}")?;
        }
        Ok(line)
    }

    fn read(&mut self) -> Result<Option<String>, Failure> {
        let unreadable =
            |err: io::Error| Failure::usage(format!("standard input can't be read ({})", Cause::from(err)));
        let mut bytes = Vec::new();
        let mut bounded = (&mut *self.input).take(LONGEST);
        bounded.read_until(b'\n', &mut bytes).map_err(unreadable)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        if !bytes.ends_with(b"\n") {
            self.input.skip_until(b'\n').map_err(unreadable)?;
        }
        // What came from a pipe is repeated, so it must not drive a terminal either.
        let line = showable::one_line(String::from_utf8_lossy(&bytes).trim());
        Ok(Some(line))
    }

    /// Everything said so far is out.
    pub fn flush(&mut self) -> Result<(), Failure> {
        Ok(self.out.flush()?)
    }
}

/// A reason as the end of a sentence.
pub fn ended(reason: &str) -> String {
    let end = if reason.ends_with(['?', '.', '!']) { "" } else { "." };
    format!("{reason}{end}")
}

impl Drop for Console {
    fn drop(&mut self) {
        // What could not be written here has no reader any more.
        let _closed = self.out.flush();
    }
}
