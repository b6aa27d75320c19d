//! Small worlds that put patterns under load and let a learner break them, all behind one face.

pub mod scene;
