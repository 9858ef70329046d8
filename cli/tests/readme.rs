//! The sessions in README.md print what it shows.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// Before each session: a terminal would have text.
const ON_A_TERMINAL: &str = r#"
fourwave() {
  case " $* " in
    *" --format "* | *" --strip "*) command fourwave "$@" ;;
    *) command fourwave "$@" --format text ;;
  esac
}
"#;

/// A session: what is typed, and what comes out.
struct Session {
    commands: Vec<String>,
    output: Vec<String>,
}

/// The blocks that begin with a prompt. Those that need the plugin are tested with it.
fn sessions(text: &str) -> Vec<Session> {
    let blocks = text.split("```text\n").skip(1).filter_map(|rest| rest.split("```").next());
    let sessions = blocks.filter(|block| block.starts_with("$ ") && !block.contains("-e teardown."));
    sessions
        .map(|block| {
            let (commands, output) = block.lines().partition::<Vec<_>, _>(|line| line.starts_with("$ "));
            Session {
                commands: commands.into_iter().map(|line| line[2..].to_owned()).collect(),
                output: output.into_iter().map(words).collect(),
            }
        })
        .collect()
}

/// The line with single spaces: README leaves some out.
fn words(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn sessions_print_what_the_readme_shows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let sessions = sessions(&fs::read_to_string(root.join("README.md")).unwrap());
    assert!(sessions.len() >= 6, "{}", sessions.len());
    let program = Path::new(env!("CARGO_BIN_EXE_fourwave")).parent().unwrap();
    let path = format!("{}:{}", program.display(), env::var("PATH").unwrap());
    for Session { commands, output } in sessions {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(root.join("tests"), folder.path().join("tests")).unwrap();
        let script = format!("{ON_A_TERMINAL}{}", commands.join("\n"));
        let mut shell = Command::new("sh");
        shell.current_dir(folder.path()).args(["-c", &script]).env("PATH", &path).env("LC_ALL", "C.UTF-8");
        let printed = String::from_utf8(shell.output().unwrap().stdout).unwrap();
        assert_eq!(printed.lines().map(words).collect::<Vec<_>>(), output, "{commands:?}");
    }
}
