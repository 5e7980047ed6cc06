//! GloTS: tables of many services.

use crate::service::{Service, TAP, encode};

#[test]
fn tables_are_found_by_their_words() {
    let service = Service::new();
    for query in [
        "ACTION=search_tables&KEYWORD=prism+qso&FORMAT=csv",
        "action=search_table&keyword=QSO%20PRISM&format=CSV&mode=all",
        "ACTION=search_tables&KEYWORD=qso&MODE=table_description&FORMAT=csv",
        "ACTION=search_tables&KEYWORD=134/483&MODE=table_name&FORMAT=csv",
    ] {
        let response = service.get(&format!("glots?{query}"));
        assert_eq!((response.status, response.header("content-type")), (200, "text/csv"), "{query}");
        let expected = "accessurl,ivoid,table_name,table_desc,utype\n\
             http://tap.attic.example/tap,ivo://attic.example/tap,J/A+AS/134/483/table3,\
             \"Invented: new QSOs from an imagined objective prism survey (Nobody A., Noone B.)\", \n";
        assert_eq!(response.text(), expected, "{query}");
    }
    for query in ["KEYWORD=qso+nosuchword", "KEYWORD=prism&MODE=table_name"] {
        let text = service.get(&format!("glots?ACTION=search_tables&FORMAT=csv&{query}")).text();
        assert_eq!(text.lines().count(), 1, "{query}: {text}");
    }
}

#[test]
fn the_sandbox_itself_is_among_them() {
    let service = Service::new();
    let text = service.get("glots?ACTION=search_tables&KEYWORD=gaiadr3.gaia_source&FORMAT=csv").text();
    let own = text.lines().filter(|line| line.starts_with(&format!("{TAP},ivo://parallax.sandbox/tap,gaiadr3.")));
    assert_eq!(own.count(), 1, "{text}");
    assert!(text.contains("http://neighbour.sandbox/tap-server/tap,"), "{text}");
    let columns = service
        .get("glots?ACTION=get_columns&IVOID=ivo://parallax.sandbox/tap&TABLE_NAME=gaiadr3.gaia_source&FORMAT=csv");
    let text = columns.text();
    assert!(text.contains(",gaiadr3.gaia_source,source_id,"), "{text}");
    assert!(text.contains(",BIGINT,mt.size,"), "{text}");
}

#[test]
fn columns_have_the_archives_garbled_header() {
    let service = Service::new();
    let table = encode("J/A+AS/134/483/table3");
    let path = format!("glots?ACTION=get_columns&IVOID=ivo://attic.example/tap&TABLE_NAME={table}");
    let text = service.get(&format!("{path}&FORMAT=csv")).text();
    let mut lines = text.lines();
    assert_eq!(
        lines.next(),
        Some("ivoid,table_name,column_name,description,unit,ucd,utype,datatype,ndhnpmiighpa,principal,indexed,std")
    );
    let row =
        "ivo://attic.example/tap,J/A+AS/134/483/table3,Bmag,B magnitude,mag,phot.mag;em.opt.B, ,DOUBLE,mt.size,0,0,1";
    assert!(lines.any(|line| line == row), "{text}");
    let (table, status) = service.get(&path).table();
    assert_eq!((table.columns.len(), table.rows(), status), (12, 6, votable::Status::Ok));
    assert_eq!(table.columns[6].display(0).to_string(), " ");
    assert_eq!(service.get("glots?ACTION=get_columns&IVOID=ivo://x&TABLE_NAME=y&FORMAT=csv").text().lines().count(), 1);
}

#[test]
fn wrong_requests_are_told_in_xml() {
    let service = Service::new();
    for (query, words) in [
        ("", "Not found required parameter 'ACTION'"),
        ("ACTION=search_tables", "Not found required parameter 'KEYWORD'"),
        ("ACTION=get_columns&IVOID=x", "Not found required parameter 'TABLE_NAME'"),
        ("ACTION=drop_tables", "drop_tables"),
        ("ACTION=search_tables&KEYWORD=x&MODE=nix", "Unknown MODE"),
        ("ACTION=search_tables&KEYWORD=x&FORMAT=fits", "Unknown FORMAT"),
    ] {
        let response = service.get(&format!("glots?{query}"));
        assert_eq!((response.status, response.header("content-type")), (400, "application/x-votable+xml"), "{query}");
        let text = response.text();
        assert!(text.contains("<INFO name=\"QUERY_STATUS\" value=\"ERROR\">") && text.contains(words), "{text}");
    }
}

#[test]
fn every_service_is_marked_as_invented() {
    let service = Service::new();
    let text = service.get("glots?ACTION=search_tables&KEYWORD=&FORMAT=csv").text();
    assert!(text.contains("Required parameter 'KEYWORD' cannot be null"), "an empty word finds nothing: {text}");
    let text = service.get("glots?ACTION=search_tables&KEYWORD=a&FORMAT=csv").text();
    let invented: Vec<&str> = text.lines().filter(|line| line.contains(".example/")).collect();
    assert!(invented.len() >= 12, "{text}");
    assert!(invented.iter().all(|line| line.contains("Invented:")), "{invented:?}");
}
