//! Groups, shared items and users.

use std::time::Duration;

use crate::events::take;
use crate::service::{Client, Service, post};
use crate::user::User;

/// A service in which `demo` has tables to share.
fn with_tables() -> Service {
    let service = Service::new();
    let demo = User::of(&service, "demo");
    for name in ["t", "u", "table"] {
        let made = demo.upload(&[("TABLE_NAME", name), ("FORMAT", "CSV")], b"ra,dec\n10,20\n11,21\n");
        assert_eq!(made.status, 200, "{}", made.text());
    }
    service
}

/// The reply to a change, which must be done.
fn change(client: &Client<'_>, parameters: &[(&str, &str)]) -> String {
    let response = client.post("share", parameters);
    let text = response.text();
    assert_eq!((response.status, response.header("content-type")), (200, "text/plain"), "{text}");
    text.strip_prefix("OK\n").unwrap_or_else(|| panic!("{text}")).to_owned()
}

/// The identifier in a reply.
fn quoted(reply: &str) -> String {
    reply.split('\'').nth(1).unwrap().to_owned()
}

fn refused(client: &Client<'_>, parameters: &[(&str, &str)], status: u16, words: &str) {
    let response = client.post("share", parameters);
    assert_eq!(response.status, status, "{parameters:?}");
    assert!(response.message().contains(words), "{parameters:?}: {}", response.message());
}

fn read(client: &Client<'_>, query: &str) -> String {
    let response = client.get(&format!("share?action={query}"));
    assert_eq!((response.status, response.header("content-type")), (200, "text/xml"), "{}", response.text());
    response.text()
}

fn group(client: &Client<'_>, title: &str, users: &str) -> String {
    let parameters =
        [("action", "CreateOrUpdateGroup"), ("title", title), ("description", "of 2026"), ("users_list", users)];
    quoted(&change(client, &parameters))
}

fn item(client: &Client<'_>, table: &str, list: &str) -> String {
    let parameters = [
        ("action", "CreateOrUpdateItem"),
        ("resource_type", "0"),
        ("title", table),
        ("description", "mine"),
        ("items_list", list),
    ];
    quoted(&change(client, &parameters))
}

#[test]
fn replies_and_documents_are_those_of_the_archive() {
    let service = with_tables();
    let demo = service.login("demo");
    let made = change(
        &demo,
        &[
            ("action", "CreateOrUpdateGroup"),
            ("title", "my_<group>"),
            ("description", "a ]]> b"),
            ("users_list", "student"),
        ],
    );
    assert_eq!(made, "Group 'demo_1772366400000O' successfully created.");
    let group = "demo_1772366400000O";
    assert_eq!(
        read(&demo, "GetGroups"),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sharedGroups>\n\
         <sharedGroup id=\"demo_1772366400000O\" owner=\"demo\">\n\t<title><![CDATA[my_<group>]]></title>\n\
         \t<description><![CDATA[a ]]]]><![CDATA[> b]]></description>\n\t<users>\n\
         \t\t<user id=\"student\" name=\"Demo Student\"/>\n\t</users>\n</sharedGroup>\n</sharedGroups>\n"
    );
    let made = change(
        &demo,
        &[
            ("action", "CreateOrUpdateItem"),
            ("resource_type", "0"),
            ("title", "user_demo.table"),
            ("description", "description"),
            ("items_list", &format!("{group}|Group|Read,student|User|Write,x|y,{group}|Group")),
        ],
    );
    assert_eq!(made, "Resource 'demo_1772366400001O' (type '0') successfully created.");
    assert_eq!(
        read(&demo, "GetSharedItems"),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sharedItems owner=\"demo\">\n\
         <sharedItem id=\"demo_1772366400001O\" type=\"0\">\n\t<title><![CDATA[user_demo.table]]></title>\n\
         \t<description><![CDATA[description]]></description>\n\t<sharedToItems>\n\
         <sharedToItem shareTo=\"demo_1772366400000O\" shareType=\"Group\" shareMode=\"Read\"/>\n\
         <sharedToItem shareTo=\"student\" shareType=\"User\" shareMode=\"Write\"/>\n\
         \t</sharedToItems>\n</sharedItem>\n</sharedItems>\n"
    );
    assert!(!read(&demo, "GetSharedItemsDescriptionsOnly").contains("sharedToItem"));
    for brief in ["GetGroupsDescriptionsOnly", "GetGroups&include_users=false"] {
        let text = read(&demo, brief);
        assert!(text.contains("my_<group>") && !text.contains("<users>"), "{text}");
    }
    let id = "resource_id=demo_1772366400001O&resource_type=0";
    assert_eq!(read(&demo, &format!("GetSharedItem&{id}")), read(&demo, "GetSharedItems"));
    assert!(!read(&demo, &format!("GetSharedItemDescriptionOnly&{id}")).contains("sharedToItem"));
    assert_eq!(read(&demo, &format!("GetGroup&group_id={group}")), read(&demo, "GetGroups"));
    assert!(!read(&demo, &format!("GetGroupDescriptionOnly&group_id={group}")).contains("<users>"));
    let item = [("action", "RemoveItem"), ("resource_type", "0"), ("resource_id", "demo_1772366400001O")];
    assert_eq!(change(&demo, &item), "Resource 'demo_1772366400001O' (type '0') successfully removed.");
    let removed = change(&demo, &[("action", "RemoveGroup"), ("group_id", group)]);
    assert_eq!(removed, "Group 'demo_1772366400000O' successfully removed.");
    assert!(!read(&demo, "GetGroups").contains("<sharedGroup "));
    assert!(!read(&demo, "GetSharedItems").contains("<sharedItem "));
}

