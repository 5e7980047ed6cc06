//! The traps of the protocol, by their numbers in the team's reference of it: which test holds each that concerns a server, and
//! why the others do not. The list itself is checked: a test that is named here must exist.

use crate::service::Service;

/// A trap: held by tests (`file::test`), or somebody else's business.
enum Held {
    By(&'static [&'static str]),
    Client(&'static str),
}

use Held::{By, Client};

const TRAPS: &[(u8, &str, Held)] = &[
    (
        1,
        "a script cannot read Location",
        Client("fetch hides it; the server sends it, as jobs::a_job_lives_as_uws_says holds"),
    ),
    (2, "redirect: manual looks like a failure", Client("a way of calling fetch")),
    (
        3,
        "xlink:href may be encoded as a whole",
        By(&["jobs::a_job_lives_as_uws_says", "sessions::the_older_archive_wrote_otherwise"]),
    ),
    (
        4,
        "documents must be well-formed",
        By(&["documents::documents_are_well_formed", "documents::strict_documents_keep_to_the_schemas"]),
    ),
    (5, "bundles are ZIP, not gzip", By(&["datalink::bundles_hold_what_is_asked_for"])),
    (6, "gzip comes with Content-Encoding", By(&["traps::gzip_says_that_it_is_gzip"])),
    (
        7,
        "gzip must not be wrapped twice",
        By(&["traps::gzip_says_that_it_is_gzip", "faults::gzip_is_cut_miscounted_and_doubled"]),
    ),
    (8, "Content-Length counts the compressed bytes", By(&["traps::gzip_says_that_it_is_gzip"])),
    (9, "identifiers keep all their digits", By(&["formats::all_formats_hold_the_same_rows"])),
    (10, "JSON has identifiers as numbers", By(&["formats::all_formats_hold_the_same_rows"])),
    (11, "the data server refuses votable_gzip", By(&["datalink::what_is_wrong_is_said_in_the_archives_plain_text"])),
    (12, "the two servers have sessions of their own", By(&["sessions::the_two_servers_have_sessions_of_their_own"])),
    (13, "SESSION counts, not JSESSIONID", By(&["sessions::the_session_cookie_alone_says_who_asks"])),
    (14, "cookies are HttpOnly and SameSite=Lax", By(&["sessions::cookies_have_the_attributes_that_were_recorded"])),
    (15, "a failed login sets no cookie", By(&["sessions::a_failed_login_is_no_login"])),
    (
        16,
        "a session that is over is nobody's, silently",
        By(&["sessions::an_expired_session_is_nobody_without_a_word"]),
    ),
    (
        17,
        "users_list replaces, user_list is an alias",
        By(&["sharing::the_list_of_users_replaces_and_an_empty_one_changes_nothing"]),
    ),
    (18, "search_table and search_tables, KEYWORD in any case", By(&["glots::tables_are_found_by_their_words"])),
    (
        19,
        "JOB_UPLOAD in both spellings",
        By(&["user_tables::results_of_jobs_are_read_by_their_owner_in_both_spellings"]),
    ),
    (20, "paths are told apart by case", By(&["user_tables::paths_are_told_apart_by_case"])),
    (
        21,
        "deleting by either name; no dots in names",
        By(&["user_tables::a_table_is_removed_by_either_name", "user_tables::names_may_be_hostile"]),
    ),
    (22, "Upload answers 200 text/html", By(&["user_tables::a_table_is_made_of_each_format"])),
    (23, "only VOTable on the fly", By(&["uploads::what_is_no_table_says_why"])),
    (24, "PHASE in a multipart body counts", By(&["traps::a_multipart_request_starts_its_job"])),
    (25, "polling", Client("a matter of clients; WAIT is there, jobs::a_request_waits_for_the_next_phase")),
    (26, "DELETE redirects to the list", By(&["jobs::a_job_lives_as_uws_says"])),
    (
        27,
        "GET with a query makes a job, with filters a list",
        By(&["jobs::a_get_with_a_query_makes_a_job", "jobs::lists_are_filtered_sorted_and_paged"]),
    ),
    (
        28,
        "events block and are consumed",
        By(&["events::a_look_consumes_nothing_and_a_read_does", "events::a_read_waits_for_the_next_event"]),
    ),
    (29, "notifications may hold = and markup", By(&["notifications::everybody_sees_the_notice"])),
    (
        30,
        "descriptions are CDATA that cannot be left",
        By(&["metadata::users_see_their_own_schema_beside_the_public_ones"]),
    ),
    (31, "dataType without arraysize", By(&["metadata::the_main_table_is_shaped_like_the_real_one"])),
    (
        32,
        "the prefix is esatapplus, children are unqualified",
        By(&["metadata::the_main_table_is_shaped_like_the_real_one"]),
    ),
    (33, "flags with 32 added", Client("the sandbox sends 1 to 16 only; who reads it must know both")),
    (
        34,
        "times in UTC, quote nil; of old +0200 and -1",
        By(&["jobs::a_job_lives_as_uws_says", "sessions::the_older_archive_wrote_otherwise"]),
    ),
    (35, "rows, total, offset cannot be trusted", Client("the sandbox counts right")),
    (
        36,
        "names of parameters in any case; responseformat",
        By(&["formats::responseformat_comes_before_format", "queries::get_and_post_are_the_same"]),
    ),
    (37, "several RESOURCEs in a result", By(&["traps::a_result_names_the_service_for_its_sources"])),
    (38, "ID in capitals, name in small letters", By(&["traps::a_result_names_the_service_for_its_sources"])),
    (39, "OVERFLOW behind the table", By(&["queries::a_synchronous_query_stops_at_its_cap"])),
    (40, "missing products are silent", By(&["datalink::links_products_and_flags_agree"])),
    (41, "at most 5000 sources", By(&["datalink::five_thousand_sources_are_the_limit"])),
    (
        42,
        "both vocabularies of DATA_STRUCTURE",
        By(&["datalink::every_product_reads_back_in_every_format_and_structure"]),
    ),
    (43, "CSV of products has columns of its own", By(&["datalink::columns_are_those_of_the_data_model"])),
    (44, "RELEASE with a plus", By(&["datalink::identifiers_come_in_every_form"])),
    (45, "a plus in a GET is a blank", By(&["queries::get_and_post_are_the_same"])),
    (46, "long lists need POST", By(&["traps::a_long_list_fits_into_a_post"])),
    (47, "no WWW-Authenticate", By(&["sessions::a_failed_login_is_no_login"])),
    (
        48,
        "errors of the data server leak session and address",
        Client("the sandbox has its shape but nothing to leak; hostile::harmless looks"),
    ),
    (49, "maintenance pages", By(&["faults::pages_stand_in_for_answers"])),
    (50, "X-Frame-Options", By(&["sessions::cookies_have_the_attributes_that_were_recorded"])),
    (
        51,
        "the boundary of FormData",
        Client("a way of calling fetch; boundaries of any shape are read, parameters::multipart_of_any_client"),
    ),
    (52, "jobs of nobody are everybody's", By(&["sessions::a_job_of_nobody_is_read_by_whoever_knows_it"])),
    (
        53,
        "other services only from a list",
        By(&[
            "external::private_places_are_not_asked_unless_the_operator_says_so",
            "external::redirects_stay_with_services_that_may_be_asked",
        ]),
    ),
    (54, "capitals need quotes", By(&["user_tables::names_with_capitals_are_kept_and_quoted"])),
    (55, "units in quotes", By(&["queries::units_and_nulls_arrive"])),
];

