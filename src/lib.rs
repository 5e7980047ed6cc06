//! The page of Parallax: views show values and call actions, actions write state; fetch and the worker are the only ways out.

pub mod actions;
pub mod app;
pub mod archives;
pub mod components;
pub mod dom;
pub mod fetch;
pub mod routes;
pub mod state;
pub mod views;
pub mod worker_client;
