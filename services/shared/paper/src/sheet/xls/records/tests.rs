//! Records written by hand.

use super::*;

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let mut out = kind.to_le_bytes().to_vec();
    out.extend(u16::try_from(data.len()).unwrap().to_le_bytes());
    out.extend(data);
    out
}

#[test]
fn hidden_rows_columns_and_comments() {
    let mut stream = record(BOF, &[]);
    stream.extend(record(0x0208, &[3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x20, 0, 0, 0]));
    stream.extend(record(0x007D, &[1, 0, 2, 0, 0, 0, 0, 0, 1, 0]));
    stream.extend(record(0x005D, &[0x15, 0, 0x12, 0, 0x19, 0, 7, 0]));
    stream.extend(record(0x01B6, &[0; 18]));
    stream.extend(record(0x003C, &[1, 0x32, 0x75]));
    stream.extend(record(0x001C, &[4, 0, 1, 0, 0, 0, 7, 0, 2, 0, 0, b'L', b'i']));
    stream.extend(record(0x0203, &[9, 0, 2, 0]));
    stream.extend(record(0x0203, &[0, 0, 0, 0]));
    stream.extend(record(EOF, &[]));
    let (notes, area, _) = sheet(&stream, &mut 100);
    assert_eq!(notes.hidden_rows, [3]);
    assert_eq!(notes.hidden_columns, [(1, 2)]);
    assert_eq!(notes.comments, [(4, 1, "Li：甲".to_owned())]);
    assert_eq!(area, 30);
}

#[test]
fn claimed_bounds_are_taken_out() {
    let mut stream = record(0x0085, &[17, 0, 0, 0, 0, 0, 1, 0, b'a']);
    stream.extend(record(EOF, &[]));
    stream.extend(record(BOF, &[]));
    stream.extend(record(DIMENSIONS, &[255; 14]));
    without_bounds(&mut stream);
    assert!(Iter(&stream).all(|(kind, _)| kind != DIMENSIONS));
}

#[test]
fn a_password_and_cut_records_are_seen() {
    let records = Records::read(&record(0x002F, &[1, 0, 1, 0]));
    assert!(records.encrypted);
    assert!(Iter(&[1, 0, 9, 0, 1]).next().is_none());
}
