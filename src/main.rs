//! The program `halfopen`: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    halfopen::shell::cli::main()
}
