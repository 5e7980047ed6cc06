//! `/data-server/data`: products of sources, as one file or as a ZIP.

use bytes::Bytes;
use http::{Method, Response, StatusCode, header};
use workbench::export::Format;

use super::bundle::Bundle;
use super::files::{Files, Layout, Piece};
use super::identifiers::{self, Release};
use super::retrieval::{Structure, retrievals, structure};
use crate::Error;
use crate::archive::Answer;
use crate::call::Call;
use crate::fault::Fault;
use crate::response::{self, Chunks};

/// Answers a request for products. What goes wrong is said in plain text, as the archive does.
pub fn data(call: &Call<'_>) -> Result<Answer, Fault> {
    if !call.reading() && *call.method != Method::POST {
        return Err(Fault::method_not_allowed(call.method));
    }
    Ok(products(call).unwrap_or_else(|fault| refusal(&fault, call)))
}

fn products(call: &Call<'_>) -> Result<Answer, Fault> {
    let parameters = call.parameters;
    let (retrievals, all) = retrievals(call.required("RETRIEVAL_TYPE")?)?;
    call.required("ID")?;
    let format = format(parameters.value("format"))?;
    let structure = parameters.value("data_structure").map_or(Ok(Structure::Standard), structure)?;
    let layout = Layout {
        format,
        // All kinds together cannot be rows of one table.
        structure: if all { Structure::Standard } else { structure },
        valid: parameters.flag("valid_data"),
    };
    let requested = identifiers::requested(call)?;
    if let Some((_, fault)) = requested.problems.into_iter().next() {
        return Err(fault);
    }
    // What there is of DR2 are its sources; its products are not here.
    let sources = requested.sources.keys().filter(|source| source.release == Release::Three);
    let sources: Vec<i64> = sources.map(|source| source.source_id).collect();
    let archive = call.archive;
    let files = Files::new(&archive.database, &archive.folder, layout, retrievals, &sources)?;
    let zipped = all || parameters.flag("use_zip_always") || files.number() > 1;
    match files.first_name() {
        _ if zipped => Ok(bundle(files, call)),
        Some(name) => file(files, &name, layout),
        None => Err(Fault::missing(match sources.len() {
            1 => {
                "There is no such product of this source. The has_... columns of gaiadr3.gaia_source say what there is."
            }
            _ => {
                "There is no such product of these sources. The has_... columns of gaiadr3.gaia_source say what there is."
            }
        })),
    }
}

/// The format that is asked for. `votable_gzip` is none here, to the surprise of clients.
fn format(asked: Option<&str>) -> Result<Format, Fault> {
    let Some(asked) = asked else { return Ok(Format::Votable) };
    Format::parse(asked).filter(|format| *format != Format::VotableGzip).ok_or_else(|| {
        Fault::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            format!(
                "Impossible to format the query result: no formatter has been found for the given MIME type \"{asked}\""
            ),
        )
    })
}

fn bundle(files: Files, call: &Call<'_>) -> Answer {
    let head = Response::builder()
        .header(header::CONTENT_TYPE, "application/zip")
        .header(header::CONTENT_DISPOSITION, format!("attachment;filename=\"datalink-{}.zip\"", call.now.0))
        .header(header::CACHE_CONTROL, "no-store");
    response::ready(head, Chunks::new(Bundle::new(files)))
}

fn file(files: Files, name: &str, layout: Layout) -> Result<Answer, Fault> {
    let mut head = Response::builder()
        .header(header::CONTENT_TYPE, layout.format.mime())
        .header(header::CONTENT_DISPOSITION, format!("attachment;filename=\"{name}\""))
        .header(header::CACHE_CONTROL, "no-store");
    let bytes = files.filter_map(|piece| match piece {
        Ok(Piece::Begin(_)) => None,
        // An empty chunk would be taken for the end of the body.
        Ok(Piece::Bytes(bytes)) => (!bytes.is_empty()).then_some(Ok(Bytes::from(bytes))),
        Err(error) => Some(Err(error)),
    });
    if layout.structure == Structure::Raw {
        return Ok(response::ready(head, Chunks::new(bytes)));
    }
    // One source is small: made whole, its length is known and an error is an error response.
    let body = bytes.collect::<Result<Vec<Bytes>, Error>>()?.concat();
    head = head.header(header::CONTENT_LENGTH, body.len());
    Ok(response::ready(head, Chunks::once(body)))
}

/// The archive's plain text. Its own goes on with session and address of the user; those who read this need not know.
fn refusal(fault: &Fault, call: &Call<'_>) -> Answer {
    let user = call.caller.user.as_deref().unwrap_or("anonymous");
    let retrieval = call.parameters.value("retrieval_type").unwrap_or("null");
    let body = format!(
        "Code: -1, msg: {message}\n\nCannot process request: '{}/data-server/data' (req: Reqid: {user}{}, retrieval access: DIRECT, \
         retrieval type: {}, compression: null), for user: UwsJobOwner{{id='{user}'}}, due to: {message}\n",
        call.base,
        call.now.0,
        one_line(retrieval),
        message = one_line(&fault.message),
    );
    // Whatever it is, the archive calls it an error of its own.
    let status = if call.archive.config.strict { fault.status } else { StatusCode::INTERNAL_SERVER_ERROR };
    response::with_status(status, "text/plain;charset=UTF-8", body)
}

/// What a client sent must not look like a line of ours.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
