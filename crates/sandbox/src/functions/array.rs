//! Arrays of numbers. In the database they are text, their elements separated by blanks, as VOTable writes them.

use adql::translate::functions::SqlValue;

use super::{Outcome, float, integer, real, whole};

/// The numbers of an array; `None` for NULL. An element that is not there is NaN.
pub fn numbers(value: &SqlValue<'_>) -> Result<Option<Vec<f64>>, String> {
    let SqlValue::Text(text) = value else {
        return Ok(float(value).map(|number| vec![number]));
    };
    let parsed: Result<Vec<f64>, _> = text.split_whitespace().map(str::parse).collect();
    parsed.map(Some).map_err(|_| "this is no array of numbers".to_owned())
}

/// An array of exactly so many numbers.
pub fn fixed<const N: usize>(value: &SqlValue<'_>) -> Result<Option<[f64; N]>, String> {
    let Some(found) = numbers(value)? else { return Ok(None) };
    let given = found.len();
    let array = found.try_into().map_err(|_| format!("an array of {N} numbers is needed; this one has {given}"))?;
    Ok(Some(array))
}

/// An array as text.
pub fn text(numbers: &[f64]) -> SqlValue<'static> {
    let words: Vec<String> = numbers.iter().map(f64::to_string).collect();
    SqlValue::Text(words.join(" ").into())
}

/// ARRAY_ELEMENT(array, at).
pub fn element(x: &[SqlValue<'_>]) -> Outcome {
    let (Some(array), Some(at)) = (numbers(&x[0])?, integer(&x[1])) else { return Ok(SqlValue::Null) };
    real(at.checked_sub(1).and_then(|at| array.get(usize::try_from(at).ok()?).copied()))
}

/// CARDINALITY(array).
pub fn cardinality(x: &[SqlValue<'_>]) -> Outcome {
    whole(numbers(&x[0])?.map(|array| array.len() as i64))
}
