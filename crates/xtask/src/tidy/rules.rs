//! The rules themselves. Most forbid words in some folders: a table says which, where, and why.

use super::Violation;
use super::source::{Line, Source};

/// Words that may not stand in the code of some folders.
struct Absence {
    within: &'static [&'static str],
    except: &'static [&'static str],
    /// Unit tests at the end of a file and `tests/`, `benches/`, `examples/` and binaries may use the words.
    tests_may: bool,
    words: &'static [&'static str],
    reason: &'static str,
}

const SANS_IO: &[&str] = &["crates/table", "crates/votable", "crates/tap", "crates/adql", "crates/workbench"];

const ABSENCES: &[Absence] = &[
    Absence {
        within: SANS_IO,
        except: &[],
        tests_may: true,
        words: &["web_sys", "js_sys", "wasm_bindgen", "leptos", "gloo_", "tokio"],
        reason: "this crate knows neither the browser nor a runtime (invariant 1)",
    },
    Absence {
        within: SANS_IO,
        except: &[],
        tests_may: true,
        words: &["std::fs", "std::net", "std::process", "File::open", "TcpStream"],
        reason: "bytes come in and go out: no file and no socket in this crate (invariant 1)",
    },
    Absence {
        within: SANS_IO,
        except: &[],
        tests_may: true,
        words: &["SystemTime", "Instant::now", "time::Instant", "thread::sleep"],
        reason: "time comes in as an argument: no clock in this crate (invariant 1)",
    },
    Absence {
        within: &["src"],
        except: &["src/fetch.rs", "src/fetch/"],
        tests_may: false,
        words: &["fetch_with_", "gloo_net", "XmlHttpRequest", "EventSource", "WebSocket", "send_beacon"],
        reason: "requests leave through src/fetch.rs only (invariant 2)",
    },
    Absence {
        within: &["src"],
        except: &["src/state/storage.rs", "src/state/storage/"],
        tests_may: false,
        words: &[
            "IdbFactory",
            "IdbDatabase",
            "IdbObjectStore",
            "IdbTransaction",
            "indexed_db(",
            "idb::",
            "local_storage(",
        ],
        reason: "the browser's storage is behind src/state/storage.rs (invariant 2)",
    },
    Absence {
        within: &["src", "crates/sandbox", "crates/gateway", "crates/workbench", "crates/votable"],
        except: &["src/views/about.rs", "crates/sandbox", "crates/gateway"],
        tests_may: true,
        words: &[
            "/tap-server/",
            "/data-server/",
            "}/sync",
            "}/async",
            "+ \"/sync",
            "+ \"/async",
            "push_str(\"/sync",
            "push_str(\"/async",
        ],
        reason: "addresses at an archive are made in crates/tap/src/request.rs only (invariant 2)",
    },
    Absence {
        within: &["src/components", "src/components.rs"],
        except: &[],
        tests_may: false,
        words: &["crate::state", "crate::actions", "crate::fetch", "crate::worker_client"],
        reason: "a component is given values and callbacks, it does not know the application (invariant 3)",
    },
    Absence {
        within: &["src/views", "src/views.rs"],
        except: &[],
        tests_may: false,
        words: &["crate::fetch", "crate::worker_client", "crate::state::storage", "votable::Reader", "quick_xml"],
        reason: "a view shows state and calls actions: no request, parser or storage of its own (invariant 3)",
    },
    Absence {
        within: &["src", "tests/web.rs", "editor"],
        except: &[],
        tests_may: false,
        words: &[
            "inner_html",
            "innerHTML",
            "outerHTML",
            "outer_html",
            "insert_adjacent_html",
            "insertAdjacentHTML",
            "document.write",
        ],
        reason: "what a service sends is text, never markup (invariant 4)",
    },
    Absence {
        within: &["src", "crates"],
        except: &["crates/xtask"],
        tests_may: false,
        words: &[
            "source_id as f",
            "source_id: f32",
            "source_id: f64",
            "solution_id as f",
            "solution_id: f64",
            "job_id: f64",
        ],
        reason: "an identifier has 64 bits: it never passes through a float (invariant 5)",
    },
    Absence {
        within: &["index.html", "style", "editor"],
        except: &[],
        tests_may: false,
        words: &[
            "src=\"http",
            "href=\"http",
            "url(http",
            "url(\"http",
            "url('http",
            "@import",
            "import(\"http",
            "from \"http",
        ],
        reason: "the page loads nothing from elsewhere (invariant 6)",
    },
    Absence {
        within: &["src", "crates", "tests"],
        except: &["crates/xtask/src/tidy/", "crates/votable/src", "crates/table/src"],
        tests_may: false,
        words: &["unsafe {", "unsafe fn", "unsafe impl", "allow(unsafe_code)", "expect(unsafe_code)"],
        reason: "no unsafe code (invariant 7)",
    },
];

