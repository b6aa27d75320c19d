//! The command line: what can be asked for, and which part answers.
//!
//! Exit status: 0 done, 1 a check or claim failed, 2 wrong usage or unreadable input. Errors go to standard error,
//! name the input and say how to mend it. A pipe that closes is not an error.

mod asked;
mod check;
mod console;
mod journal;
mod lab;
mod labs;
mod lesson;
mod output;
mod overview;
mod plot;
mod progress;
mod quiz;
mod run;
mod screen;
mod search;
mod sweep;
mod why;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

use self::journal::Consent;
use self::output::Failure;
use self::screen::Start;
use super::learner::Learner;
use super::{library, terminal};
use crate::course::{Course, Severity};

/// Break distributed systems before your interviewer does.
#[derive(Parser, Debug)]
#[command(name = "halfopen", version, about, long_about = LONG, max_term_width = 100)]
pub struct Cli {
    /// A course of your own in place of the built-in one: a folder with lessons/ and quizzes/.
    #[arg(long, value_name = "DIR", env = "HALFOPEN_COURSE", global = true)]
    course: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

const LONG: &str = "Prepares for interviews about failure in distributed systems: lessons beside live simulations that you \
break, and quizzes on the pitfalls.\n\nWithout a command it opens the course where you left it.";

#[derive(Subcommand, Debug)]
enum Command {
    /// Open a lesson at a step: `breaker`, `breaker.3`
    Lesson {
        /// The lesson, and perhaps the step; where you were if none is given
        #[arg(value_name = "LESSON[.STEP]")]
        step: Option<String>,
        /// Line by line, for a pipe or a screen reader
        #[arg(long)]
        plain: bool,
    },
    /// Open a lab to play in
    Lab {
        #[command(flatten)]
        scenario: ScenarioArgs,
        /// Line by line, for a pipe or a screen reader
        #[arg(long)]
        plain: bool,
    },
    /// Take a quiz on the pitfalls of a chapter
    Quiz {
        /// The chapter: `breaker` or `8.1`; all of them if none is given
        chapter: Option<String>,
        /// Line by line, for a pipe or a screen reader
        #[arg(long)]
        plain: bool,
        /// How many questions
        #[arg(long, value_name = "N")]
        count: Option<usize>,
        /// The seed of the order of questions and options
        #[arg(long, value_name = "N")]
        seed: Option<u64>,
    },
    /// Run a lab without a screen and print what happened
    Run(run::Args),
    /// Run a lab on many seeds, with knobs varied, and print how its readings are distributed
    Sweep(sweep::Args),
    /// Find the shortest way to break an invariant of a lab that is delivered by hand, or show that there is none
    Search(search::Args),
    /// List the labs, or what a lab is made of
    Labs {
        /// The lab
        name: Option<String>,
        /// How to print it
        #[arg(long, value_enum, default_value_t)]
        format: TextOrJson,
    },
    /// Check a course: its format, its links, and every claim, prediction and goal in it
    Check {
        /// The folder with lessons/ and quizzes/; the built-in course if none is given
        dir: Option<PathBuf>,
        /// Judge on this many seeds in place of those that the course names
        #[arg(long, value_name = "N")]
        seeds: Option<u64>,
    },
    /// Show how far you are
    Progress {
        /// How to print it
        #[arg(long, value_enum, default_value_t)]
        format: TextOrJson,
    },
    /// Write your journal to a file
    Export {
        /// The file; it must not exist yet
        file: PathBuf,
    },
    /// Add the records of another journal to yours
    Import {
        /// The file
        file: PathBuf,
    },
    /// Begin a chapter, or everything, anew
    Reset {
        /// The chapter
        #[arg(required_unless_present = "all")]
        chapter: Option<String>,
        /// Everything
        #[arg(long, conflicts_with = "chapter")]
        all: bool,
        /// Don't ask first
        #[arg(long)]
        yes: bool,
    },
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

/// How a listing is printed.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum TextOrJson {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

/// Which lab, and how it is set up.
#[derive(clap::Args, Clone, Debug)]
pub struct ScenarioArgs {
    /// A lab, a scenario or run file, or the line of a run
    #[arg(value_name = "LAB|FILE|LINE")]
    pub lab: Option<String>,
    /// A named setting of its knobs
    #[arg(long, value_name = "P")]
    pub preset: Option<String>,
    /// Set a knob: `call_timeout=500ms`
    #[arg(long, value_name = "KNOB=VALUE")]
    pub set: Vec<String>,
    /// The seed that decides all chance [default: 1]
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Do this then: "20s hang payments for 10s"
    #[arg(long, value_name = "SENTENCE")]
    pub at: Vec<String>,
}

/// The whole program.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(err) => {
            // Help and version go to standard output, with success; a closed pipe is nobody's fault.
            let _closed = err.print();
            return ExitCode::from(u8::try_from(err.exit_code()).unwrap_or(2));
        }
    };
    match dispatch(cli) {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}

