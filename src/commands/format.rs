//! The values of `--format`, which differ for some commands.

use clap::builder::{EnumValueParser, TypedValueParser};

use crate::domain::fleet_file::FleetFileFormat;
use crate::domain::variables::Variables;
use crate::operations::audit::export::ExportFormat;
use crate::operations::registry::export::RegistryFormat;
use crate::output::Format;

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum FormatArg {
    /// For people: a table that fits the terminal
    Table,
    /// One JSON document
    Json,
    /// One JSON object per line, as results arrive
    Jsonl,
    /// Metrics, which only `rotate status` has; PGROLE_FORMAT may say so before the command is known
    #[value(hide = true)]
    Prometheus,
}

/// How the results of `rotate status` are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum StatusFormatArg {
    /// For people: a table that fits the terminal
    Table,
    /// One JSON document
    Json,
    /// One JSON object per line, as results arrive
    Jsonl,
    /// Metrics for node_exporter's textfile collector
    Prometheus,
}

/// How the results of `report access` are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ReportFormatArg {
    /// For people: a table that fits the terminal
    Table,
    /// One JSON document
    Json,
    /// One JSON object per line
    Jsonl,
    /// For spreadsheets and reviewers, and for report accept
    Csv,
}

impl From<ReportFormatArg> for GivenFormat {
    fn from(format: ReportFormatArg) -> Self {
        match format {
            ReportFormatArg::Table => Self::Result(FormatArg::Table),
            ReportFormatArg::Json => Self::Result(FormatArg::Json),
            ReportFormatArg::Jsonl => Self::Result(FormatArg::Jsonl),
            ReportFormatArg::Csv => Self::ReportCsv,
        }
    }
}

impl From<StatusFormatArg> for FormatArg {
    fn from(format: StatusFormatArg) -> Self {
        match format {
            StatusFormatArg::Table => Self::Table,
            StatusFormatArg::Json => Self::Json,
            StatusFormatArg::Jsonl => Self::Jsonl,
            StatusFormatArg::Prometheus => Self::Prometheus,
        }
    }
}

impl FormatArg {
    /// The format for everything but metrics.
    pub fn format(self) -> Format {
        match self {
            Self::Table | Self::Prometheus => Format::Table,
            Self::Json => Format::Json,
            Self::Jsonl => Format::Jsonl,
        }
    }
}

/// What `--format` accepts: two exports have formats of their own, and clap allows one type per option name.
#[derive(Debug, Clone, Copy)]
pub enum GivenFormat {
    Result(FormatArg),
    Export(ExportFormat),
    Registry(RegistryFormat),
    Fleet(FleetFileFormat),
    ReportCsv,
}

pub fn result_format() -> impl TypedValueParser<Value = GivenFormat> {
    EnumValueParser::<FormatArg>::new().map(GivenFormat::Result)
}

/// The formats of `rotate status`, which has metrics too.
pub fn status_format() -> impl TypedValueParser<Value = GivenFormat> {
    EnumValueParser::<StatusFormatArg>::new().map(|format| GivenFormat::Result(format.into()))
}

/// The formats of `report access`, which has one for reviewers too.
pub fn report_format() -> impl TypedValueParser<Value = GivenFormat> {
    EnumValueParser::<ReportFormatArg>::new().map(GivenFormat::from)
}

pub fn export_format() -> impl TypedValueParser<Value = GivenFormat> {
    EnumValueParser::<ExportFormat>::new().map(GivenFormat::Export)
}

pub fn fleet_format() -> impl TypedValueParser<Value = GivenFormat> {
    EnumValueParser::<FleetFileFormat>::new().map(GivenFormat::Fleet)
}

pub fn registry_format() -> impl TypedValueParser<Value = GivenFormat> {
    EnumValueParser::<RegistryFormat>::new().map(GivenFormat::Registry)
}

/// The format that a usage error is reported in, as far as the arguments can be understood.
pub fn guess_format(arguments: &[String], variables: &Variables) -> Format {
    let after_flag = arguments
        .iter()
        .position(|argument| argument == "--format")
        .and_then(|place| arguments.get(place + 1));
    let with_equals = arguments
        .iter()
        .find_map(|argument| argument.strip_prefix("--format="));
    let wanted = with_equals
        .or(after_flag.map(String::as_str))
        .or_else(|| variables.text("PGROLE_FORMAT"));
    wanted
        .and_then(|name| <FormatArg as clap::ValueEnum>::from_str(name, false).ok())
        .map_or_else(Format::of_stdout, FormatArg::format)
}