#[test]
fn bodies_that_are_not_encoded_are_understood() {
    let service = with_tables();
    let demo = service.login("demo");
    let class = group(&demo, "class", "");
    let body = format!(
        "action=CreateOrUpdateItem&resource_type=0&title=user_demo.t&description=a b, c&items_list={class}|Group|Read"
    );
    let mut request = post("/tap-server/tap/share", &[]);
    *request.body_mut() = body.into();
    assert_eq!(demo.send(request).status, 200);
    let items = read(&demo, "GetSharedItems");
    assert!(items.contains("a b, c") && items.contains(&format!("shareTo=\"{class}\"")), "{items}");
}

#[test]
fn the_list_of_users_replaces_and_an_empty_one_changes_nothing() {
    let service = with_tables();
    let demo = service.login("demo");
    let id = group(&demo, "class", "teacher,student");
    let users = || {
        let text = read(&demo, &format!("GetGroups&groups_list=x,{id}"));
        let users = text.split("<user id=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
        users.collect::<Vec<_>>()
    };
    let update = |name: &str, list: &str| {
        change(&demo, &[("action", "CreateOrUpdateGroup"), ("group_id", &id), ("title", "class"), (name, list)])
    };
    assert_eq!(users(), ["student", "teacher"]);
    assert_eq!(update("users_list", "student"), format!("Group '{id}' successfully updated."));
    assert_eq!(users(), ["student"]);
    update("users_list", "");
    assert_eq!(users(), ["student"], "so the last one cannot be removed by it");
    update("user_list", "teacher");
    assert_eq!(users(), ["teacher"], "the documentation has this name too");
    let member = |action: &str, user: &str| change(&demo, &[("action", action), ("group_id", &id), ("user_id", user)]);
    assert_eq!(member("CreateUserGroup", "student"), format!("User 'student' successfully added to group '{id}'."));
    assert_eq!(users(), ["student", "teacher"]);
    member("RemoveUserGroup", "teacher");
    assert_eq!(member("RemoveUserGroup", "student"), format!("User 'student' successfully removed from group '{id}'."));
    assert!(users().is_empty());
}

#[test]
fn what_an_update_does_not_name_is_gone() {
    let service = with_tables();
    let demo = service.login("demo");
    let (group, item) = (group(&demo, "class", "student"), item(&demo, "user_demo.t", "student|User|Read"));
    change(&demo, &[("action", "CreateOrUpdateGroup"), ("group_id", &group)]);
    let text = read(&demo, "GetGroups");
    assert!(text.contains("<title></title>\n\t<description></description>") && text.contains("student"), "{text}");
    change(&demo, &[("action", "CreateOrUpdateItem"), ("resource_type", "0"), ("resource_id", &item)]);
    let text = read(&demo, "GetSharedItems");
    assert!(text.contains("<title></title>\n\t<description></description>") && text.contains("student"), "{text}");
}

#[test]
fn relations_come_and_go_one_by_one() {
    let service = with_tables();
    let demo = service.login("demo");
    let item = item(&demo, "user_demo.t", "student|User|Read");
    let relation = |action: &str, user: &str| {
        let parameters = [
            ("action", action),
            ("resource_type", "0"),
            ("resource_id", &item),
            ("share_to_id", user),
            ("share_type", "User"),
            ("share_mode", "Write"),
        ];
        demo.post("share", &parameters).status
    };
    assert_eq!([relation("CreateItemRelation", "teacher"), relation("RemoveItemRelation", "student")], [200, 200]);
    let text = read(&demo, "GetSharedItems");
    assert!(text.contains("shareTo=\"teacher\" shareType=\"User\" shareMode=\"Write\"") && !text.contains("student"));
    assert_eq!([relation("RemoveItemRelation", "student"), relation("CreateItemRelation", "nobody")], [404, 404]);
}

#[test]
fn only_owners_change_and_only_members_see() {
    let service = with_tables();
    let (demo, teacher, student) = (service.login("demo"), service.login("teacher"), service.login("student"));
    let group = group(&demo, "class", "student");
    let item = item(&demo, "user_demo.t", &format!("{group}|Group|Read"));
    assert!(read(&student, "GetGroups").contains(&group) && !read(&teacher, "GetGroups").contains(&group));
    assert!(!read(&teacher, &format!("GetGroups&groups_list={group}")).contains("class"));
    assert_eq!(teacher.get(&format!("share?action=GetGroup&group_id={group}")).status, 404);
    assert!(!read(&student, "GetSharedItems").contains(&item), "it is another's");
    let changes: [&[(&str, &str)]; 6] = [
        &[("action", "CreateOrUpdateGroup"), ("group_id", &group), ("title", "mine")],
        &[("action", "CreateUserGroup"), ("group_id", &group), ("user_id", "teacher")],
        &[("action", "RemoveUserGroup"), ("group_id", &group), ("user_id", "student")],
        &[("action", "RemoveGroup"), ("group_id", &group)],
        &[("action", "CreateOrUpdateItem"), ("resource_type", "0"), ("resource_id", &item)],
        &[("action", "RemoveItem"), ("resource_type", "0"), ("resource_id", &item)],
    ];
    for change in changes {
        refused(&student, change, 403, "it belongs to 'demo'");
        refused(&teacher, change, 404, "does not exist");
    }
    assert!(read(&demo, "GetGroups").contains("<![CDATA[class]]>"));
    assert!(read(&demo, "GetSharedItems").contains("user_demo.t"));
}

#[test]
fn what_is_wrong_is_told() {
    let service = with_tables();
    let demo = service.login("demo");
    let known = group(&demo, "class", "");
    refused(&demo, &[], 400, "Not found required parameter 'action'");
    refused(&demo, &[("action", "removegroup")], 400, "Invalid required parameter 'action' value: removegroup.");
    refused(&demo, &[("action", "RemoveGroup")], 400, "Not found required parameter 'group_id'");
    refused(&demo, &[("action", "RemoveGroup"), ("group_id", "")], 400, "parameter 'group_id' cannot be null.");
    refused(&demo, &[("action", "RemoveGroup"), ("group_id", "x")], 404, "Group 'x' does not exist.");
    refused(&demo, &[("action", "CreateOrUpdateGroup")], 400, "'title'");
    refused(&demo, &[("action", "CreateOrUpdateGroup"), ("title", "a;b")], 400, "must not contain ';'");
    let long = "x".repeat(20_000);
    refused(&demo, &[("action", "CreateOrUpdateGroup"), ("title", &long)], 400, "longer than");
    let users = [("action", "CreateOrUpdateGroup"), ("title", "other"), ("users_list", "student,nobody")];
    refused(&demo, &users, 404, "User 'nobody' does not exist.");
    assert!(!read(&demo, "GetGroups").contains("other"), "nothing of it was done");
    let member = |user: &'static str| [("action", "RemoveUserGroup"), ("group_id", known.as_str()), ("user_id", user)];
    refused(&demo, &member("student"), 404, "User 'student' is not in group");
    let item = |title: &'static str, kind: &'static str, list: &'static str| {
        [("action", "CreateOrUpdateItem"), ("title", title), ("resource_type", kind), ("items_list", list)]
    };
    refused(&demo, &item("user_demo.t", "table", ""), 400, "Expected an integer value.");
    refused(&demo, &item("user_demo.t", "1", ""), 400, "type '1'");
    refused(&demo, &item("user_demo.t", "0", "x|Group|Read"), 404, "Group 'x' does not exist.");
    refused(&demo, &item("user_demo.t", "0", "nobody|User|Read"), 404, "User 'nobody' does not exist.");
    refused(&demo, &item("user_demo.t", "0", "student|All|Read"), 400, "Group, and User");
    refused(&demo, &item("user_demo.t", "0", "student|User|Own"), 400, "Read and Write");
    for title in ["gaiadr3.gaia_source", "user_student.t", "user_demo", "user_demo.", "user_demo.a.b", "user_demo2.t"] {
        refused(&demo, &item(title, "0", ""), 400, "your own schema");
    }
    let get = demo.get(&format!("share?action=RemoveGroup&group_id={known}"));
    assert_eq!(get.status, 405);
    for nobody in [service.get("share?action=GetGroups"), service.post("share", &[("action", "RemoveGroup")])] {
        let message = "User 'anonymous' is not authorized to use 'share' capabilities".to_owned();
        assert_eq!((nobody.status, nobody.message()), (403, message));
    }
}

