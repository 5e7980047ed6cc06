//! What the service says of its tables: `/tables` with its filters, TAP_SCHEMA, results.

use std::collections::BTreeSet;

use crate::service::Service;
use crate::user::User;

/// Texts between two markers.
fn between<'a>(text: &'a str, open: &'a str, close: &str) -> Vec<&'a str> {
    text.split(open).skip(1).map(|part| part.split(close).next().unwrap()).collect()
}

fn names(text: &str) -> Vec<&str> {
    between(text, "<name>", "</name>")
}

#[test]
fn tables_are_filtered_in_the_archives_order() {
    let service = Service::new();
    let all = service.get("tables").text();
    assert!(all.contains("<vod:tableset ") && all.contains("xmlns:esatapplus=\"http://esa.int/xml/EsaTapPlus\""));
    assert!(all.matches("<column ").count() > 200);
    assert_eq!(
        all.matches("<column ").count(),
        all.matches("esatapplus:flags=").count() - all.matches("<table ").count()
    );
    assert!(!all.contains("<column std=\"false\">"), "every column has its flags");

    let quoted: Vec<&str> = names(&all).into_iter().filter(|name| name.contains("&quot;")).collect();
    assert_eq!(quoted, ["&quot;size&quot;"]);

    let schemas = service.get("tables?only_schemas=TRUE&schemas=gaiadr2").text();
    assert_eq!(names(&schemas), ["gaiadr3", "gaiadr2", "external", "tap_schema"]);
    let tables = service.get("tables?only_tables=true&schemas=gaiadr2,external").text();
    assert_eq!(names(&tables), ["gaiadr2", "gaiadr2.gaia_source", "external", "external.twomass_like"]);
    let one = service.get("tables?tables=gaiadr3.vari_rrlyrae&only_schemas=true&only_tables=true").text();
    assert_eq!(names(&one)[..2], ["gaiadr3", "gaiadr3.vari_rrlyrae"]);
    assert!(one.contains("<column "), "tables comes before all other filters");
    let none = service.get("tables?tables=gaiadr3.nix");
    assert_eq!((none.status, names(&none.text()).len()), (200, 0));
    assert!(!service.get("tables?detail=min").text().contains("<column "));
    assert!(service.get("tables?share_info=true&only_tables=true").text().contains("<shareInfo>"));
    assert_eq!(
        service.post("tables", &[("only_schemas", "true")]).text(),
        service.get("tables?only_schemas=true").text()
    );
}

#[test]
fn tap_schema_agrees_with_tables() {
    let service = Service::new();
    let rows = service.rows("SELECT table_name, column_name, datatype FROM tap_schema.columns");
    let schema: BTreeSet<(String, String, String)> =
        rows.into_iter().map(|row| (row[0].clone(), row[1].replace("\"\"\"", "\""), row[2].clone())).collect();
    let document = service.get("tables").text();
    let mut described = BTreeSet::new();
    for table in document.split("<table ").skip(1) {
        let table_name = names(table)[0].to_owned();
        for column in table.split("<column ").skip(1) {
            let datatype = between(column, "\"vod:VOTableType\">", "<")[0].to_owned();
            described.insert((table_name.clone(), names(column)[0].replace("&quot;", "\""), datatype));
        }
    }
    assert_eq!(schema, described);
    let keys = service.rows("SELECT k.from_table, c.from_column FROM tap_schema.keys AS k JOIN tap_schema.key_columns AS c ON k.key_id = c.key_id");
    assert_eq!(keys.len(), document.matches("<foreignKey>").count());
}

#[test]
fn every_table_can_be_read_and_says_so() {
    let service = Service::new();
    for row in service.rows("SELECT table_name FROM tap_schema.tables") {
        let name = &row[0];
        let (table, _) = service.query(&format!("SELECT TOP 5 * FROM {name}"), "votable").table();
        assert!(table.rows() > 0, "{name} is empty");
        let columns = service.rows(&format!("SELECT column_name FROM tap_schema.columns WHERE table_name = '{name}'"));
        assert_eq!(table.columns.len(), columns.len(), "{name}");
        let document = service.get(&format!("tables/{name}")).text();
        assert_eq!(document.matches("<column ").count(), columns.len(), "{name}");
    }
}

#[test]
fn the_main_table_is_shaped_like_the_real_one() {
    let service = Service::new();
    let columns =
        service.rows("SELECT column_name, unit FROM tap_schema.columns WHERE table_name = 'gaiadr3.gaia_source'");
    assert!(columns.len() >= 60, "{}", columns.len());
    let unit = |name: &str| columns.iter().find(|row| row[0] == name).map(|row| row[1].as_str());
    assert_eq!(unit("parallax"), Some("mas"));
    assert_eq!(unit("pmra"), Some("mas.yr**-1"));
    assert_eq!(unit("logg_gspphot"), Some("log(cm.s**-2)"));
    let schemas = service.rows("SELECT description FROM tap_schema.schemas WHERE schema_name = 'gaiadr3'");
    assert!(schemas[0][0].contains("SYNTHETIC"), "{schemas:?}");
    let indexed = service
        .rows("SELECT column_name FROM tap_schema.columns WHERE table_name = 'gaiadr3.gaia_source' AND indexed = 1");
    assert!(indexed.iter().any(|row| row[0] == "source_id"));
}