fn dispatch(cli: Cli) -> Result<ExitCode, Failure> {
    let course = cli.course;
    match cli.command {
        None => without_command(course.as_deref()),
        Some(Command::Lesson { step, plain }) if by_lines(plain) => {
            lesson::plain(&read_course(course.as_deref())?, &mut Learner::open(), step.as_deref())
        }
        Some(Command::Lab { scenario, plain }) if by_lines(plain) => lab::plain(&scenario),
        Some(Command::Quiz { chapter, plain, count, seed }) if by_lines(plain) => {
            let wanted = quiz::Wanted { chapter: chapter.as_deref(), count, seed };
            quiz::plain(&read_course(course.as_deref())?, &mut Learner::open(), wanted)
        }
        Some(Command::Lesson { step, .. }) => {
            screen::open(course.as_deref(), &Start::Lesson(step.as_deref()))
        }
        Some(Command::Lab { scenario, .. }) => screen::open(course.as_deref(), &Start::Lab(&scenario)),
        Some(Command::Quiz { chapter, .. }) => {
            screen::open(course.as_deref(), &Start::Quiz(chapter.as_deref()))
        }
        Some(Command::Run(args)) => run::run(&args),
        Some(Command::Sweep(args)) => sweep::sweep(&args),
        Some(Command::Search(args)) => search::search(&args),
        Some(Command::Labs { name, format }) => labs::list(name.as_deref(), format),
        Some(Command::Check { dir, seeds }) => check::check(dir.or(course).as_deref(), seeds),
        Some(Command::Progress { format }) => {
            overview::progress(&read_course(course.as_deref())?, &Learner::open(), format)
        }
        Some(Command::Export { file }) => journal::export(&file),
        Some(Command::Import { file }) => journal::import(&file),
        Some(Command::Reset { chapter, yes, .. }) => {
            let consent = if yes { Consent::Given } else { Consent::Ask };
            journal::reset(&read_course(course.as_deref())?, chapter.as_deref(), consent)
        }
        Some(Command::Completions { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "halfopen", &mut script);
            output::print(&String::from_utf8_lossy(&script))
        }
        Some(Command::Man) => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Cli::command()).render(&mut page)?;
            output::print(&String::from_utf8_lossy(&page))
        }
    }
}

/// Whether a command works by lines: it was told to, or there is no terminal to draw on.
fn by_lines(plain: bool) -> bool {
    plain || !terminal::is_interactive()
}

/// The course where the learner left it; without a terminal, what there is.
fn without_command(course: Option<&Path>) -> Result<ExitCode, Failure> {
    if terminal::is_interactive() {
        return screen::open(course, &Start::Home);
    }
    overview::overview(&read_course(course)?, &Learner::open())
}

/// The course, however broken: what can be read of it is taught, and that something is wrong is said once.
fn read_course(folder: Option<&Path>) -> Result<Course, Failure> {
    let loaded = library::load(folder).map_err(Failure::usage)?;
    let errors = loaded.problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    if errors > 0 {
        output::warn(&format!(
            "this course has {}, and what they touch is left out; halfopen check shows them",
            journal::counted(errors, "error")
        ));
    }
    Ok(loaded.course)
}