/// Words that may stand in no file at all, with the part of the reason that differs.
const NOWHERE: &[(&str, &str)] = &[
    ("/root/", "a path of one machine"),
    ("/home/", "a path of one machine"),
    ("/work/", "a path of one machine"),
    ("/tmp/", "a path of one machine"),
    ("registry.npmjs", "a package registry's host"),
    ("index.crates.io", "a package registry's host"),
    ("static.crates.io", "a package registry's host"),
    ("files.pythonhosted", "a package registry's host"),
    ("pypi.org", "a package registry's host"),
    ("artifactory", "a package registry's host"),
];

/// Every violation in `sources`.
pub fn check(sources: &[Source]) -> Vec<Violation> {
    let mut found = Vec::new();
    for source in sources {
        absences(source, &mut found);
        head(source, &mut found);
        dependencies(source, &mut found);
        nowhere(source, &mut found);
    }
    unsafe_places(sources, &mut found);
    routes(sources, &mut found);
    found
}

fn violation(source: &Source, line: usize, reason: impl Into<String>) -> Violation {
    Violation { file: source.name.clone(), line, reason: reason.into() }
}

fn absences(source: &Source, found: &mut Vec<Violation>) {
    for rule in ABSENCES {
        if !source.below(rule.within) || source.below(rule.except) || (rule.tests_may && is_test_or_binary(source)) {
            continue;
        }
        if source.name.starts_with("crates/") && !source.is_rust() {
            continue;
        }
        let mut look = |line: Line| {
            if let Some(word) = rule.words.iter().find(|word| line.code.contains(**word)) {
                found.push(violation(source, line.number, format!("`{word}`: {}", rule.reason)));
            }
        };
        if rule.tests_may {
            source.product_code().for_each(&mut look);
        } else {
            source.code().for_each(&mut look);
        }
    }
}

/// Tests, benchmarks, examples and binaries, which may read files.
fn is_test_or_binary(source: &Source) -> bool {
    let name = &source.name;
    ["/tests/", "/benches/", "/examples/", "/fuzz/", "/src/bin/"].iter().any(|part| name.contains(part))
        || (name.starts_with("crates/") && (name.ends_with("/src/main.rs") || name.ends_with("/tests.rs")))
}

/// Every Rust file says in its first line what it is for.
fn head(source: &Source, found: &mut Vec<Violation>) {
    if source.is_rust() && !source.text.starts_with("//! ") {
        found.push(violation(source, 1, "a file opens with `//!` and what it is for"));
    }
}

/// The sans-IO crates do not even depend on what they may not use.
fn dependencies(source: &Source, found: &mut Vec<Violation>) {
    if !source.name.ends_with("Cargo.toml") || !source.below(SANS_IO) {
        return;
    }
    let mut product = false;
    for (index, line) in source.text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('[') {
            product = line.contains("dependencies") && !line.contains("dev-dependencies");
        }
        let name = line.split(['=', '.', ' ']).next().unwrap_or("");
        let forbidden =
            ["tokio", "leptos", "web-sys", "js-sys", "wasm-bindgen", "gloo-net", "gloo-timers", "reqwest", "hyper"];
        if product && forbidden.contains(&name) {
            found.push(violation(
                source,
                index + 1,
                format!("`{name}`: this crate knows neither browser nor runtime (invariant 1)"),
            ));
        }
    }
}

