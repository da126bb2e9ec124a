//! Which calls may be made again: those that only read, and those that name themselves.

use std::{collections::HashMap, sync::LazyLock};

use bytes::{Buf as _, Bytes};
use prost::{
    Message as _,
    encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field},
};
use prost_types::FileDescriptorSet;

/// How methods begin that change nothing.
const SAFE: [&str; 6] = ["Get", "List", "BatchGet", "Count", "Search", "Suggest"];
/// The field by which a request names itself.
const REQUEST_ID: &str = "request_id";
/// What stands before a message of gRPC: whether it is compressed, and its length.
const FRAME: usize = 5;

/// Number of the field by which the requests of a method name themselves, by path.
static NAMED: LazyLock<HashMap<String, u32>> = LazyLock::new(|| {
    let set = FileDescriptorSet::decode(contracts::DESCRIPTORS).unwrap_or_default();
    let messages: HashMap<String, u32> = set
        .file
        .iter()
        .flat_map(|file| file.message_type.iter().map(move |message| (file.package(), message)))
        .filter_map(|(package, message)| {
            let field = message.field.iter().find(|field| field.name() == REQUEST_ID)?;
            let number = u32::try_from(field.number()).ok()?;
            Some((format!(".{package}.{}", message.name()), number))
        })
        .collect();
    set.file
        .iter()
        .flat_map(|file| file.service.iter().map(move |service| (file.package(), service)))
        .flat_map(|(package, service)| service.method.iter().map(move |m| (package, service, m)))
        .filter_map(|(package, service, method)| {
            let number = messages.get(method.input_type())?;
            Some((format!("/{package}.{}/{}", service.name(), method.name()), *number))
        })
        .collect()
});

/// Whether a method only reads. Issuing a service's token changes nothing either.
pub(super) fn is_safe(path: &str) -> bool {
    let method = path.rsplit('/').next().unwrap_or_default();
    SAFE.iter().any(|begin| method.starts_with(begin)) || method == "IssueServiceToken"
}

/// Whether this call names itself, so that made twice it has one effect and one answer.
pub(super) fn names_itself(path: &str, body: &Bytes) -> bool {
    let Some(number) = NAMED.get(path) else { return false };
    match body.split_first() {
        Some((0, _)) if body.len() > FRAME => has_text(body.slice(FRAME..), *number),
        _ => false,
    }
}

/// Whether a message has a text that is not empty in the field of this number.
fn has_text(mut message: Bytes, number: u32) -> bool {
    while message.has_remaining() {
        let Ok((field, wire)) = decode_key(&mut message) else { return false };
        if field == number && wire == WireType::LengthDelimited {
            return decode_varint(&mut message).is_ok_and(|length| length > 0);
        }
        if skip_field(wire, field, &mut message, DecodeContext::default()).is_err() {
            return false;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use contracts::documents::{CreatePolicyRequest, PolicyContent};

    use super::*;

    fn framed(request: &CreatePolicyRequest) -> Bytes {
        let message = request.encode_to_vec();
        let length = u32::try_from(message.len()).unwrap().to_be_bytes();
        [&[0][..], &length, &message].concat().into()
    }

    #[test]
    fn methods_that_read_are_safe() {
        assert!(is_safe("/yangguang.documents.v1.PolicyService/ListPolicies"));
        assert!(!is_safe("/yangguang.documents.v1.PolicyService/PublishPolicy"));
    }

    #[test]
    fn a_request_that_names_itself_is_known_by_its_bytes() {
        let path = "/yangguang.documents.v1.PolicyService/CreatePolicy";
        let content = Some(PolicyContent { title: "一".to_owned(), ..PolicyContent::default() });
        let mut request = CreatePolicyRequest { content, request_id: String::new() };
        assert!(!names_itself(path, &framed(&request)));
        request.request_id = "7".to_owned();
        assert!(names_itself(path, &framed(&request)));
        let other = "/yangguang.documents.v1.PolicyService/SubmitDraft";
        assert!(!names_itself(other, &framed(&request)));
        assert!(!names_itself(path, &Bytes::from_static(b"\0\0\0\0\x05\xff\xff\xff\xff\xff")));
    }
}