#[test]
fn those_whom_a_change_concerns_are_told() {
    let service = with_tables();
    let (demo, teacher, student) = (service.login("demo"), service.login("teacher"), service.login("student"));
    let events = || [&demo, &teacher, &student].map(take);
    events();
    let class = group(&demo, "class", "");
    assert_eq!(events(), [vec!["220"], vec![], vec![]]);
    let member = |action: &str, user: &str| {
        change(&demo, &[("action", action), ("group_id", &class), ("user_id", user)]);
    };
    member("CreateUserGroup", "student");
    assert_eq!(events(), [vec!["230"], vec![], vec!["230", "500"]]);
    let shared = item(&demo, "user_demo.t", &format!("{class}|Group|Read"));
    assert_eq!(events(), [vec!["210"], vec![], vec!["210", "500"]]);
    member("CreateUserGroup", "teacher");
    assert_eq!(events(), [vec!["230"], vec!["210", "230", "500"], vec!["231"]]);
    let update = [("action", "CreateOrUpdateGroup"), ("group_id", &class), ("title", "class of 2026")];
    change(&demo, &update);
    assert_eq!(events(), [["221"], ["221"], ["221"]]);
    let update =
        [("action", "CreateOrUpdateItem"), ("resource_type", "0"), ("resource_id", &shared), ("title", "user_demo.u")];
    change(&demo, &update);
    assert_eq!(events(), [["211"], ["211"], ["211"]]);
    member("RemoveUserGroup", "teacher");
    assert_eq!(events(), [vec!["232"], vec!["212", "232"], vec!["231"]]);
    change(&demo, &[("action", "RemoveGroup"), ("group_id", &class)]);
    assert_eq!(events(), [vec!["211", "222"], vec![], vec!["212", "222"]]);
    change(&demo, &[("action", "RemoveItem"), ("resource_type", "0"), ("resource_id", &shared)]);
    assert_eq!(events(), [vec!["212"], vec![], vec![]]);
    let list = student.get("notification?action=GetNotifications").text();
    assert!(list.contains("[type: 210,-1]=User 'demo' shares table 'user_demo.t' with you."), "{list}");
}

