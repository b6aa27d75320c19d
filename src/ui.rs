//! What is seen: one read-only view of the program's state, and the only user of ratatui.

pub mod markdown;
pub mod scene;
pub mod theme;
pub mod wrap;
