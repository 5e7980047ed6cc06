//! The account: what became of each source and product.

use tap::datalink::{Identifier, parse_member};
use workbench::protocol::InBundle;

use super::{Part, Stage};

/// What became of the wish for a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is here.
    Got,
    /// The archive sent nothing for this source.
    Missing,
    /// The request failed, or the file is damaged.
    Failed,
    /// It is asked for, or will be.
    Waiting,
}

/// A line of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The source, or the list of sources that the archive knows.
    pub id: String,
    /// The archive's name for the product.
    pub retrieval_type: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The file, if there is one.
    pub file: Option<InBundle>,
    /// Its name and size, or why there is none.
    pub detail: String,
    /// Bytes of the file.
    pub size: u64,
}

/// The account of one request: a line for each source and product, in the order in which they were asked for.
pub fn lines(part: &Part) -> Vec<Line> {
    let line = |id: &str, outcome, detail: &str| Line {
        id: id.to_owned(),
        retrieval_type: part.retrieval_type.clone(),
        outcome,
        file: None,
        detail: detail.to_owned(),
        size: 0,
    };
    let all = |outcome, detail: &str| part.ids.iter().map(|id| line(id, outcome, detail)).collect();
    let bundle = match &part.stage {
        Stage::Waiting | Stage::Fetching(..) => return all(Outcome::Waiting, ""),
        Stage::Failed(failure) => return all(Outcome::Failed, &failure.message),
        Stage::Here(bundle) => bundle,
    };
    let number = |id: &str| Identifier::parse(id).and_then(Identifier::source_id);
    // The sources in each file, by number: the file's name tells one, or the file itself tells many.
    let mut came: Vec<(u64, usize)> = Vec::new();
    let mut listed = Vec::new();
    for (at, file) in bundle.files.iter().enumerate() {
        let named = parse_member(&file.name).and_then(|member| member.source_id());
        let within = file.sources.iter().filter_map(|id| number(id));
        let sources: Vec<u64> = named.into_iter().chain(within).collect();
        if sources.is_empty() {
            listed.push(at);
        }
        came.extend(sources.into_iter().map(|id| (id, at)));
    }
    came.sort_unstable();
    // One file for one source needs no name.
    if let ([id], [at]) = (&part.ids[..], &listed[..])
        && let Some(id) = number(id)
    {
        came.push((id, *at));
        listed.clear();
    }
    let of_file = |id: &str, at: usize| {
        let file = &bundle.files[at];
        let mut out = line(id, Outcome::Got, &file.name);
        if let Some(member) = parse_member(&file.name) {
            out.retrieval_type = member.retrieval_type.to_owned();
        }
        out.size = file.size;
        match &file.trouble {
            Some(trouble) => {
                (out.outcome, out.detail) = (Outcome::Failed, format!("{} is damaged: {trouble}", file.name))
            }
            None => out.file = Some(InBundle { bundle: bundle.id, file: at as u32 }),
        }
        out
    };
    let mut asked = Vec::new();
    let mut out = Vec::new();
    for id in part.ids.iter() {
        let Some(wanted) = number(id) else { continue };
        asked.push(wanted);
        let first = came.partition_point(|(source, _)| *source < wanted);
        let own = came[first..].iter().take_while(|(source, _)| *source == wanted);
        let before = out.len();
        out.extend(own.map(|(_, at)| of_file(id, *at)));
        if out.len() > before {
            continue;
        }
        out.push(match &bundle.trouble {
            Some(trouble) => line(id, Outcome::Failed, &format!("It did not arrive: {trouble}.")),
            None => line(id, Outcome::Missing, "The archive has no such product of this source."),
        });
    }
    // What came for ranges, and for columns that only the archive can read.
    asked.sort_unstable();
    let beside = came.iter().filter(|(id, _)| asked.binary_search(id).is_err());
    out.extend(beside.map(|(id, at)| of_file(&id.to_string(), *at)));
    out.extend(listed.into_iter().map(|at| of_file("", at)));
    for id in part.ids.iter().filter(|id| number(id).is_none()) {
        if let Some(trouble) = &bundle.trouble {
            out.push(line(id, Outcome::Failed, &format!("Not all of it arrived: {trouble}.")));
        } else if bundle.files.is_empty() {
            out.push(line(id, Outcome::Missing, "The archive sent no product for it."));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use workbench::protocol::BundleFile;

    use super::super::{Bundle, Form};
    use super::*;

    const A: &str = "6917528997577384321";

    fn part(ids: &[&str], files: Vec<BundleFile>, trouble: Option<&str>) -> Part {
        let bundle =
            Bundle { id: 9, name: None, bytes: 1, files: Arc::new(files), trouble: trouble.map(str::to_owned) };
        Part {
            number: 9,
            archive: "a".into(),
            retrieval_type: "ALL".into(),
            ids: Arc::new(ids.iter().map(|id| (*id).to_owned()).collect()),
            request: tap::Request::get("x"),
            stage: Stage::Here(bundle),
        }
    }

    fn file(name: &str, sources: &[&str], trouble: Option<&str>) -> BundleFile {
        let sources = sources.iter().map(|id| (*id).to_owned()).collect();
        BundleFile { name: name.into(), size: 5, sources, trouble: trouble.map(str::to_owned) }
    }

    fn account(part: &Part) -> Vec<(String, String, Outcome, Option<u32>)> {
        lines(part)
            .into_iter()
            .map(|line| (line.id, line.retrieval_type, line.outcome, line.file.map(|of| of.file)))
            .collect()
    }

    #[test]
    fn each_source_has_its_line_whatever_came() {
        let files = vec![
            file(&format!("RVS-Gaia DR3 {A}.xml"), &[], None),
            file(&format!("XP_SAMPLED-Gaia DR3 {A}.xml"), &[], Some("its check sum differs")),
            file("RVS-Gaia DR3 5.xml", &[], None),
        ];
        let designation = format!("Gaia DR3 {A}");
        let found = account(&part(&[&designation, "7", "1-6"], files, None));
        assert_eq!(
            found,
            [
                (designation.clone(), "RVS".into(), Outcome::Got, Some(0)),
                (designation, "XP_SAMPLED".into(), Outcome::Failed, None),
                ("7".into(), "ALL".into(), Outcome::Missing, None),
                ("5".into(), "RVS".into(), Outcome::Got, Some(2)),
            ]
        );
    }

    #[test]
    fn what_may_still_be_there_is_not_missing_but_failed() {
        let found = account(&part(&["7", "8"], vec![file("RVS-7.xml", &[], None)], Some("cut")));
        assert_eq!(found[1], ("8".into(), "ALL".into(), Outcome::Failed, None));
        let none = account(&part(&["user_joe.t.source_id"], vec![], None));
        assert_eq!(none[0].2, Outcome::Missing);
    }

    #[test]
    fn a_file_of_many_sources_is_told_by_its_rows_and_one_of_one_needs_no_name() {
        let many = account(&part(&[A, "7", "8"], vec![file("RVS_RAW.xml", &["7", A], None)], None));
        assert_eq!(many.iter().map(|line| line.2).collect::<Vec<_>>(), [Outcome::Got, Outcome::Got, Outcome::Missing]);
        let single = account(&part(&["7"], vec![file("", &[], None)], None));
        assert_eq!(single, [("7".into(), "ALL".into(), Outcome::Got, Some(0))]);
    }

    #[test]
    fn types_are_ticked_or_typed() {
        let form = Form { other: "epoch_image, RVS;EPOCH_PHOTOMETRY".into(), ..Form::default() };
        assert_eq!(form.wanted(), ["EPOCH_PHOTOMETRY", "EPOCH_IMAGE", "RVS"]);
    }
}
