//! The folder that the journal lives in.

use std::env;
use std::path::PathBuf;

use etcetera::BaseStrategy;

/// The variable that names another folder.
pub const VARIABLE: &str = "HALFOPEN_DATA";

/// The folder for the learner's data: what [`VARIABLE`] says, or else the platform's own place.
///
/// # Errors
/// Why there is none, as the end of a sentence.
pub fn find() -> Result<PathBuf, String> {
    if let Some(folder) = env::var_os(VARIABLE).filter(|folder| !folder.is_empty()) {
        return Ok(PathBuf::from(folder));
    }
    match etcetera::choose_base_strategy() {
        Ok(strategy) => Ok(strategy.data_dir().join("halfopen")),
        Err(error) => Err(error.to_string()),
    }
}
