//! The command line: commands, options, their help texts and examples.
//!
//! This file says what can be asked for; what an option means stands with its user: `filter.rs` for filters,
//! `settings.rs` for the engine, `output/` for formats.

use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use fourwave_annotate::{Code, Fields, FindingId, Kind, Lang, Profile, RecordKind, Role, UnknownField};

use crate::filter::{Instant, Network};
use crate::settings::{self, Seconds, ThresholdArg};
use crate::terminal;

/// Who closed this TCP connection, how, and in what state did it leave each side.
///
/// fourwave reads captures (pcap and pcapng, plain or compressed, from files or live from a pipe) and says of every
/// TCP segment what it does to the end of its connection, and in which RFC 9293 state both peers are.
#[derive(Debug, Parser)]
#[command(name = "fourwave", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Print one record a TCP segment that has to do with a connection's end, and one a timer event
    #[command(after_help = ANNOTATE_EXAMPLES)]
    Annotate(AnnotateArgs),
    /// Print one record a connection: who closed it, how, how long each phase took
    #[command(after_help = CONNECTIONS_EXAMPLES)]
    Connections(ConnectionsArgs),
    /// Count connections by kind, initiator, finding, server and client network; percentiles of durations
    #[command(after_help = STATS_EXAMPLES)]
    Stats(StatsArgs),
    /// Tell the story of one connection: both peers' states, the four waves, timings, findings and advice
    #[command(after_help = EXPLAIN_EXAMPLES)]
    Explain(ExplainArgs),
    /// Write one HTML page about a capture or an archive: overview, table, every connection worth a look
    #[command(after_help = REPORT_EXAMPLES)]
    Report(ReportArgs),
    /// Teardowns inside Wireshark and tshark: install the plugin, or find out why it does not load
    #[command(after_help = WIRESHARK_EXAMPLES)]
    Wireshark {
        /// What to do.
        #[command(subcommand)]
        command: WiresharkCommand,
    },
    /// Print a completion script for a shell
    Completions {
        /// The shell to complete for.
        shell: Shell,
    },
    /// Print the manual pages (roff)
    Man,
    /// The thresholds that --threshold can set
    #[command(hide = true, help_template = "{about}", about = settings::thresholds_table())]
    Thresholds,
}

const ANNOTATE_EXAMPLES: &str = "\
Examples:
  fourwave annotate capture.pcap
  fourwave annotate --all --format jsonl capture.pcapng.zst
  tcpdump -U -w - tcp | fourwave annotate -
  fourwave annotate --role rst-abort --role rst-after-fin --host 192.0.2.0/24 captures/
  fourwave annotate --hindsight --kind simultaneous capture.pcap
  fourwave annotate --format pcapng -o annotated.pcapng capture.pcap
  fourwave annotate --strip annotated.pcapng -o capture.pcap";

const CONNECTIONS_EXAMPLES: &str = "\
Examples:
  fourwave connections capture.pcap
  fourwave connections --finding close-wait-dwell --port 443 --format csv -o slow.csv captures/
  fourwave connections --fields connection,client,server,kind,initiator capture.pcap
  fourwave connections --output-dir endings --resume /var/captures
  fourwave connections --watch --finding rst-abort /var/captures/now.pcap";

const STATS_EXAMPLES: &str = "\
Examples:
  fourwave stats captures/
  fourwave stats --kind reset --format jsonl capture.pcap";

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  fourwave explain capture.pcap
  fourwave explain --connection 3 --layers capture.pcap
  fourwave explain --lang zh-CN capture.pcap";

const REPORT_EXAMPLES: &str = "\
Examples:
  fourwave report capture.pcap -o report.html
  fourwave report --lang zh-CN --finding close-wait-dwell captures/ -o slow.html";

const WIRESHARK_EXAMPLES: &str = "\
Examples:
  fourwave wireshark install
  fourwave wireshark doctor
  fourwave wireshark install --plugin libfourwave_wireshark.so --wireshark /opt/wireshark/bin/tshark";

/// What to do about the plugin for Wireshark.
#[derive(Debug, Subcommand)]
pub enum WiresharkCommand {
    /// Build the plugin for the installed Wireshark, and put it and the profile `Teardown` where Wireshark looks
    ///
    /// A plugin fits one series of Wireshark, such as 4.0, and is built with its headers. What is missing for that is
    /// listed, with the packages that have it, before anything is done.
    Install(InstallArgs),
    /// Examine the installation: a line a check, and what to do; exit code 0 if the plugin works, 1 if not
    Doctor(DoctorArgs),
}

