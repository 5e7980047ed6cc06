//! What the service says of its tables: `/tables` with its filters, TAP_SCHEMA, results.

use std::collections::BTreeSet;

use crate::service::Service;

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
