//! What `wireshark` says, in both languages. A pair is what was seen, and what to do about it.

mod missing;

use std::fmt::Display;
use std::path::{Path, PathBuf};

use fourwave_annotate::Lang;

use super::profile::PROFILE;
use super::program::Program;
use super::series::Series;
use super::toolchain::Missing;

pub use missing::missing;

/// What was seen, and what to do about it.
type SeenAndAdvice = (String, String);

/// The verdicts.
pub fn fine(lang: Lang) -> &'static str {
    say!(lang, "ok", "正常")
}

pub fn note(lang: Lang) -> &'static str {
    say!(lang, "note", "提示")
}

pub fn problem(lang: Lang) -> &'static str {
    say!(lang, "problem", "问题")
}

pub fn too_old(lang: Lang, program: &str) -> SeenAndAdvice {
    let oldest = Series::OLDEST;
    say!(
        lang,
        (program.to_owned(), format!("the plugin needs Wireshark {oldest} or later")),
        (program.to_owned(), format!("插件需要 Wireshark {oldest} 或更高版本")),
    )
}

pub fn no_program(lang: Lang, named: Option<&Path>) -> String {
    missing::one(lang, &Missing::Program { named: named.map(Path::to_owned) })
}

pub fn other_series(lang: Lang, other: &Program) -> SeenAndAdvice {
    let (what, path) = (other.describe(), other.path.display());
    say!(
        lang,
        (
            format!("{what} is of another version and needs a plugin of its own"),
            format!("`fourwave wireshark doctor --wireshark {path}` examines that one"),
        ),
        (
            format!("{what} 是另一个版本，需要为它单独安装插件"),
            format!("用 `fourwave wireshark doctor --wireshark {path}` 检查它"),
        ),
    )
}

pub fn ordinary_user(lang: Lang) -> &'static str {
    say!(lang, "started by an ordinary user", "由普通用户启动")
}

/// `global` is the plugin folder of all users.
pub fn as_root(lang: Lang, global: Option<&Path>) -> SeenAndAdvice {
    let seen = say!(
        lang,
        "started by root: Wireshark then ignores personal plugins, and says nothing of it",
        "由 root 启动：此时 Wireshark 会忽略个人插件，且不作任何提示"
    );
    let advice = match global.map(Path::display) {
        Some(plugins) => say!(
            lang,
            format!(
                "run fourwave and Wireshark as an ordinary user; or install for all users: `fourwave wireshark install \
                 --to {plugins}`"
            ),
            format!(
                "请以普通用户运行 fourwave 和 Wireshark；或为所有用户安装：`fourwave wireshark install --to {plugins}`"
            ),
        ),
        None => say!(
            lang,
            "run fourwave and Wireshark as an ordinary user".to_owned(),
            "请以普通用户运行 fourwave 和 Wireshark".to_owned()
        ),
    };
    (seen.to_owned(), advice)
}

pub fn no_plugin_folder(lang: Lang) -> SeenAndAdvice {
    say!(
        lang,
        (
            "this Wireshark has no plugin folder: it was built without plugins".to_owned(),
            "use a Wireshark with plugins, such as that of a distribution".to_owned(),
        ),
        (
            "此 Wireshark 没有插件目录：编译时未启用插件".to_owned(),
            "请使用支持插件的 Wireshark，例如发行版提供的".to_owned()
        ),
    )
}

pub fn not_installed(lang: Lang, searched: &[PathBuf]) -> SeenAndAdvice {
    let searched = list(lang, searched);
    say!(
        lang,
        (format!("no fourwave.so in {searched}"), "run `fourwave wireshark install`".to_owned()),
        (format!("{searched} 中没有 fourwave.so"), "请运行 `fourwave wireshark install`".to_owned()),
    )
}

pub fn overlooked(lang: Lang, overlooked: &[PathBuf], searched: &[PathBuf]) -> SeenAndAdvice {
    let (overlooked, searched) = (list(lang, overlooked), list(lang, searched));
    say!(
        lang,
        (
            format!("{overlooked}: this Wireshark does not look there"),
            format!(
                "it looks only into {searched}; run `fourwave wireshark install`, which builds for this version"
            ),
        ),
        (
            format!("{overlooked}：此 Wireshark 不会在那里查找"),
            format!("它只在 {searched} 中查找；请运行 `fourwave wireshark install`，它会为此版本编译"),
        ),
    )
}