#[test]
fn users_see_their_own_schema_beside_the_public_ones() {
    let service = Service::new();
    let demo = User::of(&service, "demo");
    let empty = demo.get("tables?only_tables=true").text();
    assert!(empty.contains("<schema esatapplus:public=\"false\">\n<name>user_demo</name>"), "{empty}");
    demo.upload(&[("TABLE_NAME", "stars"), ("FORMAT", "csv"), ("TABLE_DESC", "<b>]]>")], b"a,Order\n1,2\n3,4\n");
    let document = demo.get("tables").text();
    assert!(document.contains("<schema esatapplus:public=\"true\">\n<name>gaiadr3</name>"));
    let own = document.split("<name>user_demo</name>").nth(1).unwrap();
    assert_eq!(names(own), ["user_demo.stars", "stars_oid", "a", "&quot;Order&quot;"]);
    assert!(own.contains("esatapplus:size=\"2\"") && own.contains("esatapplus:hierarchy=\"User tables\""), "{own}");
    let bytes: u64 = between(own, "size_bytes=\"", "\"")[0].parse().unwrap();
    assert!(bytes > 0);
    assert!(own.contains("<![CDATA[<b>]]]]><![CDATA[>]]>"), "{own}");
    let key = between(own, "<column ", "</column>")[0];
    assert!(
        key.contains("esatapplus:flags=\"16\"") && key.contains("<flag>indexed</flag>\n<flag>primary</flag>"),
        "{key}"
    );
    assert!(key.contains("Object Identifier"));

    assert_eq!(names(&demo.get("tables?only_schemas=true").text()).last(), Some(&"user_demo"));
    assert_eq!(names(&demo.get("tables?schemas=user_demo&only_tables=true").text()), ["user_demo", "user_demo.stars"]);
    let one = demo.get("tables?tables=USER_DEMO.%22Stars%22&only_tables=true&share_info=true").text();
    assert_eq!(names(&one)[..2], ["user_demo", "user_demo.stars"]);
    assert!(one.contains("<shareInfo></shareInfo>") && one.contains("<column "), "{one}");
    assert_eq!(demo.get("tables/user_demo.stars").text().matches("<column ").count(), 3);
    assert_eq!(service.get("tables").text(), User::nobody(&service).get("tables").text());
}

#[test]
fn tap_schema_is_in_step_with_the_tables_of_a_user() {
    let service = Service::new();
    let demo = User::of(&service, "demo");
    let public = service.rows("SELECT table_name FROM tap_schema.tables");
    assert_eq!(demo.rows("SELECT table_name FROM tap_schema.tables"), public);
    demo.upload(&[("TABLE_NAME", "stars"), ("FORMAT", "csv"), ("TABLE_DESC", "it's")], b"ra,dec,n\n1,2,3\n");
    demo.upload(&[("TABLE_NAME", "odd name"), ("FORMAT", "csv")], b"a\n1\n");
    let mine = demo.rows("SELECT schema_name, table_name, description FROM tap_schema.tables WHERE schema_name LIKE 'user%' ORDER BY table_name");
    assert_eq!(mine.len(), 2, "{mine:?}");
    assert!(mine.iter().any(|row| row[1..] == ["user_demo.stars", "it's"]), "{mine:?}");
    assert_eq!(
        demo.rows("SELECT COUNT(*) FROM columns WHERE table_name = 'user_demo.stars'"),
        [["4"]],
        "without schema too"
    );
    let columns = "SELECT c.column_name, c.datatype, c.indexed FROM tap_schema.schemas AS s JOIN tap_schema.tables AS t
                   ON s.schema_name = t.schema_name JOIN tap_schema.columns AS c ON c.table_name = t.table_name
                   WHERE t.table_name = 'user_demo.stars' ORDER BY c.column_index";
    let expected = [["stars_oid", "long", "1"], ["ra", "long", "1"], ["dec", "long", "1"], ["n", "long", "0"]];
    assert_eq!(demo.rows(columns), expected);
    let id = demo.run(columns);
    assert_eq!(demo.get(&format!("async/{id}/results/result")).table().0.rows(), 4);
    assert!(service.rows(columns).is_empty());
    assert_eq!(service.rows("SELECT table_name FROM tap_schema.tables"), public);
    assert_eq!(demo.rows("SELECT COUNT(*) FROM tap_schema.keys"), service.rows("SELECT COUNT(*) FROM tap_schema.keys"));
}