/// The tests, by file.
const FILES: &[(&str, &str)] = &[
    ("datalink", include_str!("datalink.rs")),
    ("documents", include_str!("documents.rs")),
    ("events", include_str!("events.rs")),
    ("external", include_str!("external.rs")),
    ("faults", include_str!("faults.rs")),
    ("formats", include_str!("formats.rs")),
    ("glots", include_str!("glots.rs")),
    ("jobs", include_str!("jobs.rs")),
    ("metadata", include_str!("metadata.rs")),
    ("notifications", include_str!("notifications.rs")),
    ("queries", include_str!("queries.rs")),
    ("sessions", include_str!("sessions.rs")),
    ("sharing", include_str!("sharing.rs")),
    ("traps", include_str!("traps.rs")),
    ("uploads", include_str!("uploads.rs")),
    ("user_tables", include_str!("user_tables.rs")),
];

#[test]
fn every_trap_is_held_by_a_test_that_exists() {
    assert!(TRAPS.iter().map(|(number, ..)| *number).eq(1..=55));
    let (mut held, mut others) = (0, 0);
    for (number, what, by) in TRAPS {
        match by {
            Client(why) => {
                assert!(!why.is_empty());
                others += 1;
            }
            By(tests) => {
                for test in *tests {
                    let (file, name) = test.split_once("::").unwrap();
                    let source = FILES.iter().find(|(known, _)| *known == file).map(|(_, source)| *source);
                    let source = source.unwrap_or_else(|| panic!("{number} {what}: no file {file}"));
                    assert!(source.contains(&format!("#[test]\nfn {name}()")), "{number} {what}: no test {test}");
                }
                held += 1;
            }
        }
    }
    println!("traps: {held} held by tests, {others} of clients alone, {} in all", TRAPS.len());
}