pub fn several(lang: Lang, copies: &[PathBuf]) -> SeenAndAdvice {
    let copies = list(lang, copies);
    say!(
        lang,
        (format!("installed more than once: {copies}"), "remove all but one".to_owned()),
        (format!("重复安装：{copies}"), "请只保留一个".to_owned()),
    )
}

pub fn unreadable(lang: Lang, path: &Path, error: &dyn Display) -> SeenAndAdvice {
    let path = path.display();
    say!(
        lang,
        (format!("{path} cannot be read: {error}"), format!("let its user read it: chmod a+r {path}")),
        (format!("无法读取 {path}：{error}"), format!("请允许用户读取：chmod a+r {path}")),
    )
}

pub fn built_for(lang: Lang, series: Series) -> String {
    say!(lang, format!("built for Wireshark {series}"), format!("为 Wireshark {series} 编译"))
}

pub fn built_for_another(lang: Lang, path: &Path, wanted: Series, program: &Program) -> SeenAndAdvice {
    let (path, program) = (path.display(), program.describe());
    say!(
        lang,
        (
            format!("{path} was built for Wireshark {wanted}, which {program} is not"),
            "run `fourwave wireshark install`, which builds for this version".to_owned(),
        ),
        (
            format!("{path} 是为 Wireshark {wanted} 编译的，与 {program} 不符"),
            "请运行 `fourwave wireshark install`，它会为此版本编译".to_owned(),
        ),
    )
}

pub fn no_plugin(lang: Lang, error: &anyhow::Error) -> SeenAndAdvice {
    say!(
        lang,
        (format!("{error:#}"), "run `fourwave wireshark install` again".to_owned()),
        (format!("{error:#}"), "请重新运行 `fourwave wireshark install`".to_owned()),
    )
}

pub fn cannot_list(lang: Lang, program: &Program) -> SeenAndAdvice {
    let name = program.name();
    say!(
        lang,
        (
            format!("{name} cannot list its plugins: whether this one loads is not known"),
            "install tshark of the same version, which can; or see Help > About Wireshark > Plugins"
                .to_owned(),
        ),
        (
            format!("{name} 无法列出插件：不知道此插件是否已加载"),
            "请安装同版本的 tshark；或查看 帮助 > 关于 Wireshark > 插件".to_owned(),
        ),
    )
}

pub fn loads(lang: Lang, program: &Program) -> String {
    let name = program.name();
    say!(lang, format!("{name} loads it"), format!("{name} 已加载它"))
}

/// `said` is what the program said of the plugin.
pub fn does_not_load(lang: Lang, program: &Program, path: &Path, said: &[&str]) -> SeenAndAdvice {
    let (name, path) = (program.name(), path.display());
    let seen = if said.is_empty() {
        say!(
            lang,
            format!("{name} does not load it, and does not say why"),
            format!("{name} 没有加载它，也没有说明原因")
        )
    } else {
        let said = said.join("; ");
        say!(lang, format!("{name} does not load it: {said}"), format!("{name} 没有加载它：{said}"))
    };
    let has = |words: &str| said.iter().any(|line| line.contains(words));
    let advice = if has("cannot open shared object file: No such file") {
        say!(
            lang,
            format!("a library that it needs is missing: `ldd {path}` names it"),
            format!("缺少它所需的库：`ldd {path}` 会列出"),
        )
    } else if has("failed to map segment") {
        say!(
            lang,
            "its file system is mounted noexec: install into a plugin folder on another one, with --to"
                .to_owned(),
            "其文件系统以 noexec 挂载：请用 --to 安装到另一文件系统的插件目录".to_owned(),
        )
    } else {
        say!(
            lang,
            "run `fourwave wireshark install` again, with the headers of exactly this Wireshark".to_owned(),
            "请用与此 Wireshark 完全一致的头文件重新运行 `fourwave wireshark install`".to_owned(),
        )
    };
    (seen, advice)
}

