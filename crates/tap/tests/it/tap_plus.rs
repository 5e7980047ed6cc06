//! The parts of TAP+: every request as it goes out, and documents as the archive's documentation shows them.

use tap::{
    Query, Request, Service,
    datalink::{self, DataQuery, LinksQuery},
    glots::{self, SearchIn, Spelling},
    notifications::parse_notifications,
    session,
    share::{self, Group, MemberChanges, SharedItem},
    user_tables::{ColumnEdit, ColumnFlag, NewTable, TableFormat, names_to_delete},
    users::User,
    vosi::SharedTo,
};

use crate::{
    documents::read,
    requests::{all, service},
};

fn shared_to(id: &str, kind: &str, mode: &str) -> SharedTo {
    SharedTo { id: id.into(), kind: kind.into(), mode: mode.into() }
}

pub(crate) fn session_requests(service: &Service) -> Vec<Request> {
    let mut out = service.logins("joe", "p&ss wörd");
    out.extend(service.logouts());
    out.push(service.users("joe"));
    out.push(service.events(None));
    out
}

pub(crate) fn share_requests(service: &Service) -> Vec<Request> {
    let group = Group {
        id: "joe_1JC".into(),
        owner: "joe".into(),
        title: "A & B".into(),
        description: "two\nlines".into(),
        members: vec![User { id: "anne".into(), name: String::new() }],
    };
    let item = SharedItem {
        id: "joe_2JC".into(),
        owner: "joe".into(),
        title: "user_joe.t".into(),
        description: String::new(),
        shared_to: vec![shared_to("joe_1JC", "Group", "Read"), shared_to("anne", "User", "Write")],
    };
    let mut out = vec![
        service.groups(true),
        service.groups(false),
        service.groups_of(&["joe_1JC", "joe_3JC"]),
        service.group("joe_1JC"),
        service.shared_items(true),
        service.shared_items(false),
        service.shared_item("joe_2JC"),
        service.share_users(),
        service.share_user("anne"),
        service.create_group("A & B", "about it", &[""; 0]),
        service.create_group("A", "", &["anne", "max"]),
        service.update_group(&group),
        service.remove_group("joe_1JC"),
        service.share_table("user_joe.t", "mine", &[shared_to("joe_1JC", "Group", "Read")]),
        service.update_share(&item),
        service.update_share(&SharedItem { shared_to: Vec::new(), ..item }),
        service.remove_share("joe_2JC"),
    ];
    out.extend(MemberChanges::between(&group, &["max"]).requests(service, &group.id));
    out
}

pub(crate) fn table_requests(service: &Service) -> Vec<Request> {
    let table = NewTable { name: "mine".into(), description: "My \"stars\"".into(), position: None };
    let placed = NewTable { position: Some(("ra".into(), "dec".into())), ..table.clone() };
    let columns = [
        ColumnEdit {
            name: "ra".into(),
            ucd: "pos.eq.ra".into(),
            indexed: true,
            flag: Some(ColumnFlag::Ra),
            ..ColumnEdit::default()
        },
        ColumnEdit { name: "note".into(), ..ColumnEdit::default() },
    ];
    vec![
        service.upload_file(&table, TableFormat::VoTable, "mine.vot", 1).with_file(b"<VOTABLE/>"),
        service.upload_file(&placed, TableFormat::Csv, "a, \"b\";.csv", 2).with_file(b""),
        service.upload_job(&table, "1O"),
        service.upload_url(&table, TableFormat::VoTable, "https://h.example/t.vot?a=1&b=2"),
        service.delete_table("user_joe.mine", false),
        service.delete_table("mine", true),
        service.set_position("user_joe.mine", "ra", "dec"),
        service.edit_columns("user_joe.mine", &columns),
        service.rename_table("mine", "yours", &[]),
        service.rename_table("mine", "mine", &[("a".into(), "b".into()), ("c".into(), "d".into())]),
    ]
}

pub(crate) fn other_requests(service: &Service) -> Vec<Request> {
    let query = Query {
        adql: "select * from \"J/A+A/605/L8/quasar_a\"".into(),
        format: Some("votable".into()),
        ..Query::default()
    };
    let external = "http://tapvizier.u-strasbg.fr/TAPVizieR/tap";
    vec![
        service.events(Some(100)),
        service.wait_for_events(None),
        service.release_events(),
        service.notifications(),
        service.mark_as_read(&["1D", "2D"]),
        service.glots_tables(" quasar  survey ", SearchIn::All, Spelling::Example),
        service.glots_tables("quasar", SearchIn::Descriptions, Spelling::Parameters),
        service.glots_columns("ivo://cds.vizier/tap", "J/A+AS/134/483/table3"),
        service.external_sync(external, &query),
        service.external_job(external, &query, true),
    ]
}

