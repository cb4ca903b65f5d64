//! Bech32 (BIP 173), the text form of age's own keys; of any length, as age has it.

const CHARACTERS: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const CHECKSUM_LENGTH: usize = 6;

/// The prefix and the bytes; `None` if it is not Bech32.
pub(super) fn decode(text: &str) -> Option<(String, Vec<u8>)> {
    let is_mixed = text.bytes().any(|byte| byte.is_ascii_lowercase())
        && text.bytes().any(|byte| byte.is_ascii_uppercase());
    if is_mixed || !text.is_ascii() {
        return None;
    }
    let text = text.to_ascii_lowercase();
    let (prefix, values) = text.rsplit_once('1')?;
    let is_printable = |byte: u8| (b'!'..=b'~').contains(&byte);
    if prefix.is_empty() || !prefix.bytes().all(is_printable) {
        return None;
    }
    let place = |byte: u8| CHARACTERS.iter().position(|known| *known == byte);
    let values = values.bytes().map(|byte| u8::try_from(place(byte)?).ok());
    let values: Vec<u8> = values.collect::<Option<_>>()?;
    if polymod(expanded(prefix).chain(values.iter().copied())) != 1 {
        return None;
    }
    let length = values.len().checked_sub(CHECKSUM_LENGTH)?;
    Some((prefix.to_owned(), bytes_of(&values[..length])?))
}

fn expanded(prefix: &str) -> impl Iterator<Item = u8> {
    let high = prefix.bytes().map(|byte| byte >> 5);
    high.chain([0]).chain(prefix.bytes().map(|byte| byte & 31))
}

fn polymod(values: impl Iterator<Item = u8>) -> u32 {
    const GENERATORS: [u32; 5] = [
        0x3b6a_57b2,
        0x2650_8e6d,
        0x1ea1_19fa,
        0x3d42_33dd,
        0x2a14_62b3,
    ];
    values.fold(1, |sum, value| {
        let shifted = (sum & 0x01ff_ffff) << 5 ^ u32::from(value);
        let generators = GENERATORS.iter().enumerate();
        let chosen = generators.filter(|(bit, _)| sum >> (25 + bit) & 1 == 1);
        chosen.fold(shifted, |sum, (_, generator)| sum ^ generator)
    })
}

/// Groups of five bits as bytes; what is left over must be zeros, and fewer than a group.
fn bytes_of(values: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(values.len() * 5 / 8);
    let (mut held, mut bits) = (0_u32, 0);
    for value in values {
        held = held << 5 | u32::from(*value);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits).ok()?);
            held &= (1 << bits) - 1;
        }
    }
    (bits < 5 && held == 0).then_some(bytes)
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub fn encode(prefix: &str, bytes: &[u8]) -> String {
        let bits: Vec<u8> = bytes
            .iter()
            .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1))
            .collect();
        let groups = bits.chunks(5).map(|group| {
            let value = group.iter().fold(0, |value, bit| value << 1 | bit);
            value << (5 - group.len())
        });
        let mut values: Vec<u8> = groups.collect();
        let padded = values.iter().copied().chain([0; CHECKSUM_LENGTH]);
        let sum = polymod(expanded(prefix).chain(padded)) ^ 1;
        values.extend((0..6).map(|group| u8::try_from(sum >> (25 - 5 * group) & 31).unwrap()));
        let text = values.iter().map(|value| CHARACTERS[usize::from(*value)]);
        format!("{prefix}1{}", text.map(char::from).collect::<String>())
    }

    /// BIP 173's examples; the long one is too long for Bitcoin, and not for age.
    #[test]
    fn the_examples_of_the_standard_are_read() {
        for text in [
            "A12UEL5L",
            "a12uel5l",
            "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
            "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
            "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
            "?1ezyfcl",
        ] {
            assert!(decode(text).is_some(), "{text}");
        }
        for text in [
            "\u{20}1nwldj5",
            "pzry9x0s0muk",
            "1pzry9x0s0muk",
            "x1b4n0q5v",
            "li1dgmt3",
            "A1G7SGD8",
            "10a06t8",
            "1qzzfhee",
            "A12uEL5L",
            "",
        ] {
            assert!(decode(text).is_none(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let text = encode("age", &bytes);
            prop_assert_eq!(decode(&text), Some(("age".to_owned(), bytes.clone())));
            prop_assert_eq!(decode(&text.to_uppercase()), Some(("age".to_owned(), bytes)));
        }

        /// Bech32 finds any one wrong character.
        #[test]
        fn a_slip_is_found(bytes in any::<[u8; 32]>(), at in 4_usize..62, by in 1_usize..32) {
            let text = encode("age", &bytes);
            let mut wrong = text.clone().into_bytes();
            let place = CHARACTERS.iter().position(|known| *known == wrong[at]).unwrap();
            wrong[at] = CHARACTERS[(place + by) % 32];
            prop_assert_eq!(decode(&String::from_utf8(wrong).unwrap()), None);
        }

        #[test]
        fn anything_else_is_refused_without_a_panic(text in ".*") {
            prop_assert_eq!(decode(&text), None);
        }
    }
}