pub fn enabled(lang: Lang, protocol: &str) -> String {
    say!(lang, format!("protocol `{protocol}` is enabled"), format!("协议 `{protocol}` 已启用"))
}

pub fn disabled(lang: Lang, protocol: &str, files: &[PathBuf]) -> SeenAndAdvice {
    let files = list(lang, files);
    say!(
        lang,
        (
            format!("protocol `{protocol}` is disabled in {files}"),
            "enable it in Analyze > Enabled Protocols, or take the line out".to_owned(),
        ),
        (
            format!("协议 `{protocol}` 已在 {files} 中禁用"),
            "请在 分析 > 启用的协议 中启用它，或删除该行".to_owned(),
        ),
    )
}

pub fn profile_whole(lang: Lang) -> String {
    say!(lang, format!("profile {PROFILE} is installed"), format!("配置文件 {PROFILE} 已安装"))
}

pub fn profile_changed(lang: Lang, files: &[PathBuf]) -> SeenAndAdvice {
    let files = list(lang, files);
    say!(
        lang,
        (
            format!("profile {PROFILE} is installed; other than this version's: {files}"),
            "`fourwave wireshark install --force` replaces what you, Wireshark or another version wrote there".to_owned(),
        ),
        (
            format!("配置文件 {PROFILE} 已安装；与此版本不同的有：{files}"),
            "`fourwave wireshark install --force` 会替换您、Wireshark 或其他版本写入的内容".to_owned(),
        ),
    )
}

pub fn profile_partial(lang: Lang, files: &[PathBuf]) -> SeenAndAdvice {
    let files = list(lang, files);
    say!(
        lang,
        (
            format!("profile {PROFILE} is not whole; missing: {files}"),
            "run `fourwave wireshark install`".to_owned()
        ),
        (
            format!("配置文件 {PROFILE} 不完整；缺少：{files}"),
            "请运行 `fourwave wireshark install`".to_owned()
        ),
    )
}

pub fn profile_absent(lang: Lang, folder: &Path) -> SeenAndAdvice {
    let folder = folder.display();
    say!(
        lang,
        (format!("profile {PROFILE} is not in {folder}"), "run `fourwave wireshark install`".to_owned()),
        (format!("{folder} 中没有配置文件 {PROFILE}"), "请运行 `fourwave wireshark install`".to_owned()),
    )
}

pub fn profile_unreadable(lang: Lang, error: &dyn Display) -> SeenAndAdvice {
    say!(
        lang,
        (format!("profile {PROFILE} cannot be read: {error}"), "let its user read it".to_owned()),
        (format!("无法读取配置文件 {PROFILE}：{error}"), "请允许用户读取".to_owned()),
    )
}

pub fn building(lang: Lang, program: &Program, headers: &Path) -> String {
    let (program, headers) = (program.describe(), headers.display());
    say!(
        lang,
        format!("building the plugin for {program} with the headers in {headers}"),
        format!("正在用 {headers} 中的头文件为 {program} 编译插件"),
    )
}

pub fn installed(lang: Lang, path: &Path) -> String {
    let path = path.display();
    say!(lang, format!("installed {path}"), format!("已安装 {path}"))
}

pub fn present(lang: Lang, path: &Path) -> String {
    let path = path.display();
    say!(lang, format!("unchanged {path}"), format!("未变 {path}"))
}

pub fn kept(lang: Lang, path: &Path) -> String {
    let path = path.display();
    say!(
        lang,
        format!("kept      {path}: it differs from this version's; --force replaces it"),
        format!("已保留 {path}：与此版本不同；--force 会替换它"),
    )
}

pub fn how_to_use(lang: Lang) -> String {
    say!(
        lang,
        format!(
            "Open a capture with the profile: wireshark -C {PROFILE} FILE\n\
             A Wireshark that is open must be started again. If nothing shows: fourwave wireshark doctor"
        ),
        format!(
            "用此配置文件打开抓包：wireshark -C {PROFILE} FILE\n\
             已打开的 Wireshark 需要重新启动。如果没有显示：fourwave wireshark doctor"
        ),
    )
}

fn list(lang: Lang, paths: &[PathBuf]) -> String {
    let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    paths.join(say!(lang, ", ", "、"))
}
