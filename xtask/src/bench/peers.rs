//! The programs that people use today, as they would be called for the same question.

use std::env;
use std::path::{Path, PathBuf};

use super::usage::Line;

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Peer {
    TsharkFields,
    TsharkConversations,
    Tcptrace,
    Argus,
    Suricata,
}

/// Suricata writes a line a flow, and nothing else.
pub const SURICATA_SETTINGS: &str = "%YAML 1.1\n---\noutputs:\n  - eve-log:\n      enabled: yes\n      \
    filetype: regular\n      filename: eve.json\n      types: [flow]\n";

impl Peer {
    pub const ALL: [Self; 5] =
        [Self::TsharkFields, Self::TsharkConversations, Self::Tcptrace, Self::Argus, Self::Suricata];

    /// As tables call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::TsharkFields => "tshark `-T fields`, four fields",
            Self::TsharkConversations => "tshark `-q -z conv,tcp`",
            Self::Tcptrace => "tcptrace",
            Self::Argus => "argus + ra",
            Self::Suricata => "suricata, flow log only",
        }
    }

    /// The programs that it needs.
    fn programs(self) -> &'static [&'static str] {
        match self {
            Self::TsharkFields | Self::TsharkConversations => &["tshark"],
            Self::Tcptrace => &["tcptrace"],
            Self::Argus => &["argus", "ra"],
            Self::Suricata => &["suricata"],
        }
    }

    /// True if it is installed.
    pub fn is_there(self) -> bool {
        self.programs().iter().all(|program| find(program).is_some())
    }

    /// Reads `capture`; writes nowhere but into `scratch`.
    pub fn line(self, capture: &Path, scratch: &Path) -> Line {
        match self {
            Self::TsharkFields => {
                let fields = ["frame.number", "tcp.stream", "tcp.flags", "tcp.completeness"]
                    .map(|field| ["-e", field]);
                let arguments = [&["-n", "-T", "fields"], fields.as_flattened(), &["-r"]].concat();
                Line::new("tshark", &arguments).and(capture)
            }
            Self::TsharkConversations => {
                Line::new("tshark", &["-n", "-q", "-z", "conv,tcp", "-r"]).and(capture)
            }
            Self::Tcptrace => Line::new("tcptrace", &["-n"]).and(capture),
            Self::Argus => {
                let argus = find("argus").unwrap_or_default();
                let script = "\"$0\" -F /dev/null -r \"$1\" -w - | ra -F /dev/null -n -r -";
                Line::new("sh", &["-c", script]).and(&argus).and(capture)
            }
            Self::Suricata => {
                let settings = scratch.join("suricata.yaml");
                let line = Line::new("suricata", &["--runmode", "single", "-k", "none", "-l"]).and(scratch);
                let mut line = line.and(&settings);
                // The settings follow their option.
                line.arguments.insert(line.arguments.len() - 1, "-c".to_owned());
                line.arguments.push("-r".to_owned());
                line.and(capture)
            }
        }
    }
}

/// Where a program is: in PATH, or where Debian keeps those for administrators.
fn find(program: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&folders).chain([PathBuf::from("/usr/sbin")]);
    folders.map(|folder| folder.join(program)).find(|path| path.is_file())
}
