//! What fourwave is timed at, and the goals.

use super::captures::Name;
use super::peers::Peer;

/// The bare walk, as tables call it.
pub const LIMIT: &str = "**L**, the bare walk";

/// Memory of the program itself, and of a connection that it remembers.
pub const FIXED_OCTETS: u64 = 24 << 20;
pub const OCTETS_A_CONNECTION: u64 = 400;

/// A capture of twice the length may take so much more memory.
pub const GROWTH: f64 = 1.10;

/// Two threads against one, and against decompressing alone: time on the wall.
pub const TWO_THREADS: f64 = 0.65;
pub const DECOMPRESSING: f64 = 1.15;

/// A way to call fourwave.
pub struct Task {
    /// As tables call it.
    pub name: &'static str,
    pub arguments: &'static [&'static str],
    /// What the program's help must name.
    pub needs: &'static str,
    /// At most so many times the bare walk.
    pub limits: &'static [(Name, f64)],
    /// On short connections, so many times as fast as these.
    pub faster: &'static [(Peer, f64)],
}

pub const CONNECTIONS: Task = Task {
    name: "`connections`",
    arguments: &["connections", "--format", "jsonl"],
    needs: "jsonl",
    limits: &[(Name::Churn, 6.0), (Name::Bulk, 1.5), (Name::Bulk96, 4.0), (Name::Scan, 25.0)],
    faster: &[
        (Peer::TsharkFields, 100.0),
        (Peer::Argus, 10.0),
        (Peer::Tcptrace, 10.0),
        (Peer::Suricata, 10.0),
    ],
};

pub const ALL_SEGMENTS: Task = Task {
    name: "`annotate --all`",
    arguments: &["annotate", "--all", "--format", "jsonl"],
    needs: "jsonl",
    limits: &[(Name::Churn, 30.0)],
    faster: &[],
};

/// Keys of about the same line that the prototype wrote whose speed is the goal.
const SHORT_LINE: &str = "frame,time_ns,src,dst,flags,seq,ack,len,role,client,server";

pub const TASKS: [Task; 5] = [
    CONNECTIONS,
    Task {
        name: "`annotate`",
        arguments: &["annotate", "--format", "jsonl"],
        needs: "jsonl",
        limits: &[(Name::Churn, 10.0), (Name::Bulk, 1.6)],
        faster: &[],
    },
    Task {
        name: "`annotate --all --fields …`",
        arguments: &["annotate", "--all", "--format", "jsonl", "--fields", SHORT_LINE],
        needs: "jsonl",
        limits: &[(Name::Churn, 15.0), (Name::Bulk, 3.0)],
        faster: &[(Peer::TsharkFields, 50.0)],
    },
    ALL_SEGMENTS,
    Task {
        name: "`annotate --all --format parquet`",
        arguments: &["annotate", "--all", "--format", "parquet"],
        needs: "parquet",
        limits: &[(Name::Churn, 14.0)],
        faster: &[],
    },
];
