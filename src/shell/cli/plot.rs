//! `--plot FILE.svg`.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::output::Failure;
use crate::labs::plot::{Figure, Theme};
use crate::shell::journal::Cause;

/// What `run` and `sweep` take.
#[derive(clap::Args, Debug)]
pub struct PlotArgs {
    /// Draw it as well: an SVG file for a slide
    #[arg(long, value_name = "FILE.svg")]
    plot: Option<PathBuf>,
    /// Light or dark; auto: as the viewer of the file prefers
    #[arg(long, value_enum, default_value_t)]
    plot_theme: Look,
}

/// Light or dark.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Default, Debug)]
enum Look {
    /// As the viewer of the file prefers
    #[default]
    Auto,
    /// Dark on light
    Light,
    /// Light on dark
    Dark,
}

impl PlotArgs {
    /// Refuses what is no name of an SVG file, before anything is run.
    pub fn check(&self) -> Result<(), Failure> {
        let Some(file) = &self.plot else { return Ok(()) };
        let is_svg = |file: &Path| file.extension().is_some_and(|end| end.eq_ignore_ascii_case("svg"));
        if is_svg(file) {
            return Ok(());
        }
        let named = file.with_extension("svg");
        Err(Failure::usage(format!(
            "--plot writes SVG: name the file {}, not {}",
            named.display(),
            file.display()
        )))
    }

    /// Writes the figure, if one is wanted.
    pub fn write(&self, figure: impl FnOnce() -> Figure) -> Result<(), Failure> {
        let Some(file) = &self.plot else { return Ok(()) };
        let theme = match self.plot_theme {
            Look::Auto => Theme::Auto,
            Look::Light => Theme::Light,
            Look::Dark => Theme::Dark,
        };
        std::fs::write(file, figure().svg(theme)).map_err(|err| {
            Failure::usage(format!("{} cannot be written ({})", file.display(), Cause::from(err)))
        })
    }
}
