//! RSA-OAEP with SHA-256 (RFC 8017, section 7.1.1): to the public half only.

use anyhow::{Context, Result};
use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, Odd};
use rand::TryRng;
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

const HASH_LENGTH: usize = 32;

/// Encrypts a short message to a key.
///
/// # Errors
/// If the message is too long for the key, or the random source fails.
pub(super) fn encrypt<R: TryRng>(
    (modulus, exponent): (&[u8], u32),
    message: &[u8],
    label: &str,
    random: &mut R,
) -> Result<Vec<u8>>
where
    R::Error: std::error::Error + Send + Sync + 'static,
{
    let mut seed = Zeroizing::new([0; HASH_LENGTH]);
    random
        .try_fill_bytes(seed.as_mut_slice())
        .context("the operating system's random source failed")?;
    let padded = padded(message, label, &seed, modulus.len())?;
    power(&padded, exponent, modulus)
}

/// `00 || seed, masked || hash of the label, zeros, 01 and message, masked`: as long as the modulus.
fn padded(
    message: &[u8],
    label: &str,
    seed: &[u8; HASH_LENGTH],
    length: usize,
) -> Result<Zeroizing<Vec<u8>>> {
    let room = length.checked_sub(2 * HASH_LENGTH + 2 + message.len());
    room.context("the message is too long for the key")?;
    let mut padded = Zeroizing::new(vec![0; length]);
    let (start, block) = padded.split_at_mut(1 + HASH_LENGTH);
    block[..HASH_LENGTH].copy_from_slice(&Sha256::digest(label));
    let at = block.len() - message.len();
    block[at - 1] = 1;
    block[at..].copy_from_slice(message);
    mask(block, seed);
    start[1..].copy_from_slice(seed);
    mask(&mut start[1..], block);
    Ok(padded)
}

/// Adds MGF1 of the seed.
fn mask(block: &mut [u8], seed: &[u8]) {
    for (counter, part) in (0_u32..).zip(block.chunks_mut(HASH_LENGTH)) {
        let mut hash: [u8; HASH_LENGTH] = Sha256::new()
            .chain_update(seed)
            .chain_update(counter.to_be_bytes())
            .finalize()
            .into();
        part.iter_mut().zip(hash).for_each(|(byte, by)| *byte ^= by);
        hash.zeroize();
    }
}

/// The exponent is public, its bits decide the time; the base is not.
fn power(base: &[u8], exponent: u32, modulus: &[u8]) -> Result<Vec<u8>> {
    let modulus = BoxedUint::from_be_slice_vartime(modulus);
    let (length, precision) = (base.len(), modulus.bits_precision());
    let modulus = Option::from(Odd::new(modulus)).context("the modulus is even")?;
    let params = BoxedMontyParams::new_vartime(modulus);
    let base = Zeroizing::new(BoxedUint::from_be_slice(base, precision)?);
    let base = Zeroizing::new(BoxedMontyForm::new((*base).clone(), &params));
    let mut result = Zeroizing::new(BoxedMontyForm::one(&params));
    for bit in (0..u32::BITS - exponent.leading_zeros()).rev() {
        *result = result.square();
        if exponent >> bit & 1 == 1 {
            *result = result.mul(&base);
        }
    }
    let bytes = result.retrieve().to_be_bytes();
    Ok(bytes[bytes.len() - length..].to_vec())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Undone as a receiver would, but for the private exponent.
        #[test]
        fn padding_holds_the_message(message in prop::collection::vec(any::<u8>(), 0..100), seed in any::<[u8; 32]>()) {
            let mut padded = padded(&message, "label", &seed, 256).unwrap();
            let (start, block) = padded.split_at_mut(33);
            mask(&mut start[1..], block);
            prop_assert_eq!(&start[1..], &seed);
            prop_assert_eq!(start[0], 0);
            mask(block, &seed);
            let mut wanted = Sha256::digest("label").to_vec();
            wanted.resize(256 - 33 - message.len() - 1, 0);
            wanted.push(1);
            wanted.extend(&message);
            prop_assert_eq!(&*block, &*wanted);
        }

        #[test]
        fn a_power_is_that_of_small_numbers(base in 0_u64..1 << 32, exponent in 3_u32..1 << 17, modulus in 1_u64..1 << 31) {
            let modulus = 2 * modulus + 1;
            let mut wanted = 1_u128;
            for _ in 0..exponent {
                wanted = wanted * u128::from(base % modulus) % u128::from(modulus);
            }
            let found = power(&(base % modulus).to_be_bytes(), exponent, &modulus.to_be_bytes()).unwrap();
            prop_assert_eq!(u128::from(u64::from_be_bytes(found.try_into().unwrap())), wanted);
        }
    }

    #[test]
    fn a_message_that_is_too_long_is_an_error() {
        assert!(padded(&[0; 190], "", &[0; 32], 256).is_ok());
        assert!(padded(&[0; 191], "", &[0; 32], 256).is_err());
        assert!(padded(&[0; 16], "", &[0; 32], 60).is_err());
    }
}