/// Arguments of `wireshark install`.
#[derive(Debug, Args)]
pub struct InstallArgs {
    /// The tshark or wireshark to install for [default: the one in PATH, tshark before wireshark]
    #[arg(long, value_name = "PROGRAM")]
    pub wireshark: Option<PathBuf>,
    /// The source tree to build from [default: where this program was built, else the current folder]
    #[arg(long, value_name = "DIR")]
    pub source: Option<PathBuf>,
    /// Install this plugin, which is built already
    #[arg(long, value_name = "FILE", conflicts_with = "source")]
    pub plugin: Option<PathBuf>,
    /// The plugin folder to install into: the one with a folder for each version [default: the personal one]
    #[arg(long, value_name = "DIR")]
    pub to: Option<PathBuf>,
    /// Replace files of the profile that you or Wireshark changed
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub language: LanguageArgs,
}

/// Arguments of `wireshark doctor`.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// The tshark or wireshark to examine [default: the one in PATH, tshark before wireshark]
    #[arg(long, value_name = "PROGRAM")]
    pub wireshark: Option<PathBuf>,
    #[command(flatten)]
    pub language: LanguageArgs,
}

/// Arguments of `annotate`.
#[derive(Debug, Args)]
pub struct AnnotateArgs {
    #[command(flatten)]
    pub inputs: Inputs,
    /// Print every TCP segment, not only those that have to do with an end
    #[arg(long)]
    pub all: bool,
    /// Print segments when no later segment can change them, corrected by what came later
    #[arg(long)]
    pub hindsight: bool,
    /// Give back the capture that INPUT is a copy of, which --format pcapng has written: the same octets, uncompressed
    #[arg(long, help_heading = OUTPUT, conflicts_with_all = STRIP_CONFLICTS)]
    pub strip: bool,
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Only these keys of the record, separated by commas (jsonl, csv, parquet)
    #[arg(long, value_name = "LIST", help_heading = OUTPUT, value_parser = annotation_fields)]
    pub fields: Option<Fields>,
    #[command(flatten)]
    pub output: OutputArgs,
    #[command(flatten)]
    pub batch: BatchArgs,
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// What makes no sense where nothing is annotated.
const STRIP_CONFLICTS: [&str; 7] =
    ["all", "hindsight", "fields", "format", "summary", "FilterArgs", "BatchArgs"];

/// Arguments of `connections`.
#[derive(Debug, Args)]
#[command(mut_arg("format", |format| format.value_parser(formats(&[Format::Pcapng]))))]
pub struct ConnectionsArgs {
    #[command(flatten)]
    pub inputs: Inputs,
    /// Follow one input, standard input or a file that is still written, until Ctrl-C, and print each connection as it
    /// ends
    ///
    /// What is said of a connection is what is known at its last wave or reset. Without this option a connection waits
    /// until nothing more can belong to it.
    #[arg(long, conflicts_with_all = ["output_dir", "output"])]
    pub watch: bool,
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Only these keys of the record, separated by commas (jsonl, csv, parquet)
    #[arg(long, value_name = "LIST", help_heading = OUTPUT, value_parser = connection_fields)]
    pub fields: Option<Fields>,
    #[command(flatten)]
    pub output: OutputArgs,
    #[command(flatten)]
    pub batch: BatchArgs,
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// Arguments of `stats`.
#[derive(Debug, Args)]
#[command(mut_arg("format", |format| format.value_parser(formats(NOT_COUNTS))))]
pub struct StatsArgs {
    #[command(flatten)]
    pub inputs: Inputs,
    #[command(flatten)]
    pub filter: FilterArgs,
    #[command(flatten)]
    pub output: OutputArgs,
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The capture: a file, a directory (all files in it), or `-` for standard input
    #[arg(value_name = "INPUT")]
    pub input: PathBuf,
    /// The connection to explain; without it, a table of all to choose from, or the only one there is
    #[arg(long, value_name = "N")]
    pub connection: Option<u64>,
    /// Show the data link, network and transport headers of each wave, field by field
    #[arg(long)]
    pub layers: bool,
    /// Draw the ladder as SVG into FILE, first into a temporary file beside it; `-` is standard output, in place of
    /// the text
    #[arg(long, value_name = "FILE", help_heading = OUTPUT)]
    pub svg: Option<PathBuf>,
    /// Draw the state diagram with the path of both peers as SVG into FILE, likewise; without a single connection to
    /// explain, the diagram alone
    #[arg(long, value_name = "FILE", help_heading = OUTPUT)]
    pub states: Option<PathBuf>,
    #[command(flatten)]
    pub language: LanguageArgs,
    /// Write to PATH: first to a temporary file beside it, which is renamed when complete; `-` is standard output
    ///
    /// What replaces a file has its permissions. A file that is found in a directory and is PATH is no input, unless it is
    /// a capture; nothing is written over one that is read.
    #[arg(short, long, value_name = "PATH", help_heading = OUTPUT)]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// Arguments of `report`.
#[derive(Debug, Args)]
pub struct ReportArgs {
    #[command(flatten)]
    pub inputs: Inputs,
    #[command(flatten)]
    pub filter: FilterArgs,
    #[command(flatten)]
    pub result: ResultArgs,
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// What to read.
#[derive(Debug, Args)]
pub struct Inputs {
    /// Captures: files, directories (all files in them), patterns such as `*.pcap`, or `-` for standard input
    ///
    /// pcap and pcapng, plain or compressed with gzip, zstd, xz or lz4: told by content, never by name. The files of
    /// a rotated capture are read as one, in the order of their times; see --series.
    #[arg(value_name = "INPUT", required = true)]
    pub inputs: Vec<PathBuf>,
    /// Threads that work side by side, with --output-dir on several series where there are some; what comes out is the
    /// same for any number [default: the processors there are]
    #[arg(long, value_name = "N", default_value_t = settings::processors(), hide_default_value = true, help_heading = ENGINE, value_parser = settings::at_least_one)]
    pub jobs: usize,
}

const FILTERS: &str = "Filters (the same option again: or; different options: and)";
const OUTPUT: &str = "Output";
const ENGINE: &str = "Reading";

/// What to keep. Filters choose records; they do not change numbers or states.
#[derive(Debug, Args)]
#[command(next_help_heading = FILTERS)]
pub struct FilterArgs {
    /// Connections that ended in this way; `annotate` then holds records back until the connection is over
    ///
    /// A million records can wait. If there are more, the oldest are left out, and how many they were is said on
    /// standard error.
    #[arg(long, value_name = "KIND", value_parser = word::<Kind>(), hide_possible_values = true)]
    pub kind: Vec<Kind>,
    /// Segments with this role, connections that have such a segment
    #[arg(long, value_name = "ROLE", value_parser = word::<Role>(), hide_possible_values = true)]
    pub role: Vec<Role>,
    /// Segments and connections with this finding
    #[arg(long, value_name = "ID", value_parser = word::<FindingId>(), hide_possible_values = true)]
    pub finding: Vec<FindingId>,
    /// One end has this address, or an address in this network
    #[arg(long, value_name = "IP[/LEN]")]
    pub host: Vec<Network>,
    /// One end has this port
    #[arg(long, value_name = "PORT")]
    pub port: Vec<u16>,
    /// The connection with this number
    #[arg(long, value_name = "N")]
    pub connection: Vec<u64>,
    /// Not before this time: RFC 3339, or seconds since 1970 UTC with decimals
    #[arg(long, value_name = "TIME", allow_negative_numbers = true)]
    pub from: Vec<Instant>,
    /// Not after this time
    #[arg(long, value_name = "TIME", allow_negative_numbers = true)]
    pub to: Vec<Instant>,
}

/// How to print records.
#[derive(Debug, Args)]
#[command(next_help_heading = OUTPUT)]
pub struct OutputArgs {
    /// Format [default: text on a terminal, else jsonl]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    #[command(flatten)]
    pub result: ResultArgs,
}

/// Where the result goes, and what is said beside it.
#[derive(Debug, Args)]
#[command(next_help_heading = OUTPUT)]
pub struct ResultArgs {
    /// Write to PATH: first to a temporary file beside it, which is renamed when complete; `-` is standard output
    ///
    /// What replaces a file has its permissions. A file that is found in a directory and is PATH is no input, unless it is
    /// a capture; nothing is written over one that is read.
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// Write the totals of the run to FILE, in JSON: first to a temporary file beside it; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub summary: Option<PathBuf>,
    /// Whether standard error shows how far a run of more than a second is, and at its end the totals
    ///
    /// With --summary the totals are in that file only.
    #[arg(long, value_enum, default_value = "auto")]
    pub progress: When,
    #[command(flatten)]
    pub language: LanguageArgs,
}

/// When progress is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal: a bar, which gives way to records
    Auto,
    /// Elsewhere, too: a line now and then
    Always,
    /// Not at all
    Never,
}

/// Whether each series gets an output of its own.
#[derive(Debug, Args)]
#[command(next_help_heading = OUTPUT)]
pub struct BatchArgs {
    /// Write an output a series to DIR, and a manifest of what was made of what
    ///
    /// An output is named after the first file of its series. Connections are numbered from 1 in each.
    #[arg(long, value_name = "DIR", conflicts_with = "output")]
    pub output_dir: Option<PathBuf>,
    /// Keep the outputs that are in DIR already where inputs and options are the same
    ///
    /// A run that was ended early goes on with the series that it had not completed, and one that has grown is gone on
    /// with, from the last checkpoint. That may stand inside a file, which may have grown as well. Outputs of another
    /// command are not replaced: where one has the name of one to be made, nothing is done.
    #[arg(long, requires = "output_dir")]
    pub resume: bool,
}

/// In which language to print words.
#[derive(Debug, Args)]
#[command(next_help_heading = OUTPUT)]
pub struct LanguageArgs {
    /// Language of words; codes and state names are never translated [default: by LC_ALL, LC_MESSAGES, LANG]
    #[arg(long, value_name = "LANG", value_parser = word::<Lang>())]
    pub lang: Option<Lang>,
}

/// How to read packets and follow connections.
#[derive(Debug, Args)]
#[command(next_help_heading = ENGINE)]
pub struct EngineArgs {
    /// Maximum segment lifetime: TIME-WAIT lasts twice as long; overrides the profile's
    #[arg(long, value_name = "SECONDS")]
    pub msl: Option<Seconds>,
    /// Whose TIME-WAIT to assume
    #[arg(long, value_name = "NAME", value_parser = word::<Profile>(), default_value = "linux")]
    pub profile: Profile,
    /// Forget a connection after this long without a packet [default: 120, half closed 600, established 3600]
    #[arg(long, value_name = "SECONDS")]
    pub idle: Option<Seconds>,
    /// Set a threshold; `fourwave help thresholds` lists them
    #[arg(long, value_name = "NAME=VALUE")]
    pub threshold: Vec<ThresholdArg>,
    /// What makes two connections with equal addresses and ports different
    #[arg(long, value_enum, default_value = "addresses")]
    pub key: Key,
    /// Leave out and count segments whose checksum is wrong
    #[arg(long)]
    pub verify_checksums: bool,
    /// Whether files that continue each other are read as one capture
    #[arg(long, value_enum, default_value = "auto")]
    pub series: Series,
    /// Most connections of a series kept in memory; what is pushed out is marked `evicted`
    #[arg(long, value_name = "N", default_value = "1000000", value_parser = settings::at_least_one)]
    pub max_connections: usize,
}

/// What makes two equal 4-tuples different.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Key {
    /// Nothing else
    Addresses,
    /// The VLAN tags
    Vlan,
    /// The VLAN tags and the tunnels around
    Tunnel,
}

/// Which files make one capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Series {
    /// Those of a rotated capture: the same interface and link type, times that follow on; a connection can begin in
    /// one file and end in another. The captures of one link type come in the order of their times
    Auto,
    /// Each is a capture of its own, in the order given
    Off,
}

/// Formats of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One aligned line a record
    Text,
    /// One JSON object a line
    Jsonl,
    /// Comma-separated values with a header line
    Csv,
    /// Apache Parquet, into a file or pipe: the columns of csv, for DuckDB, Polars and others
    #[cfg(feature = "parquet")]
    Parquet,
    /// The capture itself, with comments on its packets that Wireshark shows; of several, one each in -o DIR (annotate)
    Pcapng,
}

