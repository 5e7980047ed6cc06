//! Events: what a session is told, when, and how long it waits for it.

use std::time::Duration;

use crate::service::{Client, Service};

/// The types in an answer, behind the line that says whose session it is.
fn types(client: &Client<'_>, query: &str) -> Vec<String> {
    let response = client.get(&format!("event{query}"));
    let text = response.text();
    assert_eq!((response.status, response.header("content-type")), (200, "text/plain"), "{text}");
    assert!(text.starts_with("-1="), "{text}");
    let lines = text.lines().skip(1).map(|line| line.split_once('=').unwrap().0.to_owned());
    lines.collect()
}

/// All that a session has not been told yet, which it then has.
pub fn take(client: &Client<'_>) -> Vec<String> {
    let pending = types(client, "?block=false");
    if !pending.is_empty() {
        types(client, "");
    }
    pending
}

#[test]
fn a_look_consumes_nothing_and_a_read_does() {
    let service = Service::new();
    let client = service.login("demo");
    let text = client.get("event?block=false").text();
    assert_eq!(text, "-1=demo#1\n300=1772366400000");
    assert_eq!(client.get("event?block=false").text(), text);
    assert_eq!(client.get("event").text(), text);
    assert_eq!(client.get("event?block=false").text(), "-1=demo#1");
}

#[test]
fn a_read_waits_for_the_next_event() {
    let service = Service::with(|config| config.event_time = Duration::from_secs(5));
    let client = service.login("demo");
    take(&client);
    let arrival = service.now.get();
    assert_eq!(client.waits("event", arrival), Some(arrival.after(Duration::from_secs(5))));
    service.pass(Duration::from_secs(1));
    assert!(client.waits("event", arrival).is_some());
    client.submit("SELECT TOP 1 ra FROM gaiadr3.gaia_source", &[]);
    assert_eq!(client.waits("event", arrival), None, "it is answered");
    assert!(client.waits("event", arrival).is_some(), "and has consumed what it told");
    service.pass(Duration::from_secs(4));
    assert_eq!(client.waits("event", arrival), None, "the longest time is over");
}

#[test]
fn a_waiting_reader_can_be_released() {
    let service = Service::new();
    let (client, other) = (service.login("demo"), service.login("demo"));
    take(&client);
    take(&other);
    let arrival = service.now.get();
    service.pass(Duration::from_secs(1));
    assert!(client.waits("event", arrival).is_some());
    assert_eq!(client.get("event?close=true").text(), "OK");
    assert_eq!(client.waits("event", arrival), None);
    assert!(other.waits("event", arrival).is_some(), "it is another session");
    service.pass(Duration::from_secs(1));
    assert!(client.waits("event", service.now.get()).is_some(), "a later reader waits again");
}

#[test]
fn events_of_one_type_can_be_asked_for() {
    let service = Service::new();
    let client = service.login("demo");
    client.submit("SELECT TOP 1 ra FROM gaiadr3.gaia_source", &[]);
    assert_eq!(types(&client, "?block=false&id=100"), ["100"]);
    assert_eq!(types(&client, "?id=100"), ["100"]);
    assert_eq!(types(&client, "?block=false"), ["300"], "the others are still there");
    assert!(client.waits("event?id=4000", service.now.get()).is_some());
    let wrong = client.get("event?id=jobs");
    assert_eq!(wrong.status, 400);
    assert!(wrong.message().contains("'id'"), "{}", wrong.message());
}

#[test]
fn each_session_is_told_what_concerns_its_user() {
    let service = Service::new();
    let (one, two) = (service.login("demo"), service.login("demo"));
    let other = service.login("teacher");
    for client in [&one, &two, &other] {
        take(client);
    }
    let id = one.submit("SELECT TOP 1 ra FROM gaiadr3.gaia_source", &[("PHASE", "RUN")]);
    assert_eq!([take(&one), take(&two)], [["100"], ["100"]]);
    service.work();
    assert_eq!(take(&one), ["101", "402"]);
    one.delete(&format!("async/{id}"));
    assert_eq!(take(&one), ["102", "402"]);
    let later = service.login("demo");
    assert_eq!(take(&later), ["300"], "it hears of nothing that was before it");
    service.submit("SELECT TOP 1 ra FROM gaiadr3.gaia_source", &[]);
    assert!(take(&other).is_empty());
    let request = crate::service::post("/tap-server/logout", &[]);
    two.send(request);
    assert!(take(&one).contains(&"301".to_owned()));
    let gone = two.get("event");
    assert_eq!((gone.status, gone.message()), (403, "User 'anonymous' is not authorized.".to_owned()));
}
