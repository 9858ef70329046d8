//! `wireshark`: installs the plugin for Wireshark, and finds out why it does not load.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use fourwave_annotate::Lang;

use crate::args::{DoctorArgs, InstallArgs, WiresharkCommand};
use crate::output::{Output, Styles};
use crate::report;
use crate::run::End;
use crate::stop::Stop;
use crate::terminal::{Padded, style};
use crate::wireshark::words;
use crate::wireshark::{Check, Folders, Missing, Outcome, PLUGIN_FILE, Program, Series, Toolchain, Verdict};
use crate::wireshark::{examine, install_profile, place, wanted_series};

/// Runs the command.
///
/// # Errors
/// When something is missing, the plugin does not build, or a file cannot be written.
pub fn wireshark(command: &WiresharkCommand, stop: &Stop) -> anyhow::Result<End> {
    match command {
        WiresharkCommand::Install(args) => install(args, stop),
        WiresharkCommand::Doctor(args) => doctor(args, stop),
    }
}

fn install(args: &InstallArgs, stop: &Stop) -> anyhow::Result<End> {
    let lang = args.language.language();
    let (program, plugin) = prepare(args, lang)?;
    let folders = program.folders();
    let destination = destination(args, &folders, program.series, lang)?;
    let plugin = match plugin {
        Plugin::Built(file) => file,
        Plugin::Source(toolchain) => {
            report::note(&words::building(lang, &program, &toolchain.headers));
            match toolchain.build() {
                Err(_) if stop.requested() => return Ok(End::Stopped),
                built => built?,
            }
        }
    };
    let wanted = wanted_series(&plugin)?;
    if wanted != program.series {
        let (seen, advice) = words::built_for_another(lang, &plugin, wanted, &program);
        bail!("{seen}; {advice}");
    }
    let octets = fs::read(&plugin).with_context(|| format!("cannot read {}", plugin.display()))?;
    place(&destination, &octets)?;
    let mut lines = vec![words::installed(lang, &destination)];
    for (path, outcome) in install_profile(settings(&folders, &destination), args.force)? {
        lines.push(match outcome {
            Outcome::Written => words::installed(lang, &path),
            Outcome::Same => words::present(lang, &path),
            Outcome::Kept => words::kept(lang, &path),
        });
    }
    lines.push(words::how_to_use(lang));
    print(&(lines.join("\n") + "\n"), stop)?;
    let looks_there = folders.searched().any(|plugins| destination.starts_with(plugins));
    if looks_there {
        conclude(&examine(&program, lang), Verdict::Problem, lang, stop)
    } else {
        Ok(End::Complete)
    }
}

/// Where the plugin comes from.
enum Plugin {
    /// A file that is there.
    Built(PathBuf),
    /// It is to be built.
    Source(Toolchain),
}

/// Finds all that is needed before anything is done, or tells all that is missing.
fn prepare(args: &InstallArgs, lang: Lang) -> anyhow::Result<(Program, Plugin)> {
    let mut missing = Vec::new();
    let program = Program::find(args.wireshark.as_deref());
    match &program {
        None => missing.push(Missing::Program { named: args.wireshark.clone() }),
        Some(program) if program.series < Series::OLDEST => {
            missing.push(Missing::OldProgram { program: program.describe() });
        }
        Some(_) => {}
    }
    let plugin = match &args.plugin {
        Some(file) => Some(Plugin::Built(file.clone())),
        None => {
            let series = program.as_ref().map(|program| program.series);
            let found = Toolchain::find(series, args.source.as_deref());
            found.map_err(|more| missing.extend(more)).ok().map(Plugin::Source)
        }
    };
    match (program, plugin) {
        (Some(program), Some(plugin)) if missing.is_empty() => Ok((program, plugin)),
        _ => bail!(words::missing(lang, &missing)),
    }
}

/// The file that the plugin will be.
fn destination(args: &InstallArgs, folders: &Folders, series: Series, lang: Lang) -> anyhow::Result<PathBuf> {
    let plugins = match &args.to {
        Some(folder) => Series::plugins_around(folder),
        None if folders.as_root => {
            let (seen, advice) = words::as_root(lang, folders.global_plugins.as_deref());
            bail!("{seen}; {advice}");
        }
        None => folders.personal_plugins.as_deref().ok_or_else(|| {
            let (seen, advice) = words::no_plugin_folder(lang);
            anyhow!("{seen}; {advice}")
        })?,
    };
    Ok(series.dissectors(plugins).join(PLUGIN_FILE))
}

/// The settings that the profile joins: those of all users, where the plugin is for all users.
fn settings<'a>(folders: &'a Folders, destination: &Path) -> &'a Path {
    let for_all = folders.global_plugins.as_ref().is_some_and(|plugins| destination.starts_with(plugins));
    let global = folders.global_configuration.as_deref().filter(|_| for_all);
    global.unwrap_or(&folders.personal_configuration)
}

fn doctor(args: &DoctorArgs, stop: &Stop) -> anyhow::Result<End> {
    let lang = args.language.language();
    let Some(program) = Program::find(args.wireshark.as_deref()) else {
        bail!(words::no_program(lang, args.wireshark.as_deref()));
    };
    conclude(&examine(&program, lang), Verdict::Fine, lang, stop)
}

/// Prints the checks that came to `least` or worse; whether the plugin works.
fn conclude(checks: &[Check], least: Verdict, lang: Lang, stop: &Stop) -> anyhow::Result<End> {
    print(&page(checks.iter().filter(|check| check.verdict >= least), lang), stop)?;
    let works = checks.iter().all(|check| check.verdict != Verdict::Problem);
    Ok(if works { End::Complete } else { End::Damaged })
}

/// A line a check, and one for what to do.
fn page<'a>(checks: impl Iterator<Item = &'a Check>, lang: Lang) -> String {
    let mut page = String::new();
    for Check { verdict, seen, advice } in checks {
        let (word, style) = match verdict {
            Verdict::Fine => (words::fine(lang), style::CLOSE),
            Verdict::Note => (words::note(lang), style::NOTE),
            Verdict::Problem => (words::problem(lang), style::RESET),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(page, "{style}{}{style:#} {seen}", Padded(word, 8));
        if let Some(advice) = advice {
            let _ = writeln!(page, "{}-> {advice}", Padded("", 9));
        }
    }
    page
}

fn print(text: &str, stop: &Stop) -> anyhow::Result<()> {
    let output = Output::open(None::<&Path>, Styles::OnTerminal, stop.clone())?;
    output.write(text.as_bytes());
    output.finish()
}
