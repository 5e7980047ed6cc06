//! What users say of their tables' columns, and how they rename them.

use std::sync::atomic::{AtomicBool, Ordering};

use sandbox::Answer;

use crate::service::Service;
use crate::user::User;

const CSV: &[u8] = b"id,alpha,delta,mag,note\n1,56.75,24.12,10.5,a\n2,56.76,24.13,11.5,b\n3,200,-5,12,c\n";

fn message(response: &crate::service::Response) -> String {
    assert_eq!(response.status, 500, "{}", response.text());
    let text = response.text();
    text.split("<li><b>Message: </b>").nth(1).and_then(|rest| rest.split("</li>").next()).unwrap().to_owned()
}

/// Flags and index of each column in `/tables`.
fn columns(user: &User<'_>, table: &str) -> Vec<(String, String, bool)> {
    let document = user.get(&format!("tables?tables={table}")).text();
    let part =
        |text: &str, open: &str, close: &str| text.split(open).nth(1).unwrap().split(close).next().unwrap().to_owned();
    let columns = document.split("<column ").skip(1);
    columns
        .map(|column| {
            let name = part(column, "<name>", "</name>");
            (name, part(column, "esatapplus:flags=\"", "\""), column.contains("<flag>indexed</flag>"))
        })
        .collect()
}

fn flags(user: &User<'_>, table: &str) -> Vec<(String, String)> {
    columns(user, table).into_iter().map(|(name, flags, _)| (name, flags)).collect()
}

#[test]
fn positions_are_named_and_searched() {
    let service = Service::new();
    let demo = User::of(&service, "demo");
    demo.upload(&[("TABLE_NAME", "t"), ("FORMAT", "csv")], CSV);
    let count = "SELECT COUNT(*) FROM user_demo.t WHERE DISTANCE(alpha, delta, 56.75, 24.12) < 0.1";
    assert_eq!(demo.rows(count), [["2"]]);
    let response = demo.tool(&[("ACTION", "radec"), ("TABLE_NAME", "user_demo.t"), ("RA", "ALPHA"), ("DEC", "delta")]);
    assert_eq!((response.status, response.header("content-type")), (200, "text/plain"), "{}", response.text());
    assert_eq!(demo.rows(count), [["2"]]);
    let described = columns(&demo, "user_demo.t");
    assert_eq!(described[0], ("t_oid".to_owned(), "16".to_owned(), true));
    assert_eq!(described[2], ("alpha".to_owned(), "1".to_owned(), true));
    assert_eq!(described[3], ("delta".to_owned(), "2".to_owned(), true));
    assert_eq!(described[4], ("mag".to_owned(), "0".to_owned(), false));
    // Another choice takes the place of the first.
    demo.tool(&[("action", "RADEC"), ("table_name", "t"), ("ra", "mag"), ("dec", "delta")]);
    assert_eq!(demo.rows("SELECT COUNT(*) FROM user_demo.t WHERE DISTANCE(mag, delta, 10.5, 24.12) < 0.1"), [["1"]]);
    assert_eq!(demo.rows(count), [["2"]]);
    service.pass(std::time::Duration::from_secs(61));
    service.work();
    assert_eq!(service.table_files().len(), 1, "the files that were replaced are gone");
}