fn nowhere(source: &Source, found: &mut Vec<Violation>) {
    if source.below(&["crates/xtask/src/tidy/"]) {
        return;
    }
    for (index, line) in source.text.lines().enumerate() {
        for (word, what) in NOWHERE {
            // `./tmp/` and `x/home/` are parts of relative paths and addresses, `/home/` after a blank or quote is not.
            let whole = line.match_indices(word).any(|(at, _)| {
                !word.starts_with('/')
                    || !line[..at].ends_with(|before: char| before.is_alphanumeric() || "._-}$~*".contains(before))
            });
            if whole {
                found.push(violation(
                    source,
                    index + 1,
                    format!("`{word}`: {what} has no place in the project's files"),
                ));
            }
        }
    }
}

/// One place with unsafe code is the most there may be, in `table` or `votable`, and none is better.
fn unsafe_places(sources: &[Source], found: &mut Vec<Violation>) {
    let mut places = sources
        .iter()
        .filter(|source| source.is_rust() && source.below(&["crates/votable/src", "crates/table/src"]))
        .flat_map(|source| {
            source
                .code()
                .filter(|line| line.code.contains("allow(unsafe_code)") || line.code.contains("expect(unsafe_code)"))
                .map(move |line| (source, line.number))
        });
    places.next();
    for (source, line) in places {
        found.push(violation(source, line, "a second place with unsafe code (invariant 7)"));
    }
}

/// Every address of the application is named in the README.
fn routes(sources: &[Source], found: &mut Vec<Violation>) {
    let Some(routes) = sources.iter().find(|source| source.name == "src/routes.rs") else { return };
    let readme = sources.iter().find(|source| source.name == "README.md").map_or("", |source| source.text.as_str());
    let mut seen: Vec<&str> = Vec::new();
    for line in routes.product_code() {
        for name in names(line.code) {
            if !seen.contains(&name) && !readme.contains(&format!("#/{name}")) {
                seen.push(name);
                found.push(violation(routes, line.number, format!("the route `#/{name}` is not named in README.md")));
            }
        }
    }
}

