//! What is seen: one read-only view of the program's state, and the only user of ratatui.
