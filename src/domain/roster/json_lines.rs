//! JSON lines: an object a line, whose keys are the columns.

use serde_json::{Map, Value};

use crate::domain::roster::column::Column;
use crate::domain::roster::problem::Problem;
use crate::domain::roster::raw_row::RawRow;

pub(super) fn read(text: &str) -> (Vec<RawRow>, Vec<Problem>) {
    let (mut raw_rows, mut problems) = (Vec::new(), Vec::new());
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        match parse(number, line) {
            Ok(object) => match raw_row(number, &object) {
                Ok(row) => raw_rows.push(row),
                Err(of_row) => problems.extend(of_row),
            },
            Err(problem) => problems.push(problem),
        }
    }
    (raw_rows, problems)
}

fn parse(number: u64, line: &str) -> Result<Map<String, Value>, Problem> {
    match serde_json::from_str(line) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Problem::at(number, "not a JSON object")),
        Err(error) => {
            let said = error.to_string();
            // The position is the problem's own.
            let said = said.split(" at line ").next().unwrap_or_default();
            Err(Problem::at(number, format!("not valid JSON: {said}"))
                .character(error.column())
                .hint("write one whole object a line: jq -c . FILE"))
        }
    }
}

fn raw_row(line: u64, object: &Map<String, Value>) -> Result<RawRow, Vec<Problem>> {
    let mut row = RawRow::new(line);
    let mut problems = Vec::new();
    for (key, value) in object {
        let Some(column) = Column::find(key) else {
            let (message, hint) = Column::unknown(key);
            problems.push(Problem::at(line, message).hint_if(hint));
            continue;
        };
        match value {
            Value::Null => {}
            Value::String(text) => row.add(column, text),
            Value::Number(number) => row.add(column, &number.to_string()),
            Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                let what = "not a text or a number";
                problems.push(Problem::at(line, what).column(column));
            }
        }
    }
    if problems.is_empty() {
        Ok(row)
    } else {
        Err(problems)
    }
}
