//! What headless commands print, and how they fail.

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

/// Why a command did not do what was asked.
#[derive(Debug)]
pub enum Failure {
    /// Wrong usage or unreadable input: exit status 2. The sentence says how to mend it.
    Usage(String),
    /// Something checked did not hold, and has been told: exit status 1.
    Failed,
    /// Ctrl-C: exit status 130, as a shell tells it. Nothing is printed as if it were complete.
    Interrupted,
    /// The reader of the output has gone: nobody's fault.
    Closed,
    /// The input ended, or the learner wants to leave: nobody's fault either.
    Ended,
}

impl Failure {
    /// Wrong usage, with a sentence.
    pub fn usage(sentence: impl Display) -> Self {
        Self::Usage(sentence.to_string())
    }

    /// Tells it, and gives the exit code.
    pub fn report(self) -> ExitCode {
        match self {
            Self::Usage(sentence) => {
                warn(&sentence);
                ExitCode::from(2)
            }
            Self::Failed => ExitCode::from(1),
            Self::Interrupted => {
                warn("interrupted, so there is nothing to show");
                ExitCode::from(130)
            }
            Self::Closed | Self::Ended => ExitCode::SUCCESS,
        }
    }
}

impl From<io::Error> for Failure {
    fn from(err: io::Error) -> Self {
        if err.kind() == io::ErrorKind::BrokenPipe { Self::Closed } else { Self::Usage(err.to_string()) }
    }
}

/// Says something on standard error that stops nothing.
pub fn warn(sentence: &str) {
    // If even standard error is gone, nobody is there to be told.
    let _gone = writeln!(io::stderr().lock(), "halfopen: {sentence}");
}

/// Prints a finished text to standard output.
pub fn print(text: &str) -> Result<ExitCode, Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