#[test]
fn columns_are_described_one_by_one() {
    let service = Service::new();
    let demo = User::of(&service, "demo");
    demo.upload(&[("TABLE_NAME", "t"), ("FORMAT", "csv")], CSV);
    let edit = |changes: &[(&str, &str, &str, &str, &str)]| {
        let count = changes.len().to_string();
        let mut pairs = vec![
            ("ACTION".to_owned(), "edit".to_owned()),
            ("NUMTABLES".to_owned(), "1".to_owned()),
            ("TABLE0".to_owned(), "user_demo.t".to_owned()),
            ("TABLE0_NUMCOLS".to_owned(), count),
        ];
        for (at, (name, ucd, utype, indexed, flags)) in changes.iter().enumerate() {
            for (key, value) in [("", name), ("_UCD", ucd), ("_UTYPE", utype), ("_INDEXED", indexed), ("_FLAGS", flags)]
            {
                pairs.push((format!("TABLE0_COL{at}{key}"), (*value).to_owned()));
            }
        }
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        demo.tool(&pairs)
    };
    let response = edit(&[
        ("t_oid", "None", "None", "True", "PK"),
        ("id", "meta.id", "", "True", "None"),
        ("alpha", "pos.eq.ra", "None", "False", "Ra"),
        ("delta", "pos.eq.dec", "a:b.c", "False", "Dec"),
        ("mag", "", "", "False", "Mag"),
        ("note", "None", "None", "False", ""),
    ]);
    assert_eq!(response.status, 200, "{}", response.text());
    let flagged: Vec<String> = flags(&demo, "user_demo.t").into_iter().map(|(_, flags)| flags).collect();
    assert_eq!(flagged, ["16", "0", "1", "2", "8", "0"]);
    let document = demo.get("tables?tables=user_demo.t").text();
    assert!(document.contains("<utype>a:b.c</utype>") && document.contains("<ucd>meta.id</ucd>"), "{document}");
    assert!(!document.contains("None"), "{document}");
    let indexed: Vec<bool> = columns(&demo, "user_demo.t").into_iter().map(|(_, _, indexed)| indexed).collect();
    assert_eq!(indexed, [true, true, true, true, false, false]);
    assert_eq!(demo.rows("SELECT note FROM user_demo.t WHERE id = 2"), [["b"]]);
    let schema = demo.rows("SELECT column_name, ucd, indexed FROM tap_schema.columns WHERE table_name = 'user_demo.t' ORDER BY column_index");
    assert_eq!(schema[1], ["id", "meta.id", "1"]);

    let before = columns(&demo, "user_demo.t");
    for (changes, words) in [
        (&[("mag", "", "", "False", "Ra")][..], "must be set together"),
        (&[("alpha", "", "", "False", "None")], "must be set together"),
        (&[("id", "", "", "False", "Blue")], "Unknown flag 'Blue'"),
        (&[("nix", "", "", "False", "None")], "has no column 'nix'"),
        (&[("id", "", "", "maybe", "None")], "must be True or False"),
        (
            &[("alpha", "", "", "", "None"), ("delta", "", "", "", "Dec"), ("note", "", "", "", "Ra")],
            "does not hold numbers",
        ),
    ] {
        let message = message(&edit(changes));
        assert!(message.contains(words), "{message}");
    }
    assert_eq!(columns(&demo, "user_demo.t"), before, "nothing of a refused change stays");
}

#[test]
fn tables_and_columns_are_renamed() {
    let service = Service::new();
    let demo = User::of(&service, "demo");
    demo.upload(&[("TABLE_NAME", "t"), ("FORMAT", "csv")], CSV);
    demo.upload(&[("TABLE_NAME", "other"), ("FORMAT", "csv")], CSV);
    let response = demo.tool(&[
        ("action", "rename"),
        ("table_name", "user_demo.t"),
        ("new_table_name", "Stars"),
        ("new_column_names", "alpha:delta,delta:alpha, note:my note"),
    ]);
    assert_eq!(response.status, 200, "{}", response.text());
    assert_eq!(
        demo.rows("SELECT delta, alpha, \"my note\" FROM user_demo.stars WHERE id = 1"),
        [["56.75", "24.12", "a"]]
    );
    assert_eq!(demo.query("SELECT * FROM user_demo.t", "csv").status, 400);
    let only = demo.tool(&[("ACTION", "rename"), ("TABLE_NAME", "stars"), ("NEW_COLUMN_NAMES", "id:ID2")]);
    assert_eq!(only.status, 200, "{}", only.text());
    let same = [("action", "rename"), ("table_name", "user_demo.stars"), ("new_table_name", "User_Demo.stars")];
    let same = demo.tool(&[&same[..], &[("new_column_names", "ID2:ID3")]].concat());
    assert_eq!(same.status, 200, "{}", same.text());
    demo.tool(&[("action", "rename"), ("table_name", "stars"), ("new_column_names", "ID3:ID2")]);
    for (name, columns, words) in [
        ("other", "", "already exists"),
        ("a.b", "", "dot"),
        ("user_demo.a.b", "", "dot"),
        ("user_teacher.a", "", "dot"),
        ("", "mag:ID2", "would be called"),
        ("", "nix:a", "has no column"),
        ("", "mag", "list of old:new"),
        ("", "mag:", "is empty"),
        ("", "", "Nothing to rename"),
    ] {
        let parameters =
            [("action", "rename"), ("table_name", "stars"), ("new_table_name", name), ("new_column_names", columns)];
        let message = message(&demo.tool(&parameters));
        assert!(message.contains(words), "{message}");
    }
    let service_columns = columns(&demo, "user_demo.stars");
    let service = service_columns.iter().map(|(name, ..)| name.as_str()).collect::<Vec<_>>();
    assert_eq!(service, ["t_oid", "ID2", "delta", "alpha", "mag", "\"my note\"".replace('"', "&quot;").as_str()]);
}