#[test]
fn groups_and_items_survive_a_restart() {
    let service = with_tables();
    let demo = service.login("demo");
    let group = group(&demo, "class", "student");
    let item = item(&demo, "user_demo.t", &format!("{group}|Group|Read"));
    let service = service.reopen();
    service.pass(Duration::from_secs(1));
    let demo = service.login("demo");
    assert!(read(&demo, "GetGroups").contains(&group) && read(&demo, "GetGroups").contains("student"));
    assert!(read(&demo, "GetSharedItems").contains(&item) && read(&demo, "GetSharedItems").contains(&group));
}

#[test]
fn users_are_found_by_their_login() {
    let service = with_tables();
    let demo = service.login("demo");
    let found = |query: &str| {
        let response = demo.get(&format!("users{query}"));
        assert_eq!((response.status, response.header("content-type")), (200, "text/plain"));
        response.text()
    };
    assert_eq!(found("?USER=student"), "student: Demo Student");
    assert_eq!(found("?user=*E*"), "demo: Demo User\nstudent: Demo Student\nteacher: Demo Teacher");
    assert_eq!([found("?USER=nobody"), found("?USER=%25"), found("?USER=_emo")], [""; 3]);
    assert_eq!(found("").lines().count(), 3);
    let nobody = service.get("users?USER=demo");
    assert_eq!((nobody.status, nobody.message()), (403, "User 'anonymous' is not authorized.".to_owned()));
    let all = read(&demo, "GetUsers");
    assert!(all.contains("<users>") && all.contains("<user id=\"teacher\" name=\"Demo Teacher\"/>"), "{all}");
    let one = read(&demo, "GetUserDetails&user_id=student");
    assert!(one.contains("Demo Student") && !one.contains("Teacher"), "{one}");
    assert_eq!(demo.get("share?action=GetUserDetails&user_id=nobody").status, 404);
    assert_eq!(demo.get("share?action=GetUserDetails&user_id=*").status, 404);
}

