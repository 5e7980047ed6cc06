//! Notifications: the notice for everybody and what each user has not read yet.

use std::time::Duration;

use crate::events::take;
use crate::service::{Client, Service};

fn list(client: &Client<'_>) -> String {
    client.get("notification?action=GetNotifications").text()
}

/// A class of `demo` to which `student` is added.
fn class(demo: &Client<'_>) {
    let made = demo.post("share", &[("action", "CreateOrUpdateGroup"), ("title", "class"), ("users_list", "student")]);
    assert_eq!(made.status, 200, "{}", made.text());
}

#[test]
fn everybody_sees_the_notice() {
    let service = Service::with(|config| config.banner = Some("Down on Monday:\r\n a=b <soon>".to_owned()));
    let response = service.get("notification?action=GetNotifications");
    assert_eq!((response.status, response.header("content-type")), (200, "text/plain"));
    let text = response.text();
    let (id, rest) = text.split_once('[').unwrap();
    assert_eq!(rest, "type: -100,-1]=Down on Monday: a=b <soon>");
    let number = id.strip_suffix('D').unwrap();
    assert!(number.len() == 13 && number.bytes().all(|byte| byte.is_ascii_digit()), "{id}");
    assert_eq!(list(&service.login("demo")), text);
    assert_eq!(Service::new().get("notification?action=GetNotifications").text(), "");
}

#[test]
fn a_notification_is_listed_until_it_is_read() {
    let service = Service::new();
    let (demo, student) = (service.login("demo"), service.login("student"));
    class(&demo);
    assert_eq!(list(&student), "1772366400000D[type: 230,-1]=User 'demo' added you to the group 'class'.");
    assert_eq!(list(&demo), "", "who did it knows");
    let mark = |client: &Client<'_>, ids: &str| {
        client.get(&format!("notification?action=MarkNotificationsAsRead&notifications_id={ids}")).text()
    };
    assert_eq!(mark(&demo, "1772366400000D"), "NOK", "it is not theirs");
    assert!(!list(&student).is_empty());
    take(&student);
    assert_eq!(mark(&student, "1772366400000D,"), "OK");
    assert_eq!(list(&student), "");
    assert_eq!(take(&student), ["501"]);
    assert_eq!(mark(&student, "1772366400000D"), "NOK");
}

#[test]
fn a_notification_is_kept_for_a_month() {
    let service = Service::with(|config| config.session_time = Duration::from_secs(100 * 86_400));
    class(&service.login("demo"));
    let service = service.reopen();
    let student = service.login("student");
    service.pass(Duration::from_secs(29 * 86_400));
    service.work();
    assert!(list(&student).contains("class"));
    take(&student);
    service.pass(Duration::from_secs(86_400));
    assert_eq!(list(&student), "", "even before anybody has cleaned up");
    service.work();
    assert_eq!(take(&student), ["501"]);
}

#[test]
fn what_is_wrong_is_told() {
    let service = Service::new();
    let student = service.login("student");
    for (path, words) in [
        ("notification", "Not found required parameter 'action'"),
        ("notification?action=getnotifications", "Valid values are: GetNotifications"),
        ("notification?action=MarkNotificationsAsRead", "Not found required parameter 'notifications_id'"),
        ("notification?action=MarkNotificationsAsRead&notifications_id=", "'notifications_id' cannot be null"),
    ] {
        let response = student.get(path);
        assert_eq!(response.status, 400, "{path}");
        assert!(response.message().contains(words), "{}", response.message());
    }
    let nobody = service.get("notification?action=MarkNotificationsAsRead&notifications_id=1D");
    assert_eq!(nobody.status, 403);
}
