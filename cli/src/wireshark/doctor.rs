//! Why the plugin does not load, or does not show: one check after another, each with what to do.
//!
//! Wireshark passes over much in silence: folders of other series, personal folders when root starts it, a disabled
//! protocol. What it does say, it says on a standard error that nobody sees in a window.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use fourwave_annotate::Lang;

use super::copies::Copies;
use super::elf::wanted_series;
use super::folders::Folders;
use super::profile::{self, State};
use super::program::{Listing, Program};
use super::series::Series;
use super::words;

/// The plugin's protocol: its filter name, and the line that disables it.
const PROTOCOL: &str = "teardown";
const DISABLED: &str = "disabled_protos";

/// What a check came to, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// As it should be.
    Fine,
    /// Good to know; the plugin works all the same.
    Note,
    /// Why the plugin does not work.
    Problem,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What it came to.
    pub verdict: Verdict,
    /// What was seen.
    pub seen: String,
    /// What to do about it.
    pub advice: Option<String>,
}

impl Check {
    fn fine(seen: impl Into<String>) -> Self {
        Self { verdict: Verdict::Fine, seen: seen.into(), advice: None }
    }

    fn note((seen, advice): (String, String)) -> Self {
        Self { verdict: Verdict::Note, seen, advice: Some(advice) }
    }

    fn problem((seen, advice): (String, String)) -> Self {
        Self { verdict: Verdict::Problem, seen, advice: Some(advice) }
    }
}

/// Examines an installation.
#[must_use]
pub fn examine(program: &Program, lang: Lang) -> Vec<Check> {
    let folders = program.folders();
    let copies = Copies::find(&folders, program.series);
    let mut checks = vec![age(program, lang)];
    checks.extend(siblings(program, lang));
    checks.push(user(&folders, &copies, lang));
    checks.push(place(&folders, &copies, program.series, lang));
    for path in &copies.found {
        checks.push(build(path, program, lang));
    }
    if let Some(path) = copies.found.first() {
        checks.push(load(path, program, lang));
    }
    checks.push(protocol(&folders, lang));
    checks.push(of_profile(&folders, lang));
    checks
}

/// Is it a Wireshark that the plugin can be built for?
fn age(program: &Program, lang: Lang) -> Check {
    if program.series < Series::OLDEST {
        return Check::problem(words::too_old(lang, &program.describe()));
    }
    Check::fine(program.describe())
}

/// Do tshark and the window program look into the same folders?
fn siblings(program: &Program, lang: Lang) -> Vec<Check> {
    let others = Program::all_in_path().into_iter().filter(|other| other.series != program.series);
    others.map(|other| Check::note(words::other_series(lang, &other))).collect()
}

/// Who starts it?
fn user(folders: &Folders, copies: &Copies, lang: Lang) -> Check {
    if !folders.as_root {
        return Check::fine(words::ordinary_user(lang));
    }
    let message = words::as_root(lang, folders.global_plugins.as_deref());
    if copies.found.is_empty() { Check::problem(message) } else { Check::fine(message.0) }
}

/// Is the plugin where it is looked for, and only once?
fn place(folders: &Folders, copies: &Copies, series: Series, lang: Lang) -> Check {
    match &*copies.found {
        [one] => Check::fine(one.display().to_string()),
        [] => {
            let searched: Vec<PathBuf> =
                folders.searched().map(|plugins| series.dissectors(plugins)).collect();
            match (&*searched, &*copies.overlooked) {
                ([], _) => Check::problem(words::no_plugin_folder(lang)),
                (searched, []) => Check::problem(words::not_installed(lang, searched)),
                (searched, overlooked) => Check::problem(words::overlooked(lang, overlooked, searched)),
            }
        }
        several => Check::problem(words::several(lang, several)),
    }
}

/// Can the file be read, and is it for this series?
fn build(path: &Path, program: &Program, lang: Lang) -> Check {
    if let Err(error) = File::open(path) {
        return Check::problem(words::unreadable(lang, path, &error));
    }
    match wanted_series(path) {
        Ok(wanted) if wanted == program.series => Check::fine(words::built_for(lang, wanted)),
        Ok(wanted) => Check::problem(words::built_for_another(lang, path, wanted, program)),
        Err(error) => Check::problem(words::no_plugin(lang, &error)),
    }
}

/// Does the program list it?
fn load(path: &Path, program: &Program, lang: Lang) -> Check {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    match program.plugins() {
        None => Check::note(words::cannot_list(lang, program)),
        Some(Listing { loaded, .. }) if loaded.iter().any(|plugin| *plugin == name) => {
            Check::fine(words::loads(lang, program))
        }
        Some(Listing { complaints, .. }) => {
            // Without the name of the program that speaks.
            let about = complaints.iter().filter(|line| line.contains(&*name));
            let said: Vec<&str> =
                about.map(|line| line.split_once(": ").map_or(&**line, |(_, rest)| rest)).collect();
            Check::problem(words::does_not_load(lang, program, path, &said))
        }
    }
}

/// Is the protocol enabled in every profile?
fn protocol(folders: &Folders, lang: Lang) -> Check {
    let profiles =
        fs::read_dir(folders.personal_configuration.join("profiles")).into_iter().flatten().flatten();
    let mut settings: Vec<PathBuf> = profiles.map(|profile| profile.path()).collect();
    settings.sort();
    settings.push(folders.personal_configuration.clone());
    settings.extend(folders.global_configuration.clone());
    let disables = |file: &PathBuf| {
        fs::read_to_string(file).is_ok_and(|text| text.lines().any(|line| line.trim() == PROTOCOL))
    };
    let files: Vec<PathBuf> = settings.iter().map(|folder| folder.join(DISABLED)).filter(disables).collect();
    if files.is_empty() {
        Check::fine(words::enabled(lang, PROTOCOL))
    } else {
        Check::problem(words::disabled(lang, PROTOCOL, &files))
    }
}

/// Is the profile there, for this user or for all?
fn of_profile(folders: &Folders, lang: Lang) -> Check {
    let for_all = || folders.global_configuration.as_deref().map(profile::state);
    let state = match profile::state(&folders.personal_configuration) {
        // Wireshark copies it from there when it is first asked for.
        Ok(State::Absent(_)) if matches!(for_all(), Some(Ok(State::Whole))) => Ok(State::Whole),
        state => state,
    };
    match state {
        Ok(State::Whole) => Check::fine(words::profile_whole(lang)),
        Ok(State::Changed(files)) => Check::note(words::profile_changed(lang, &files)),
        Ok(State::Partial(missing)) => Check::note(words::profile_partial(lang, &missing)),
        Ok(State::Absent(folder)) => Check::note(words::profile_absent(lang, &folder)),
        Err(error) => Check::note(words::profile_unreadable(lang, &error)),
    }
}
