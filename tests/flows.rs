//! Every flow script through the engine: as a ladder to be read by a reviewer (a snapshot beside the script), and
//! those that are worked examples of the specification held against its text part by part. And every decision of the
//! specification has a script that needs it.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use fourwave_tests::flow::Flow;
use fourwave_tests::run::run;
use fourwave_tests::spec::Example;
use fourwave_tests::{files, here, ladder, rules, spec};

#[test]
fn every_flow_climbs_its_ladder() {
    insta::glob!("flows/**/*.flow", |path| {
        let flow = Flow::parse(&fs::read_to_string(path).unwrap()).unwrap();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(path.parent().unwrap());
        settings.set_snapshot_suffix("");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, ladder::draw(&flow.title, &run(&flow))));
    });
}

#[test]
fn every_worked_example_comes_out_as_the_specification_says() {
    let examples = Example::parse_all(&fs::read_to_string(here("../docs/SPEC.md")).unwrap()).unwrap();
    assert_eq!(examples.len(), 36);
    let flows = flows_by_example();
    let mut wrong = Vec::new();
    for example in &examples {
        let flow = &flows[&example.id];
        let said = spec::write(&example.id, &run(flow));
        let mut found = Example::parse(&said).unwrap();
        if example.lines[0].segment.starts_with("7 ") {
            found.lines.drain(..6.min(found.lines.len())); // the opening, which the text leaves out
        }
        wrong.extend(differences(example, &found));
    }
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong.join("\n"));
}

/// Where a script begins with the opening of the first example, the engine must say of it what it says there.
#[test]
fn every_opening_is_that_of_the_first_example() {
    let flows = flows_by_example();
    let opening = |flow: &Flow| run(flow).entries[..6].to_vec();
    for (id, flow) in &flows {
        let opened = flow.packets().take(6).eq(flows["EX01"].packets().take(6));
        assert!(!opened || opening(flow) == opening(&flows["EX01"]), "{id}");
    }
}

/// Scripts name the rules without which they would come out differently. What they name exists, and no decision is
/// without a script.
#[test]
fn every_decision_of_the_specification_is_needed_by_a_script() {
    let text = fs::read_to_string(here("../docs/SPEC.md")).unwrap();
    let (decisions, numbered) = (rules::decisions(&text), rules::numbered(&text));
    assert_eq!(decisions.len(), 31, "{decisions:?}");
    let named: BTreeSet<String> = flows().flat_map(|flow| flow.rules).collect();
    let missing: Vec<_> = decisions.difference(&named).collect();
    assert!(missing.is_empty(), "no script has a line `rule` with {missing:?}");
    let unknown: Vec<_> =
        named.iter().filter(|rule| !decisions.contains(*rule) && !numbered.contains(*rule)).collect();
    assert!(unknown.is_empty(), "not in docs/SPEC.md: {unknown:?}");
}

fn flows() -> impl Iterator<Item = Flow> {
    files("flows", ".flow")
        .unwrap()
        .into_iter()
        .map(|path| Flow::parse(&fs::read_to_string(path).unwrap()).unwrap())
}

fn flows_by_example() -> BTreeMap<String, Flow> {
    flows().filter_map(|flow| Some((flow.example.clone()?, flow))).collect()
}

fn differences(expected: &Example, found: &Example) -> Vec<String> {
    let mut list = Vec::new();
    for at in 0..expected.lines.len().max(found.lines.len()) {
        let (expected_line, found_line) = (expected.lines.get(at), found.lines.get(at));
        if expected_line != found_line {
            list.push(format!("{}: expected {expected_line:?}\n         found {found_line:?}", expected.id));
        }
    }
    for at in 0..expected.connections.len().max(found.connections.len()) {
        let (expected_one, found_one) = (expected.connections.get(at), found.connections.get(at));
        if expected_one != found_one {
            list.push(format!("{}: expected {expected_one:?}\n         found {found_one:?}", expected.id));
        }
    }
    list
}
