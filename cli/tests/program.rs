//! The program as its callers see it: inputs, outputs, exit codes.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::Stdio;

use support::{ACK, Capture, FIN_ACK, Sender, fourwave, run, stdout};
use tempfile::TempDir;
use unicode_width::UnicodeWidthStr;

/// A folder with files of this content.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, octets) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, octets).unwrap();
    }
    folder
}

#[test]
fn standard_input_gives_the_same_records_as_a_file() {
    let capture = Capture::default().four_way(40_000).reset(40_001).octets;
    let folder = folder(&[("a.pcap", &capture)]);
    let path = folder.path().join("a.pcap");
    let path = path.to_str().unwrap();
    for command in ["annotate", "connections", "stats"] {
        let of_file = stdout(&[command, path], &[], 0).replace(path, "-");
        assert_eq!(stdout(&[command, "-"], &capture, 0), of_file);
    }
}

#[test]
fn a_hyphen_is_standard_output() {
    let capture = Capture::default().four_way(40_000).octets;
    let folder = TempDir::new().unwrap();
    let given = |args: &[&str]| {
        let mut program = fourwave(args);
        program.current_dir(folder.path()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut program = program.spawn().unwrap();
        program.stdin.take().unwrap().write_all(&capture).unwrap();
        let output = program.wait_with_output().unwrap();
        assert!(output.status.success(), "{args:?}");
        output.stdout
    };
    for command in ["annotate", "connections", "stats", "report", "explain"] {
        assert_eq!(given(&[command, "-", "-o", "-"]), given(&[command, "-"]), "{command}");
    }
    let summary = given(&["connections", "-", "-o", "/dev/null", "--summary", "-"]);
    let summary: serde_json::Value = serde_json::from_slice(&summary).unwrap();
    assert_eq!(summary["command"], "connections");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_connection_lives_across_files_of_a_directory() {
    let whole = Capture::default().four_way(40_000).octets;
    // The file header, and the first five records of 16 + 54 octets.
    let (header, rest) = whole.split_at(24);
    let (first, second) = rest.split_at(5 * 70);
    let folder = folder(&[("b/2.pcap", &[header, second].concat()), ("a/1.pcap", &[header, first].concat())]);
    let path = folder.path().to_str().unwrap();
    let fields = "kind,first_frame,last_frame";
    let connections = stdout(&["connections", path, "--format", "csv", "--fields", fields], &[], 0);
    assert_eq!(connections, "first_frame,last_frame,kind\n1,2,four-way\n");
}

#[test]
fn damage_is_reported_with_its_place_and_other_inputs_go_on() {
    let whole = Capture::default().four_way(40_000).octets;
    let cut = &whole[..whole.len() - 3];
    let other = Capture::default().reset(40_001).octets;
    let folder = folder(&[("1.pcap", cut), ("2.pcap", &other), ("3.txt", b"no capture at all")]);
    let output = run(&["annotate", folder.path().to_str().unwrap(), "--fields", "role"], &[]);
    assert_eq!(output.status.code(), Some(1));
    let roles = String::from_utf8(output.stdout).unwrap();
    assert_eq!(roles.lines().count(), 4, "{roles}");
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.contains("1.pcap: packet 7 at octet 444"), "{errors}");
    assert!(errors.contains("3.txt"), "{errors}");
}

#[test]
fn what_does_not_exist_is_an_error_but_wrong_usage_is_another() {
    assert_eq!(run(&["annotate", "/no/such/file"], &[]).status.code(), Some(1));
    for wrong in [
        &["annotate"][..],
        &["annotate", "-", "--fields", "rolle"],
        &["connections", "-", "--fields", "role"],
        &["annotate", "-", "--role", "fin-3"],
        &["annotate", "-", "--threshold", "fin-storm"],
        &["annotate", "-", "--threshold", "fin-strom=3"],
        &["annotate", "-", "--host", "192.0.2.0/40"],
        &["annotate", "-", "--from", "yesterday"],
        &["annotate", "-", "--max-connections", "0"],
        &["annotate", "-", "--format", "yaml"],
        &["ring"],
    ] {
        assert_eq!(run(wrong, &[]).status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn a_connection_that_is_not_there_is_wrong_usage() {
    let capture = Capture::default().four_way(40_000).octets;
    assert!(stdout(&["explain", "-", "--connection", "1"], &capture, 0).contains("FIN-WAIT-1"));
    assert_eq!(run(&["explain", "-", "--connection", "2"], &capture).status.code(), Some(2));
}

#[test]
fn nothing_is_said_of_connections_where_nothing_could_be_read() {
    for args in [&["explain", "-"][..], &["explain", "-", "--connection", "1"]] {
        assert_eq!(stdout(args, b"no capture at all", 1), "");
    }
}

#[test]
fn a_wrong_field_names_the_right_ones() {
    let output = run(&["connections", "-", "--fields", "kinds"], &[]);
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("`kinds`") && message.contains("initiator"), "{message}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_destination_is_named() {
    let capture = Capture::default().four_way(40_000).octets;
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    for (more, name) in [(&["-o", "/dev/full"][..], "/dev/full"), (&[], "standard output")] {
        let args = [&["connections", "-"], more].concat();
        let mut child =
            fourwave(&args).stdin(Stdio::piped()).stdout(full()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(&capture).unwrap();
        let output = child.wait_with_output().unwrap();
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(message.contains(&format!("cannot write {name}: ")), "{message}");
        assert_eq!(output.status.code(), Some(1));
    }
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let mut capture = Capture::default();
    for port in 1..2000 {
        capture = capture.four_way(port);
    }
    let folder = folder(&[("a.pcap", &capture.octets)]);
    let mut child = fourwave(&["annotate", folder.path().to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::with_capacity(1, child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), vec![]));
}

#[test]
fn a_file_gets_its_name_when_it_is_complete() {
    let capture = Capture::default().four_way(40_000).octets;
    let folder = folder(&[("out.jsonl", b"old")]);
    let path = folder.path().join("out.jsonl");
    let args = ["annotate", "-", "-o", path.to_str().unwrap()];
    let mut child = fourwave(&args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(&capture).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"old");
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stdout), (Some(0), vec![]));
    assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 4);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_record_is_printed_before_the_next_packet_is_needed() {
    let mut capture = Capture::default();
    capture.open(40_000);
    capture.segment(40_000, Sender::Client, FIN_ACK, 101, 301);
    let mut child = fourwave(&["annotate", "-", "--fields", "role"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    // Half of the next record comes with it.
    let complete = capture.octets.len();
    capture.segment(40_000, Sender::Server, ACK, 301, 102);
    stdin.write_all(&capture.octets[..complete + 30]).unwrap();
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    assert_eq!(line, "{\"role\":\"fin-1\"}\n");
    stdin.write_all(&capture.octets[complete + 30..]).unwrap();
    line.clear();
    stdout.read_line(&mut line).unwrap();
    assert_eq!(line, "{\"role\":\"ack-of-fin-1\"}\n");
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[cfg(unix)]
fn signal(child: &std::process::Child, name: &str) {
    // Time to start and to read; there is no output to wait for.
    std::thread::sleep(std::time::Duration::from_secs(2));
    let kill = format!("kill -{name} {}", child.id());
    assert!(std::process::Command::new("sh").args(["-c", &kill]).status().unwrap().success());
}

#[cfg(unix)]
#[test]
fn an_interrupt_prints_what_is_known() {
    let capture = Capture::default().four_way(40_000).octets;
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let mut child = fourwave(&["connections", "-", "--fields", "kind"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(&capture[..capture.len() - 10]).unwrap();
        signal(&child, name);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{name}");
        let texts = [output.stdout, output.stderr].map(|octets| String::from_utf8(octets).unwrap());
        assert_eq!(texts, ["{\"kind\":\"four-way\"}\n", ""], "{name}");
    }
}

#[cfg(unix)]
#[test]
fn that_an_interrupted_output_is_not_complete_is_said() {
    let capture = Capture::default().four_way(40_000).octets;
    let folder = folder(&[]);
    let path = folder.path().join("out");
    let path = path.to_str().unwrap();
    for (octets, when) in [
        (&capture[..capture.len() - 10], "after packet 6 of -"),
        (&capture[..30], "before the first packet of -"),
    ] {
        let args = ["connections", "-", "--fields", "kind", "-o", path];
        let mut child = fourwave(&args).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(octets).unwrap();
        signal(&child, "INT");
        let output = child.wait_with_output().unwrap();
        let note = format!("fourwave: note: interrupted: {path} has what was known {when}\n");
        assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap()), (Some(130), note));
        let records = if octets.len() > 30 { "{\"kind\":\"four-way\"}\n" } else { "" };
        assert_eq!(fs::read_to_string(path).unwrap(), records);
    }
}

/// The shell says it to its children, then the kernel to all who are left.
#[cfg(target_os = "linux")]
#[test]
fn the_end_of_a_session_can_be_said_twice() {
    let mut capture = Capture::default();
    for port in 1..2000 {
        capture = capture.four_way(port);
    }
    let folder = folder(&[("a.pcap", &capture.octets)]);
    // Whoever runs this test may be deaf to it.
    let mut child = std::process::Command::new("env")
        .arg("--default-signal=HUP")
        .arg(fourwave(&[]).get_program())
        .args(["annotate", folder.path().to_str().unwrap(), "--fields", "time_ns,next"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // Nobody empties the pipe, so it waits in the middle of its input.
    signal(&child, "HUP");
    signal(&child, "HUP");
    let mut records = String::new();
    child.stdout.take().unwrap().read_to_string(&mut records).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(129));
    assert!(records.lines().count() < 4 * 1999, "it was ended");
    assert!(records.ends_with("}\n"), "with a whole record");
}

#[cfg(target_os = "linux")]
#[test]
fn who_is_to_outlive_the_session_does() {
    let capture = Capture::default().four_way(40_000).octets;
    let program = fourwave(&[]);
    let mut child = std::process::Command::new("sh")
        .args(["-c", "trap '' HUP; exec \"$0\" connections - --fields kind"])
        .arg(program.get_program())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let (first, second) = capture.split_at(capture.len() - 10);
    stdin.write_all(first).unwrap();
    signal(&child, "HUP");
    stdin.write_all(second).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), &output.stdout[..]), (Some(0), &b"{\"kind\":\"four-way\"}\n"[..]));
}

#[cfg(unix)]
#[test]
fn a_pipe_to_which_nobody_writes_stops_no_run() {
    let capture = Capture::default().four_way(40_000).octets;
    let folder = folder(&[("a.pcap", &capture)]);
    let path = folder.path().to_str().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let output = run(&["connections", path, "--fields", "kind"], &[]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(output.stdout, b"{\"kind\":\"four-way\"}\n");
    let note =
        format!("fourwave: note: {}: no file, and left out; name it to have it read\n", pipe.display());
    assert_eq!(String::from_utf8(output.stderr).unwrap(), note);

    let child = fourwave(&["connections", pipe.to_str().unwrap()]).stdout(Stdio::null()).spawn().unwrap();
    signal(&child, "INT");
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(130));
}

#[test]
fn nothing_is_written_over_an_input() {
    let capture = Capture::default().four_way(40_000).octets;
    let folder = folder(&[("a.pcap", &capture)]);
    let a = folder.path().join("a.pcap");
    let a = a.to_str().unwrap();
    for args in [
        &["connections", a, "-o", a][..],
        &["connections", a, "--summary", a],
        &["annotate", a, "-o", a],
        // A copy need not hold all: what is compressed is unpacked, what comes behind damage can be lost.
        &["annotate", a, "--format", "pcapng", "-o", a],
        &["annotate", a, "--strip", "-o", a],
        &["report", a, "-o", a],
        &["explain", a, "-o", a],
        &["explain", a, "--svg", a],
        &["explain", a, "--states", a],
    ] {
        let output = run(args, &[]);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            error,
            format!("fourwave: error: {a}: is an input; expected another file to write to\n"),
            "{args:?}"
        );
        assert!(fs::read(a).unwrap() == capture, "{args:?}");
    }
    let records = stdout(&["connections", a], &[], 0);
    let taken = folder.path().join("a.pcap.jsonl");
    fs::write(&taken, &records).unwrap();
    let folder_path = folder.path().to_str().unwrap();
    let output = run(&["connections", a, taken.to_str().unwrap(), "--output-dir", folder_path], &[]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(fs::read_to_string(&taken).unwrap(), records);
    let both = folder.path().join("both");
    let both = both.to_str().unwrap();
    let output = run(&["connections", a, "-o", both, "--summary", both], &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(!folder.path().join("both").exists());
}

#[test]
fn what_an_earlier_run_wrote_into_an_input_directory_is_no_input() {
    let capture = Capture::default().four_way(40_000).octets;
    let folder = folder(&[("a.pcap", &capture)]);
    let directory = folder.path().to_str().unwrap();
    let pattern = folder.path().join("*");
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let [records, summary, page, text, picture] = ["r", "s", "p", "t", "v"].map(path);
    for inputs in [directory, pattern.to_str().unwrap()] {
        for args in [
            &["connections", inputs, "-o", &records, "--summary", &summary][..],
            &["report", inputs, "-o", &page],
            &["explain", inputs, "-o", &text, "--svg", &picture],
        ] {
            for _ in 0..2 {
                let output = run(args, &[]);
                let errors = String::from_utf8(output.stderr).unwrap();
                assert_eq!((output.status.code(), errors.as_str()), (Some(0), ""), "{args:?}");
            }
            [Some(&args[3]), args.get(5)]
                .into_iter()
                .flatten()
                .for_each(|path| fs::remove_file(path).unwrap());
        }
    }
    fs::write(&records, "").unwrap();
    let a = path("a.pcap");
    for args in
        [&["connections", directory, "-o", &a][..], &["connections", directory, &records, "-o", &records]]
    {
        let output = run(args, &[]);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{errors}");
        assert!(errors.contains("is an input"), "{errors}");
    }
    assert!(fs::read(a).unwrap() == capture);
}

#[cfg(unix)]
#[test]
fn what_replaces_a_file_has_its_permissions() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};

    let capture = Capture::default().four_way(40_000).octets;
    let folder = folder(&[("a.pcap", &capture)]);
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let [input, records, fresh, outputs] = ["a.pcap", "r", "fresh", "outputs"].map(path);
    let made = path("outputs/a.pcap.jsonl");
    let mode = |path: &str| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    fs::write(&records, "").unwrap();
    let ordinary = mode(&records);
    stdout(&["connections", &input, "-o", &fresh], &[], 0);
    stdout(&["connections", &input, "--output-dir", &outputs], &[], 0);
    assert_eq!((mode(&fresh), mode(&made)), (ordinary, ordinary));
    // The second has more than the umask leaves new files as a rule.
    for permissions in [0o600, 0o666] {
        for path in [&records, &made] {
            fs::set_permissions(path, PermissionsExt::from_mode(permissions)).unwrap();
        }
        stdout(&["connections", &input, "-o", &records], &[], 0);
        stdout(&["connections", &input, "--output-dir", &outputs], &[], 0);
        assert_eq!((mode(&records), mode(&made)), (permissions, permissions));
    }
    // What was for another group is not for this one. Who is not root cannot make such a file.
    let own = fs::metadata(&records).unwrap().gid();
    if chown(&records, None, Some(own + 1)).is_ok() {
        stdout(&["connections", &input, "-o", &records], &[], 0);
        assert_eq!(mode(&records), 0o606);
    }
}

#[test]
fn text_is_plain_where_there_is_no_terminal() {
    let capture = Capture::default().four_way(40_000).octets;
    let text = stdout(&["annotate", "-", "--format", "text"], &capture, 0);
    assert!(text.contains("FIN-WAIT-1") && !text.contains('\x1b'), "{text}");
    let chinese = stdout(&["annotate", "-", "--format", "text", "--lang", "zh-CN"], &capture, 0);
    assert!(chinese.contains("第一次挥手"), "{chinese}");
}

/// The longest words for an ending push nothing out of its column.
#[test]
fn connections_stand_in_columns_whatever_their_ending() {
    let mut capture = Capture::default().four_way(40_000);
    capture.open(40_001);
    for (from, flags, seq, ack) in [(Sender::Client, FIN_ACK, 101, 301), (Sender::Server, ACK, 301, 102)] {
        capture.segment(40_001, from, flags, seq, ack);
    }
    for (lang, begun) in [("en", "client, FIN"), ("zh-CN", "客户端，FIN")] {
        let args = ["connections", "-", "--format", "text", "--lang", lang];
        let lines = stdout(&args, &capture.octets, 0);
        let columns: Vec<_> = lines.lines().map(|line| line.split_once(begun).unwrap().0.width()).collect();
        assert!(matches!(columns[..], [one, other] if one == other), "{lines}");
    }
}

#[test]
fn skipped_packets_have_reasons_in_the_language_of_the_reader() {
    let mut capture = Capture::default().four_way(40_000);
    capture.arp();
    for (lang, reason) in [("en", "not IP  "), ("zh-CN", "不是 IP  ")] {
        let counts = stdout(&["stats", "-", "--format", "text", "--lang", lang], &capture.octets, 0);
        assert!(counts.contains(reason), "{counts}");
    }
    // Keys are the same in every language.
    let counts = stdout(&["stats", "-", "--lang", "zh-CN"], &capture.octets, 0);
    assert!(counts.contains(r#""skipped":{"not IP":1}"#), "{counts}");
}

#[test]
fn what_is_pushed_out_of_memory_is_marked_and_reported() {
    let mut capture = Capture::default();
    for port in 1..=3 {
        capture.open(port);
    }
    let args =
        ["connections", "-", "--max-connections", "2", "--format", "csv", "--fields", "connection,modifiers"];
    let output = run(&args, &capture.octets);
    let records = String::from_utf8(output.stdout).unwrap();
    assert!(records.lines().any(|line| line.ends_with("evicted")), "{records}");
    let note = "connections pushed out of memory (--max-connections), those over or longest silent first, and marked \
                `evicted`: 1";
    assert_eq!(String::from_utf8(output.stderr).unwrap(), format!("fourwave: note: {note}\n"));
    // As many as there is room for are no more than that.
    let args = ["connections", "-", "--max-connections", "3"];
    assert_eq!(run(&args, &capture.octets).stderr, b"");
}

#[test]
fn thresholds_change_findings() {
    // The server stays in CLOSE-WAIT for 10 ms.
    let capture = Capture::default().four_way(40_000).octets;
    let findings =
        |args: &[&str]| stdout(&[&["connections", "-", "--fields", "findings"], args].concat(), &capture, 0);
    assert!(!findings(&[]).contains("close-wait-dwell"));
    assert!(findings(&["--threshold", "close-wait-note=0.005"]).contains("close-wait-dwell"));
}

#[test]
fn help_manual_and_completions() {
    assert!(stdout(&["help", "thresholds"], &[], 0).contains("close-wait-note"));
    assert!(stdout(&["annotate", "--help"], &[], 0).contains("tcpdump -U -w -"));
    assert!(stdout(&["man"], &[], 0).contains(".TH"));
    assert!(stdout(&["completions", "bash"], &[], 0).contains("complete"));
}