#[test]
fn a_shared_table_is_read_by_those_it_is_shared_with_and_nobody_else() {
    let service = with_tables();
    let demo = service.login("demo");
    let (student, teacher) = (User::of(&service, "student"), User::of(&service, "teacher"));
    let query = "SELECT ra FROM user_demo.t ORDER BY ra";
    assert_eq!(student.query(query, "csv").status, 400);
    let group = group(&demo, "class", "student");
    let item = item(&demo, "user_demo.t", &format!("{group}|Group|Read"));
    assert_eq!(student.rows(query), [["10"], ["11"]]);
    let id = student.run(query);
    assert_eq!(student.get(&format!("async/{id}/phase")).text(), "COMPLETED");
    for (user, name) in [(&teacher, "teacher"), (&User::nobody(&service), "anonymous")] {
        assert_eq!(user.query(query, "csv").status, 400, "{name}");
        assert!(!user.get("tables?share_accessible=true").text().contains("user_demo"), "{name}");
    }
    let tables = |more: &str| student.get(&format!("tables?only_tables=true{more}")).text();
    assert!(!tables("").contains("user_demo.t"), "only where it is asked for");
    let shared = tables("&share_accessible=true&share_info=true");
    assert!(shared.contains("<name>user_demo.t</name>") && !shared.contains("user_demo.u"), "{shared}");
    assert!(!shared.contains(&group), "with whom else it is shared is not the student's business");
    let own = demo.get("tables?tables=user_demo.t&share_info=true").text();
    let info = format!("<shareInfo><sharedTo type=\"Group\" mode=\"Read\"><![CDATA[{group}]]></sharedTo></shareInfo>");
    assert!(own.contains(&info), "{own}");
    let described = student.rows("SELECT table_name FROM tap_schema.tables WHERE schema_name = 'user_demo'");
    assert_eq!(described, [["user_demo.t"]]);
    for (action, name) in [("DELETE", "TRUE"), ("TABLE_NAME", "user_demo.t")] {
        assert_ne!(student.post("/tap-server/Upload", &[("TABLE_NAME", "user_demo.t"), (action, name)]).status, 200);
    }
    change(&demo, &[("action", "RemoveItem"), ("resource_type", "0"), ("resource_id", &item)]);
    assert_eq!(student.query(query, "csv").status, 400, "it is shared no longer");
}

#[test]
fn what_is_shared_follows_its_table() {
    let service = with_tables();
    let (demo, owner, student) = (service.login("demo"), User::of(&service, "demo"), User::of(&service, "student"));
    let listening = service.login("student");
    item(&demo, "user_demo.t", "student|User|Read");
    let renamed = owner.tool(&[("action", "rename"), ("table_name", "user_demo.t"), ("new_table_name", "renamed")]);
    assert_eq!(renamed.status, 200, "{}", renamed.text());
    assert_eq!(student.rows("SELECT COUNT(*) AS n FROM user_demo.renamed"), [["2"]]);
    let refused = owner.remove(&[("TABLE_NAME", "user_demo.renamed")]);
    assert_eq!(refused.status, 500);
    assert!(
        refused.message().contains("User 'student'") && refused.message().contains("FORCE_REMOVAL"),
        "{}",
        refused.message()
    );
    assert_eq!(student.rows("SELECT COUNT(*) AS n FROM user_demo.renamed"), [["2"]], "it is still there");
    let removed = owner.remove(&[("TABLE_NAME", "renamed"), ("FORCE_REMOVAL", "TRUE")]);
    assert_eq!(removed.status, 200, "{}", removed.text());
    assert_eq!(student.query("SELECT * FROM user_demo.renamed", "csv").status, 400);
    assert!(!read(&demo, "GetSharedItems").contains("<sharedItem "));
    assert_eq!(take(&listening), ["210", "211", "212", "300", "500"], "shared, renamed, removed");
    let told = take(&demo);
    for event in ["401", "4001", "4002"] {
        assert!(told.contains(&event.to_owned()), "{event} is not among {told:?}");
    }
}