/// The views that a line of `src/routes.rs` names: `Self::Jobs => "jobs"` or `"jobs" => …`.
fn names(code: &str) -> Vec<&str> {
    let Some((left, right)) = code.split_once("=>") else { return Vec::new() };
    let literal = |text: &'_ str| -> Option<(usize, usize)> {
        let text = text.trim_end_matches([',', ' ']);
        let start = text.find('"')? + 1;
        let end = start + text[start..].find('"')?;
        Some((start, end))
    };
    let side = if left.contains("View::") || left.contains("Self::") { right } else { return Vec::new() };
    literal(side)
        .map(|(start, end)| &side[start..end])
        .filter(|name| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_' || byte == b'-')
        })
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: [usize; 0] = [];

    /// The lines of one made-up file that break a rule.
    fn lines(name: &str, text: &str) -> Vec<usize> {
        check(&[Source::new(name, text)]).iter().map(|violation| violation.line).collect()
    }

    #[test]
    fn sans_io_crates_know_no_browser_file_or_clock() {
        let text = "//! Head.\nuse web_sys::Window;\n// web_sys in a comment\nuse std::time::Duration;\nlet x = std::fs::read(p);\nlet t = Instant::now();\n";
        assert_eq!(lines("crates/tap/src/uws.rs", text), [2, 5, 6]);
        assert_eq!(lines("crates/gateway/src/lib.rs", text), NONE);
        assert_eq!(lines("crates/votable/src/main.rs", "//! Head.\nlet x = std::fs::read(p);\n"), NONE);
        assert_eq!(lines("crates/votable/tests/it/main.rs", "//! Head.\nlet x = std::fs::read(p);\n"), NONE);
        let tested = "//! Head.\nfn f() {}\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n";
        assert_eq!(lines("crates/table/src/sort.rs", tested), NONE);
    }

    #[test]
    fn sans_io_crates_depend_on_no_runtime() {
        let text = "[dependencies]\nhttp = \"1\"\ntokio = \"1\"\n[dev-dependencies]\ntokio = \"1\"\n";
        assert_eq!(lines("crates/workbench/Cargo.toml", text), [3]);
        assert_eq!(lines("crates/gateway/Cargo.toml", text), NONE);
    }

    #[test]
    fn one_way_out_and_one_storage() {
        let text = "//! Head.\nwindow.fetch_with_request(&request);\nfactory: IdbFactory,\n";
        assert_eq!(lines("src/actions/jobs.rs", text), [2, 3]);
        assert_eq!(lines("src/fetch.rs", text), [3]);
        assert_eq!(lines("src/state/storage.rs", text), [2]);
        assert_eq!(lines("src/actions/query.rs", "//! Head.\nlet url = format!(\"{tap}/sync\");\n"), [2]);
        assert_eq!(lines("crates/tap/src/request.rs", "//! Head.\nlet url = format!(\"{tap}/sync\");\n"), NONE);
    }

    #[test]
    fn components_and_views_keep_to_their_floor() {
        assert_eq!(lines("src/components/grid.rs", "//! Head.\nuse crate::state::Store;\n"), [2]);
        assert_eq!(lines("src/views/jobs.rs", "//! Head.\nuse crate::state::Store;\nuse crate::fetch;\n"), [3]);
    }

    #[test]
    fn text_is_never_markup_and_identifiers_never_floats() {
        assert_eq!(lines("src/views/schema.rs", "//! Head.\n<p inner_html=text></p>\n"), [2]);
        assert_eq!(lines("editor/editor.js", "a.innerHTML = b;\n"), [1]);
        assert_eq!(lines("src/state/jobs.rs", "//! Head.\nlet x = source_id as f64;\n"), [2]);
    }

    #[test]
    fn nothing_comes_from_elsewhere() {
        assert_eq!(lines("index.html", "<p>\n<script src=\"https://example.org/a.js\"></script>\n"), [2]);
        assert_eq!(lines("style/base.css", "@import \"other.css\";\n"), [1]);
    }

    #[test]
    fn unsafe_code_has_at_most_one_place() {
        assert_eq!(lines("crates/tap/src/uws.rs", "//! Head.\nunsafe { f() }\n"), [2]);
        let one = || Source::new("crates/table/src/column.rs", "//! Head.\n#[expect(unsafe_code)]\n");
        assert!(check(&[one()]).is_empty());
        assert_eq!(check(&[one(), Source::new("crates/votable/src/tabledata.rs", one().text)]).len(), 1);
    }

    #[test]
    fn every_rust_file_has_a_head() {
        assert_eq!(lines("src/app.rs", "use std::fmt;\n"), [1]);
        assert_eq!(lines("src/app.rs", "//!\n"), [1]);
        assert_eq!(lines("src/app.rs", "//! The application.\n"), NONE);
    }

    #[test]
    fn no_machine_and_no_registry_is_named() {
        assert_eq!(lines("README.md", "see /home/me/x\nsee $HOME/x and tests/home/x\n"), [1]);
        assert_eq!(lines(".github/workflows/ci.yml", "url: https://registry.npmjs.org/\n"), [1]);
    }

    #[test]
    fn every_route_is_in_the_readme() {
        let routes = || Source::new("src/routes.rs", "//! Head.\nSelf::Query => \"query\",\nView::Jobs => \"jobs\",\n");
        let readme = Source::new("README.md", "Go to `#/query`.\n");
        let found = check(&[readme, routes()]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].file.as_str(), found[0].line), ("src/routes.rs", 3));
    }
}
