//! Compiles `proto/` without protoc: messages, clients, servers, the descriptor for reflection, and a `Debug` that
//! prints no value.

use prost::Message as _;
use prost_types::{DescriptorProto, FileDescriptorProto, FileDescriptorSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, error::Error, fs, io};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../../proto");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut files = Vec::new();
    proto_files(&root, &mut files)?;
    files.sort();
    tell_cargo(&root);
    let descriptors = protox::compile(&files, [&root])?;
    fs::write(out.join("hidden_debug.rs"), hidden_debug(&descriptors)?)?;
    fs::write(out.join("yett_descriptor.bin"), without_comments(&descriptors).encode_to_vec())?;
    tonic_prost_build::configure()
        .skip_debug(["."])
        .emit_rerun_if_changed(false)
        .include_file("packages.rs")
        .compile_fds(descriptors)?;
    Ok(())
}

#[allow(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]
fn tell_cargo(root: &Path) {
    println!("cargo:rerun-if-changed={}", root.display());
    println!("cargo:rerun-if-changed=build.rs");
}

fn proto_files(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            proto_files(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "proto") {
            found.push(path);
        }
    }
    Ok(())
}

/// Reflection needs names and numbers; the comments would only make the binary larger.
fn without_comments(descriptors: &FileDescriptorSet) -> FileDescriptorSet {
    let mut plain = descriptors.clone();
    for file in &mut plain.file {
        file.source_code_info = None;
    }
    plain
}

/// A `Debug` for each message and each choice of ours that prints its type only: they hold what people must not
/// find in a log.
fn hidden_debug(descriptors: &FileDescriptorSet) -> Outcome<String> {
    let mut code = String::new();
    for file in descriptors.file.iter().filter(|file| file.package().starts_with("yett.")) {
        let module = file.package().replace('.', "::");
        for message in &file.message_type {
            write_debug(&mut code, file, message, &module)?;
        }
    }
    Ok(code)
}

fn write_debug(
    code: &mut String,
    file: &FileDescriptorProto,
    message: &DescriptorProto,
    module: &str,
) -> Outcome<()> {
    if !message.nested_type.is_empty() {
        return Err(
            format!("{}: {} has nested messages; keep messages flat", file.name(), message.name()).into()
        );
    }
    write_one(code, &format!("{module}::{}", message.name()), message.name())?;
    let is_real = |index: usize| {
        message.field.iter().any(|field| {
            !field.proto3_optional() && field.oneof_index.is_some_and(|at| usize::try_from(at) == Ok(index))
        })
    };
    for (_, choice) in message.oneof_decl.iter().enumerate().filter(|(index, _)| is_real(*index)) {
        let name = camel(choice.name());
        write_one(code, &format!("{module}::{}::{name}", snake(message.name())), &name)?;
    }
    Ok(())
}

fn write_one(code: &mut String, path: &str, name: &str) -> Outcome<()> {
    writeln!(code, "impl ::core::fmt::Debug for {path} {{")?;
    writeln!(code, "    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {{")?;
    writeln!(code, "        f.write_str(\"{name}(…)\")\n    }}\n}}")?;
    Ok(())
}

fn camel(name: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
            .unwrap_or_default()
    };
    name.split('_').map(capital).collect()
}

fn snake(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}