pub(crate) fn datalink_requests(service: &Service) -> Vec<Request> {
    let data = service.data.as_deref().unwrap();
    let ids = || vec!["5912901375001820288".to_owned(), "Gaia DR3 30343944744320".to_owned()];
    let links = LinksQuery { ids: ids(), ..LinksQuery::default() };
    let products = DataQuery { retrieval_type: "XP_SAMPLED".into(), ids: ids(), ..DataQuery::default() };
    let full = DataQuery {
        release: Some("Gaia DR3".into()),
        valid_data: true,
        format: Some("votable_gzip".into()),
        structure: Some("RAW".into()),
        linking_parameter: Some("TRANSIT_ID".into()),
        always_zip: true,
        ..products.clone()
    };
    vec![
        datalink::links(data, &links),
        datalink::links(
            data,
            &LinksQuery {
                release: Some("Gaia DR3".into()),
                linking_parameter: Some("source_id".into()),
                metadata: true,
                ..links
            },
        ),
        datalink::products(data, &products),
        datalink::products(data, &full),
        datalink::products(data, &full.with_other_structure().unwrap()),
    ]
}

#[test]
fn sessions() {
    let mut requests = session_requests(&service());
    requests.push(session::gateway_login("https://portal.example/gw/sandbox", "joe", "x y"));
    requests.push(session::gateway_logout("https://portal.example/gw/sandbox/"));
    requests.push(session::gateway_sessions("https://portal.example/"));
    insta::assert_snapshot!(all(&requests));
    assert!(!format!("{requests:?}").contains("rd"), "no password in a log");
}

#[test]
fn sharing() {
    insta::assert_snapshot!(all(&share_requests(&service())));
}

#[test]
fn user_tables() {
    insta::assert_snapshot!(all(&table_requests(&service())));
    assert_eq!(names_to_delete("user_joe.mine"), ["user_joe.mine", "mine"]);
    assert_eq!(names_to_delete("mine"), ["mine"]);
    let upload = service().upload_file(&NewTable::default(), TableFormat::Ascii, "x", 0xABCD);
    let whole = upload.with_file(b"12345");
    assert_eq!(whole.body_bytes().unwrap().len() as u64, upload.content_length(5));
    assert_eq!(whole.content_type().unwrap(), upload.content_type());
}

#[test]
fn events_notifications_glots_and_external_queries() {
    insta::assert_snapshot!(all(&other_requests(&service())));
}

#[test]
fn links_and_products() {
    insta::assert_snapshot!(all(&datalink_requests(&service())));
    let many: Vec<String> = (0..datalink::MOST_SOURCES).map(|n| (n + 1_000_000_000_000).to_string()).collect();
    let data = "/data-server";
    let posted = datalink::products(
        data,
        &DataQuery { retrieval_type: "RVS".into(), ids: many.clone(), ..DataQuery::default() },
    );
    assert_eq!((posted.method, posted.url.as_str()), (tap::Method::Post, "/data-server/data"));
    assert_eq!(
        datalink::links(data, &LinksQuery { ids: many, ..LinksQuery::default() }).url,
        "/data-server/datalink/links"
    );
}

#[test]
fn names_of_structures_go_both_ways() {
    for structure in datalink::STRUCTURES {
        assert_eq!(datalink::other_structure(structure.name), Some(structure.new_name));
        assert_eq!(datalink::other_structure(&structure.new_name.to_lowercase()), Some(structure.name));
    }
    assert_eq!(datalink::other_structure("COMBINED"), None);
    let unknown = DataQuery { structure: Some("LATER".into()), ..DataQuery::default() };
    assert_eq!(unknown.with_other_structure(), None);
}

#[test]
fn groups_and_shares_as_documented() {
    insta::assert_debug_snapshot!("groups", share::parse_groups(&read("shared_groups.xml")).unwrap());
    insta::assert_debug_snapshot!("shared_items", share::parse_shared_items(&read("shared_items.xml")).unwrap());
    let one = b"<sharedItem id='1' owner='o'><title>a.b</title></sharedItem>";
    assert_eq!(share::parse_shared_items(one).unwrap()[0].owner, "o");
    assert!(share::parse_groups(one).is_err());
    let users = share::parse_share_users(b"<users><user id='joe' name='Joe'/><user/></users>").unwrap();
    assert_eq!(users, [User { id: "joe".into(), name: "Joe".into() }]);
}

#[test]
fn glots_as_documented() {
    insta::assert_debug_snapshot!("glots_tables", glots::parse_tables(&read("glots_tables.csv")).unwrap());
    insta::assert_debug_snapshot!("glots_columns", glots::parse_columns(&read("glots_columns.csv")).unwrap());
}

#[test]
fn notifications_as_documented() {
    insta::assert_debug_snapshot!("notifications", parse_notifications(&read("notifications.txt")).unwrap());
}

#[test]
fn a_request_for_products_is_made_again_for_other_sources() {
    let query = DataQuery {
        retrieval_type: "RVS".into(),
        ids: (0..500u64).map(|n| (6_917_528_997_577_384_321 + n).to_string()).collect(),
        release: Some("Gaia DR3".into()),
        always_zip: true,
        ..DataQuery::default()
    };
    let few = DataQuery { ids: vec!["1".into(), "Gaia DR3 2".into()], ..query.clone() };
    let (data, many) = ("https://h/data-server", datalink::products("https://h/data-server", &query));
    assert_eq!(datalink::with_ids(&many, &few.ids), datalink::products(data, &few), "a long list was posted");
    assert_eq!(datalink::with_ids(&datalink::products(data, &few), &query.ids), many);
}
