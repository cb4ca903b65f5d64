//! The format against age's own test vectors (C2SP/CCTV, directory `age`), as far as they hold for writing.

use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::*;
use crate::delivery::age::stanza::decoded;
use crate::delivery::age::wrap::wrapping_key;

/// Of all the vectors.
const FILE_KEY: &[u8; FILE_KEY_LENGTH] = b"YELLOW SUBMARINE";
const RECIPIENT: &str = "age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4q47ryef";
/// The other half of it, AGE-SECRET-KEY-1EGTZVFF….
const IDENTITY: &str = "ca1626252c53cf1a4dc46695e7fcc46594cb4ccadedb6712dfda0753f3ae355e";

const X25519: &str = "-> X25519 TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc
hjabGXwSLQ9c3S6Lw2i+S2Tu2fiwQHHslbBN6B41FLE
";
const GREASE: &str = "-> grease

";
/// From `stanza_empty_last_line`.
const FULL_LINES: &str = "-> stanza
QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB
QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB

";
/// From `stanza_valid_characters`.
const CHARACTERS: &str = "-> !\"#$%&' ()*+,-./ 01234567 89:;<=>? @ABCDEFG HIJKLMNO

-> PQRSTUVW XYZ[\\]^_ `abcdefg hijklmno pqrstuvw xyz{|}~

";
/// `armor_x25519`, whose text is "age".
const ARMORED: &str = "-----BEGIN AGE ENCRYPTED FILE-----
YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBURWlGMHlwcXIrYnB2Y3FY
TnlDVkpwTDdPdXdQZFZ3UEw3S1FFYkZET0NjCmhqYWJHWHdTTFE5YzNTNkx3Mmkr
UzJUdTJmaXdRSEhzbGJCTjZCNDFGTEUKLS0tIFd5SnA5Ri85Rk9aaDdnSmRoZXEy
V0lKY3dIZ1ljOE5JVmgzZGR3aHJjTmcK7s9ix86RtDMnTmjU8vkTTLdMW/73vqpS
yPC8DpksHoMx+2Y=
-----END AGE ENCRYPTED FILE-----
";

fn hex(text: &str) -> Vec<u8> {
    let starts = (0..text.len()).step_by(2);
    let bytes = starts.map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap());
    bytes.collect()
}

/// The key of a file, as the receiver of RECIPIENT finds it.
fn unwrapped(stanza: &Stanza, identity: [u8; 32]) -> Option<Vec<u8>> {
    let share = decoded(stanza.arguments.get(1)?)?;
    let shared = curve25519::multiple(identity, share.clone().try_into().ok()?);
    let mut nine = [0; 32];
    nine[0] = 9;
    let point = curve25519::multiple(identity, nine);
    let label = "age-encryption.org/v1/X25519";
    let key = wrapping_key(&Zeroizing::new(shared), &share, &point, label);
    let cipher = ChaCha20Poly1305::new(&(*key).into());
    cipher.decrypt(&Nonce::default(), &*stanza.body).ok()
}

#[test]
fn headers_are_written_as_age_writes_them() {
    for (text, tag) in [
        (
            X25519.to_owned(),
            "WyJp9F/9FOZh7gJdheq2WIJcwHgYc8NIVh3ddwhrcNg",
        ),
        (
            [GREASE, X25519, GREASE].concat(),
            "QIfAOEMt1fGOf2FP2m3+TwFQtfy2H3sX3YqUAQRApkM",
        ),
        (
            [X25519, FULL_LINES].concat(),
            "D0Uu/whYjf/Cwqz6MHRR9T5em06PLAjTCMcw8aXdyEk",
        ),
        (
            [CHARACTERS, X25519].concat(),
            "qcNy6mAn80JKuXPUW7ANJdOhzbOtVSsIGM12i5B4vx4",
        ),
    ] {
        let wanted = format!("{VERSION}\n{text}--- {tag}\n");
        let stanzas = stanzas(&format!("{VERSION}\n{text}")).unwrap();
        assert_eq!(header(&stanzas, FILE_KEY), wanted);
    }
}

#[test]
fn a_whole_file_is_written_as_age_writes_it() {
    let file = armor::unarmored(ARMORED).unwrap();
    assert_eq!(armor::armored(&file), ARMORED);
    let stanzas = stanzas(&format!("{VERSION}\n{X25519}")).unwrap();
    let mut written = header(&stanzas, FILE_KEY).into_bytes();
    let nonce = hex("eecf62c7ce91b433274e68d4f2f9134c").try_into().unwrap();
    written.extend(nonce);
    written.extend(payload(b"age", FILE_KEY, &nonce).unwrap());
    assert_eq!(written, file);
}

/// The vectors `stream_*`, whose texts are such that each chunk becomes zeros.
#[test]
fn texts_of_many_chunks_are_written_as_age_writes_them() {
    let nonce = hex("eecf62c7ce91b433274e68d4f2f9134c").try_into().unwrap();
    for (length, wanted) in [
        (
            0,
            "42ab9f843f190b4afe6b0ff8ee977331a92ce8334d48bd3c4035106cc5f1887f",
        ),
        (
            65_536,
            "66813b878b9dd5f64eac52e3cddf1c2325d016162882e92bc7fcad46ed7ff0dd",
        ),
        (
            131_072,
            "eb9d2cc2c8c2542aaf1645c90df9a43ebce13df9328c8ade2616034c30fe39a0",
        ),
        (
            196_608,
            "712d404b6a9cea9e7ed98776e7aadff9f124dc2e10e71346a62c0d60c6470ec0",
        ),
    ] {
        let stream = payload(&vec![0; length], FILE_KEY, &nonce).unwrap();
        let text: Vec<u8> = stream
            .chunks(CHUNK_LENGTH + 16)
            .flat_map(|chunk| &chunk[..chunk.len() - 16])
            .copied()
            .collect();
        let written = payload(&text, FILE_KEY, &nonce).unwrap();
        assert_eq!(Sha256::digest(written).to_vec(), hex(wanted), "{length}");
    }
}

#[test]
fn the_key_of_the_vector_is_the_key_of_its_header() {
    let identity: [u8; 32] = hex(IDENTITY).try_into().unwrap();
    let of_vector = &stanzas(&format!("{VERSION}\n{X25519}")).unwrap()[0];
    assert_eq!(unwrapped(of_vector, identity).unwrap(), FILE_KEY);
    let own = wrap(FILE_KEY, &RECIPIENT.parse().unwrap()).unwrap();
    assert_eq!(unwrapped(&own, identity).unwrap(), FILE_KEY);
    assert_eq!(unwrapped(&own, [7; 32]), None);
}

#[test]
fn points_of_low_order_are_refused() {
    for last in [0, 1] {
        let mut point = [0; 32];
        point[0] = last;
        assert!(encrypt(b"x", &[Recipient::X25519(point)], b"").is_err());
    }
}

proptest! {
    #[test]
    fn a_label_is_read_without_opening_the_file(label in prop::collection::vec(any::<u8>(), 0..200), text in ".*") {
        let file = encrypt(text.as_bytes(), &[RECIPIENT.parse().unwrap()], &label).unwrap();
        prop_assert!(is_encrypted(&file) && file.is_ascii());
        prop_assert_eq!(label_of(&file), Some(label));
    }

    #[test]
    fn any_text_has_a_label_or_none_without_a_panic(text in any::<Vec<u8>>()) {
        prop_assert_eq!(label_of(&String::from_utf8_lossy(&text)), None);
        let _ = label_of(&armor::armored(&text));
    }

    #[test]
    fn a_stanza_is_written_and_read_alike(words in prop::collection::vec("[!-~]{1,9}", 1..4), body in prop::collection::vec(any::<u8>(), 0..200)) {
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        let stanza = Stanza::new(&words, &body);
        let text = stanza.to_text();
        let mut lines = text.lines();
        let first = lines.next().unwrap();
        prop_assert_eq!(Stanza::parse(first, &mut lines), Some(stanza));
        prop_assert_eq!(lines.next(), None);
    }
}
