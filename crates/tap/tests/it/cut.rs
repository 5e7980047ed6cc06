//! Documents that end too early or are damaged: an error or a part, never a panic, never a wrong whole.

use tap::{
    Error, error_in_ok_body, uws,
    vosi::{parse_availability, parse_capabilities, parse_examples, parse_tables},
};

use crate::documents::read;

const DOCUMENTS: [&str; 27] = [
    "availability.xml",
    "capabilities.xml",
    "data_server.txt",
    "error_after_table.xml",
    "error_esa.html",
    "error_votable.xml",
    "examples.xml",
    "glots_columns.csv",
    "glots_tables.csv",
    "job_esa_2014.xml",
    "job_esa_2016.xml",
    "job_esa_error.xml",
    "job_plain_names.xml",
    "job_uws11.xml",
    "job_without_phase.xml",
    "jobs_references.xml",
    "jobs_tapplus.xml",
    "jobs_uws11.xml",
    "login_page.html",
    "maintenance.html",
    "notifications.txt",
    "result_overflow.xml",
    "shared_groups.xml",
    "shared_items.xml",
    "table_single.xml",
    "tables_tapplus.xml",
    "tomcat.html",
];

/// Every parser gets everything; what they answer is of no interest here.
fn feed(bytes: &[u8]) {
    let _ = uws::parse_job(bytes);
    let _ = uws::parse_jobs(bytes);
    let _ = uws::parse_phase(bytes);
    let _ = uws::parse_parameters(bytes);
    let _ = uws::parse_results(bytes);
    let _ = parse_tables(bytes);
    let _ = parse_capabilities(bytes);
    let _ = parse_availability(bytes);
    let _ = parse_examples(bytes);
    let _ = tap::events::parse_events(bytes);
    let _ = tap::notifications::parse_notifications(bytes);
    let _ = tap::users::parse_users(bytes);
    let _ = tap::share::parse_groups(bytes);
    let _ = tap::share::parse_shared_items(bytes);
    let _ = tap::share::parse_share_users(bytes);
    let _ = tap::share::parse_reply(bytes);
    let _ = tap::glots::parse_tables(bytes);
    let _ = tap::glots::parse_columns(bytes);
    let _ = tap::jobs::parse_delete_report(bytes);
    let _ = tap::session::parse_sessions(bytes);
    let _ = tap::user_tables::parse_upload("/tap-server/tap", None, bytes);
    let _ = error_in_ok_body(None, bytes);
    let _ = Error::from_response(500, None, None, bytes);
    let text = String::from_utf8_lossy(bytes);
    let _ = tap::html::to_text(&text);
    let _ = tap::datalink::parse_identifiers(&text);
    let _ = tap::datalink::parse_member(&text);
    let _ = tap::datalink::link_place("/data-server", &text);
    let _ = tap::external::service_url(&text);
    let _ = tap::user_tables::stored_name(&text);
    let _ = tap::name::table(&text, true);
}

#[test]
fn cut_anywhere() {
    for name in DOCUMENTS {
        let bytes = read(name);
        for end in (0..bytes.len()).step_by(13) {
            feed(&bytes[..end]);
        }
    }
}

#[test]
fn damaged_anywhere() {
    // A small linear congruential generator: the same damage in every run.
    let mut seed = 1_u64;
    let mut random = move |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    for name in DOCUMENTS {
        let whole = read(name);
        for _ in 0..40 {
            let mut bytes = whole.clone();
            for _ in 0..3 {
                let at = random(bytes.len());
                bytes[at] = b"<>&;\"'/! \x00\xFF[]{}$\\"[random(17)];
            }
            feed(&bytes);
        }
    }
}

#[test]
fn a_cut_job_is_no_job() {
    let bytes = read("job_uws11.xml");
    let last_end = bytes.windows(10).rposition(|window| window == b"</uws:job>").unwrap();
    let inside = bytes.windows(18).rposition(|window| window == b"</uws:parameters>\n").unwrap();
    assert!(uws::parse_job(&bytes[..last_end]).is_ok(), "only the root's end tag is missing");
    assert!(matches!(uws::parse_job(&bytes[..inside]), Err(Error::Truncated { .. })));
    assert!(matches!(uws::parse_job(&bytes[..inside - 100]), Err(Error::Truncated { .. })));
}

#[test]
fn a_cut_table_set_is_no_table_set() {
    let bytes = read("tables_tapplus.xml");
    for end in (200..bytes.len() - 20).step_by(11) {
        let result = parse_tables(&bytes[..end]);
        assert!(result.is_err(), "{end}: {result:?}");
    }
}

#[test]
fn cut_lists_of_sharing_are_no_lists() {
    for name in ["shared_groups.xml", "shared_items.xml"] {
        let bytes = read(name);
        for end in 0..bytes.len() - 20 {
            let (groups, items) =
                (tap::share::parse_groups(&bytes[..end]), tap::share::parse_shared_items(&bytes[..end]));
            assert!(groups.is_err() && items.is_err(), "{end}: {groups:?} {items:?}");
        }
    }
}

#[test]
fn cut_answers_of_glots_are_a_prefix_or_an_error() {
    let bytes = [read("glots_tables.csv").as_slice(), b"u,i,second,\"a \"\"b\"\" c\",\n"].concat();
    let whole = tap::glots::parse_tables(&bytes).unwrap();
    for end in 0..bytes.len() {
        if let Ok(part) = tap::glots::parse_tables(&bytes[..end]) {
            let done = part.len().saturating_sub(1);
            assert!(part.len() <= whole.len() && part[..done] == whole[..done], "{end}");
        }
    }
}
