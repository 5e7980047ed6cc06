//! The page of Parallax: views show values and call actions, actions write state, fetch and the worker are the only ways out.

pub mod components;
pub mod fetch;