#[test]
fn gzip_says_that_it_is_gzip() {
    let service = Service::new();
    let response = service.query("SELECT TOP 5 source_id FROM gaiadr3.gaia_source", "votable_gzip");
    assert_eq!(response.header("content-encoding"), "gzip");
    assert_eq!(response.header("content-length"), response.body.len().to_string());
    let mut inflated = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&response.body[..]), &mut inflated).unwrap();
    assert!(inflated.starts_with(b"<?xml"), "once, not twice");
    let plain = service.query("SELECT TOP 5 source_id FROM gaiadr3.gaia_source", "votable");
    assert_eq!(plain.header("content-encoding"), "");
}

#[test]
fn a_multipart_request_starts_its_job() {
    let service = Service::new();
    let query = "SELECT TOP 1 ra FROM gaiadr3.gaia_source";
    let response = service.multipart("async", &[("QUERY", query), ("LANG", "ADQL"), ("PHASE", "RUN")], &[]);
    let id = crate::service::id(&response);
    assert_eq!(service.phase(&id), "QUEUED");
    service.work();
    assert_eq!(service.phase(&id), "COMPLETED");
}

#[test]
fn a_result_names_the_service_for_its_sources() {
    let service = Service::new();
    let text =
        service.query("SELECT TOP 1 designation, source_id, ra FROM gaiadr3.gaia_source", "votable_plain").text();
    for (id, name) in [("DESIGNATION", "designation"), ("SOURCE_ID", "source_id")] {
        let field = text.split("<FIELD ").find(|field| field.contains(&format!("name=\"{name}\""))).unwrap();
        assert!(field.contains(&format!("ID=\"{id}\"")), "{field}");
    }
    let results = text.find("<RESOURCE type=\"results\"").unwrap();
    let service = text.find("utype=\"adhoc:service\"").unwrap();
    assert!(
        text[results..service].contains("</RESOURCE>"),
        "the service stands in a RESOURCE of its own, behind the rows"
    );
    assert!(text[service..].contains("ref=\"DESIGNATION\""));
}

#[test]
fn a_long_list_fits_into_a_post() {
    let service = Service::new();
    let list: Vec<String> = (0..20_000_i64).map(|n| (4_000_000_000_000_000_000 + n).to_string()).collect();
    let query = format!("SELECT COUNT(*) AS n FROM gaiadr3.gaia_source WHERE source_id IN ({})", list.join(", "));
    assert_eq!(service.rows(&query), [["0"]]);
}