impl LanguageArgs {
    /// The language asked for, else that of the environment.
    #[must_use]
    pub fn language(&self) -> Lang {
        self.lang.unwrap_or_else(terminal::language)
    }
}

/// Formats that cannot hold counts.
const NOT_COUNTS: &[Format] = &[
    #[cfg(feature = "parquet")]
    Format::Parquet,
    Format::Pcapng,
];

/// A parser for formats. Help does not offer those that are `refused`: the command says why.
fn formats(refused: &[Format]) -> impl TypedValueParser<Value = Format> + use<> {
    let offer = |format: &Format| Some(format.to_possible_value()?.hide(refused.contains(format)));
    PossibleValuesParser::new(Format::value_variants().iter().filter_map(offer).collect::<Vec<_>>())
        .try_map(|name| Format::from_str(&name, false))
}

/// The file that an argument names as a place to write to; `None` for `-`, which is standard output.
#[must_use]
pub fn file_of(path: &Path) -> Option<&Path> {
    (path != Path::new("-")).then_some(path)
}

/// A parser for the words of a vocabulary.
fn word<T: Code + Send + Sync>() -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(T::ALL.iter().map(|word| word.code()))
        .try_map(|code| T::from_code(&code).ok_or("not in the vocabulary"))
}

fn annotation_fields(list: &str) -> Result<Fields, UnknownField> {
    Fields::parse(list, &[RecordKind::Segment, RecordKind::Event])
}

fn connection_fields(list: &str) -> Result<Fields, UnknownField> {
    Fields::parse(list, &[RecordKind::Connection])
}
