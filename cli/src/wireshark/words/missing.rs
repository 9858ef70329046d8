//! What must be there before the plugin can be built or installed, in both languages.

use fourwave_annotate::Lang;

use super::too_old;
use crate::wireshark::toolchain::Missing;

/// What is missing and which Debian package has it, a line each.
pub fn missing(lang: Lang, all: &[Missing]) -> String {
    let head = say!(
        lang,
        "nothing was installed; this is missing (packages are Debian's):",
        "未安装任何内容；缺少以下各项（软件包名为 Debian 的）："
    );
    all.iter().fold(head.to_owned(), |text, thing| text + "\n  - " + &one(lang, thing))
}

/// One thing, and how to get it.
pub fn one(lang: Lang, missing: &Missing) -> String {
    match missing {
        Missing::Program { named: None } => say!(
            lang,
            "Wireshark: neither tshark nor wireshark is in PATH; apt-get install tshark, or --wireshark PROGRAM".to_owned(),
            "Wireshark：PATH 中没有 tshark 或 wireshark；apt-get install tshark，或用 --wireshark PROGRAM 指定".to_owned(),
        ),
        Missing::Program { named: Some(path) } => say!(
            lang,
            format!("Wireshark: {} does not run, or tells no version", path.display()),
            format!("Wireshark：{} 无法运行，或不报告版本", path.display()),
        ),
        Missing::OldProgram { program } => {
            let (seen, advice) = too_old(lang, program);
            say!(lang, format!("a newer Wireshark: {seen}; {advice}"), format!("较新的 Wireshark：{seen}；{advice}"))
        }
        Missing::Headers { named: None } => say!(
            lang,
            "the headers of Wireshark: apt-get install libwireshark-dev, or name their folder in \
             FOURWAVE_WIRESHARK_INCLUDE"
                .to_owned(),
            "Wireshark 的头文件：apt-get install libwireshark-dev，或用 FOURWAVE_WIRESHARK_INCLUDE 指定其目录".to_owned(),
        ),
        Missing::Headers { named: Some(folder) } => say!(
            lang,
            format!(
                "the headers of Wireshark: no ws_version.h in {}, named by FOURWAVE_WIRESHARK_INCLUDE; the package is \
                 libwireshark-dev",
                folder.display()
            ),
            format!(
                "Wireshark 的头文件：FOURWAVE_WIRESHARK_INCLUDE 指定的 {} 中没有 ws_version.h；软件包为 libwireshark-dev",
                folder.display()
            ),
        ),
        Missing::OtherHeaders { folder, of, wanted } => say!(
            lang,
            format!(
                "the headers of Wireshark {wanted}: those in {} are of {of}; apt-get install libwireshark-dev of the \
                 same version as the program, or name their folder in FOURWAVE_WIRESHARK_INCLUDE",
                folder.display()
            ),
            format!(
                "Wireshark {wanted} 的头文件：{} 中的属于 {of}；请安装与程序版本相同的 libwireshark-dev，或用 \
                 FOURWAVE_WIRESHARK_INCLUDE 指定其目录",
                folder.display()
            ),
        ),
        Missing::Compiler => say!(
            lang,
            "a C compiler, cc: apt-get install gcc libc6-dev".to_owned(),
            "C 编译器 cc：apt-get install gcc libc6-dev".to_owned(),
        ),
        Missing::Glib => say!(
            lang,
            "the headers of GLib, as pkg-config finds them: apt-get install libglib2.0-dev pkgconf".to_owned(),
            "可由 pkg-config 找到的 GLib 头文件：apt-get install libglib2.0-dev pkgconf".to_owned(),
        ),
        Missing::Cargo => say!(
            lang,
            format!("cargo of Rust {} or later: https://rustup.rs", env!("CARGO_PKG_RUST_VERSION")),
            format!("Rust {} 或更高版本的 cargo：https://rustup.rs", env!("CARGO_PKG_RUST_VERSION")),
        ),
        Missing::Source { named: None } => say!(
            lang,
            "the source of fourwave: run this in its folder, or name it with --source DIR; a plugin that is built \
             already is installed with --plugin FILE"
                .to_owned(),
            "fourwave 的源代码：请在其目录中运行，或用 --source DIR 指定；已编译的插件可用 --plugin FILE 安装".to_owned(),
        ),
        Missing::Source { named: Some(folder) } => say!(
            lang,
            format!("the source of fourwave: {} has no ffi/wireshark/Cargo.toml", folder.display()),
            format!("fourwave 的源代码：{} 中没有 ffi/wireshark/Cargo.toml", folder.display()),
        ),
    }
}