#[test]
fn what_cannot_be_done_says_why() {
    let service = Service::new();
    let (demo, teacher) = (User::of(&service, "demo"), User::of(&service, "teacher"));
    demo.upload(&[("TABLE_NAME", "t"), ("FORMAT", "csv")], CSV);
    assert_eq!(message(&demo.tool(&[("TABLE_NAME", "t")])), "ACTION parameter not found.");
    assert_eq!(
        message(&demo.tool(&[("ACTION", "paint")])),
        "Cannot find a suitable handler for action 'paint'. Available actions are: edit, radec, rename"
    );
    let radec = |user: &User<'_>, table: &str, ra: &str, dec: &str| {
        user.tool(&[("ACTION", "radec"), ("TABLE_NAME", table), ("RA", ra), ("DEC", dec)])
    };
    assert!(message(&radec(&demo, "t", "note", "delta")).contains("does not hold numbers"));
    assert!(message(&radec(&demo, "t", "alpha", "alpha")).contains("same column"));
    assert!(message(&radec(&demo, "t", "alpha", "nix")).contains("no column 'nix'"));
    assert!(message(&radec(&demo, "nix", "alpha", "delta")).contains("does not exist"));
    assert!(message(&radec(&demo, "t", "", "delta")).contains("'RA'"));
    assert!(message(&radec(&teacher, "t", "alpha", "delta")).contains("'user_teacher.t' does not exist"));
    let other = radec(&teacher, "user_demo.t", "alpha", "delta");
    assert_eq!(other.status, 403);
    assert_eq!(radec(&User::nobody(&service), "user_demo.t", "alpha", "delta").status, 403);
    let many = demo.tool(&[("ACTION", "edit"), ("NUMTABLES", "99999999999")]);
    assert!(message(&many).contains("from 0 to 100"));
    assert_eq!(flags(&demo, "user_demo.t")[2].1, "0");
}

#[test]
fn who_reads_is_not_in_the_way_of_who_writes() {
    let service = Service::new();
    let demo = User::of(&service, "demo");
    demo.upload(&[("TABLE_NAME", "t"), ("FORMAT", "csv")], CSV);
    let request = demo.request("SELECT COUNT(*) FROM user_demo.t WHERE DISTANCE(alpha, delta, 56.75, 24.12) < 0.1");
    let (archive, now, done) = (&service.archive, service.now.get(), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let read = || {
            let mut answers = 0;
            while !done.load(Ordering::Relaxed) || answers == 0 {
                let Answer::Ready(head, chunks) = archive.handle(request.clone(), now) else { panic!("it waits") };
                let body: Vec<u8> = chunks.flat_map(Result::unwrap).collect();
                let text = String::from_utf8(body).unwrap();
                assert_eq!(head.status, 200, "{text}");
                assert!(text.ends_with("\n2\n"), "{text}");
                answers += 1;
            }
        };
        let readers = [scope.spawn(read), scope.spawn(read)];
        for at in 0..40 {
            let columns = if at % 2 == 0 { ("alpha", "delta") } else { ("mag", "delta") };
            let radec = [("ACTION", "radec"), ("TABLE_NAME", "t"), ("RA", columns.0), ("DEC", columns.1)];
            assert_eq!(demo.tool(&radec).status, 200);
        }
        done.store(true, Ordering::Relaxed);
        for reader in readers {
            reader.join().unwrap();
        }
    });
}
