//! The shape of everything on the wire, line by line, beside the copy that is committed: no number, type or name
//! moves unseen.

use crate::FILE_DESCRIPTOR_SET;
use prost::Message;
use prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto, FileDescriptorSet,
    ServiceDescriptorProto,
};
use std::collections::BTreeSet;

const COMMITTED: &str = include_str!("../golden/descriptor.txt");

fn lines() -> BTreeSet<String> {
    let set = FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).unwrap();
    set.file.iter().filter(|file| file.package().starts_with("yett.")).flat_map(file_lines).collect()
}

fn file_lines(file: &FileDescriptorProto) -> Vec<String> {
    let package = file.package();
    let messages = file.message_type.iter().flat_map(|message| message_lines(package, message));
    let enums = file.enum_type.iter().flat_map(|numbers| enum_lines(package, numbers));
    let services = file.service.iter().flat_map(|service| service_lines(package, service));
    messages.chain(enums).chain(services).collect()
}

fn message_lines(package: &str, message: &DescriptorProto) -> Vec<String> {
    let name = format!("{package}.{}", message.name());
    let field = |field: &FieldDescriptorProto| {
        let choice = field.oneof_index.filter(|_| !field.proto3_optional());
        let choice =
            choice.map(|index| format!(" in {}", message.oneof_decl[usize::try_from(index).unwrap()].name()));
        let (number, kind) = (field.number(), field_type(field));
        format!("{name}.{} = {number}: {kind}{}", field.name(), choice.unwrap_or_default())
    };
    std::iter::once(format!("message {name}")).chain(message.field.iter().map(field)).collect()
}

fn field_type(field: &FieldDescriptorProto) -> String {
    let label = match (field.label().as_str_name(), field.proto3_optional()) {
        ("LABEL_REPEATED", _) => "repeated ",
        (_, true) => "optional ",
        (_, false) => "",
    };
    let named = field.type_name().trim_start_matches('.');
    let plain = field.r#type().as_str_name().trim_start_matches("TYPE_").to_lowercase();
    format!("{label}{}", if named.is_empty() { &plain } else { named })
}

fn enum_lines(package: &str, numbers: &EnumDescriptorProto) -> Vec<String> {
    let value = |(name, number)| format!("{package}.{}.{name} = {number}", numbers.name());
    numbers.value.iter().map(|value| (value.name(), value.number())).map(value).collect()
}

fn service_lines(package: &str, service: &ServiceDescriptorProto) -> Vec<String> {
    let stream = |is_stream: bool| if is_stream { "stream " } else { "" };
    let rpc = |method: &prost_types::MethodDescriptorProto| {
        let asked = format!("{}{}", stream(method.client_streaming()), method.input_type());
        let answered = format!("{}{}", stream(method.server_streaming()), method.output_type());
        format!("rpc {package}.{}.{}({asked}) returns ({answered})", service.name(), method.name())
    };
    service.method.iter().map(rpc).collect()
}

#[test]
fn the_wire_has_the_shape_that_is_committed() {
    let now = lines();
    let committed: BTreeSet<String> = COMMITTED.lines().map(str::to_owned).collect();
    let gone = committed.difference(&now).map(|line| format!("- {line}"));
    let new = now.difference(&committed).map(|line| format!("+ {line}"));
    let moved: Vec<String> = gone.chain(new).collect();
    assert!(
        moved.is_empty(),
        "the wire changed; where it only grew, correct golden/descriptor.txt:\n{}",
        moved.join("\n")
    );
}
