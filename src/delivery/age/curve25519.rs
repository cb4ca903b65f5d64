//! The part of Curve25519 that ring does not have, for keys of SSH: an Ed25519 key as a point of X25519, and its multiple
//! by a number that anybody can compute. All of it is public: the secret multiplication is ring's.

use crypto_bigint::modular::{ConstMontyForm, ConstMontyParams};
use crypto_bigint::{Encoding, U256, const_monty_params};

const_monty_params!(
    Prime,
    U256,
    "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed",
    "The field's prime: 2^255 - 19."
);

type Element = ConstMontyForm<Prime, { U256::LIMBS }>;

/// (A - 2) / 4 of RFC 7748, section 5.
const A24: u64 = 121_665;
const BITS: usize = 255;

fn element(bytes: [u8; 32]) -> Element {
    let mut bytes = bytes;
    // The sign of an Ed25519 point, and unused in X25519.
    bytes[31] &= 0x7f;
    Element::new(&U256::from_le_bytes(bytes.into()))
}

fn bytes(element: &Element) -> [u8; 32] {
    element.retrieve().to_le_bytes().into()
}

fn small(number: u64) -> Element {
    Element::new(&U256::from_u64(number))
}

fn power(base: &Element, exponent: &U256) -> Element {
    base.pow_vartime(exponent)
}

fn inverse(of: &Element) -> Element {
    // Fermat: of^(p - 2).
    power(
        of,
        &Prime::PARAMS
            .modulus()
            .as_ref()
            .wrapping_sub(&U256::from_u64(2)),
    )
}

/// The point of X25519 that an Ed25519 key stands for: u = (1 + y) / (1 - y). `None` if no point has that y.
pub(super) fn of_ed25519(key: [u8; 32]) -> Option<[u8; 32]> {
    let y = element(key);
    let (one, square) = (small(1), y.square());
    // x^2 = (y^2 - 1) / (d y^2 + 1), and d = -121665 / 121666.
    let d = -(small(A24) * inverse(&small(A24 + 1)));
    let x_squared = (square - one) * inverse(&(d * square + one));
    // Euler: a square to the power (p - 1) / 2 is 1, or 0 for 0.
    let half = Prime::PARAMS.modulus().as_ref().shr_vartime(1);
    let is_square = [one, small(0)].contains(&power(&x_squared, &half));
    let difference = one - y;
    let is_point = is_square && difference != small(0);
    is_point.then(|| bytes(&((one + y) * inverse(&difference))))
}

/// X25519 (RFC 7748, section 5), in time that depends on its input.
pub(super) fn multiple(scalar: [u8; 32], u: [u8; 32]) -> [u8; 32] {
    let mut scalar = scalar;
    scalar[0] &= 0xf8;
    scalar[31] = scalar[31] & 0x7f | 0x40;
    let (one, x1, a24) = (small(1), element(u), small(A24));
    let (mut x2, mut z2, mut x3, mut z3) = (one, small(0), x1, one);
    for bit in (0..BITS).rev() {
        let is_set = scalar[bit / 8] >> (bit % 8) & 1 == 1;
        if is_set {
            (x2, z2, x3, z3) = (x3, z3, x2, z2);
        }
        let (sum, difference) = (x2 + z2, x2 - z2);
        let (da, cb) = ((x3 - z3) * sum, (x3 + z3) * difference);
        let (aa, bb) = (sum.square(), difference.square());
        let across = aa - bb;
        (x3, z3) = ((da + cb).square(), x1 * (da - cb).square());
        (x2, z2) = (aa * bb, across * (aa + a24 * across));
        if is_set {
            (x2, z2, x3, z3) = (x3, z3, x2, z2);
        }
    }
    bytes(&(x2 * inverse(&z2)))
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;
    use ring::agreement::{EphemeralPrivateKey, UnparsedPublicKey, X25519, agree_ephemeral};
    use ring::rand::SystemRandom;

    use super::*;

    fn hex(text: &str) -> [u8; 32] {
        let byte = |at: usize| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap();
        std::array::from_fn(byte)
    }

    /// RFC 7748, sections 5.2 and 6.1.
    #[test]
    fn the_vectors_of_the_standard() {
        for (scalar, u, wanted) in [
            (
                "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
                "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
                "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
            ),
            (
                "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
                "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
                "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
            ),
            (
                "77076d0a7318a57d3c16c17251b26645c6a2f2a7e4f7c1b4e7b2e4a0f1c2d3e4",
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0000000000000000000000000000000000000000000000000000000000000000",
            ),
        ] {
            assert_eq!(multiple(hex(scalar), hex(u)), hex(wanted));
        }
    }

    #[test]
    fn a_key_of_ed25519_becomes_a_point_of_x25519() {
        // RFC 8032, section 7.1, tests 1 and 2; converted by libsodium's crypto_sign_ed25519_pk_to_curve25519.
        let base_point = hex("5866666666666666666666666666666666666666666666666666666666666666");
        let mut nine = [0; 32];
        nine[0] = 9;
        assert_eq!(of_ed25519(base_point), Some(nine));
        let key = hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        let point = hex("d85e07ec22b0ad881537c2f44d662d1a143cf830c57aca4305d85c7a90f6b62e");
        assert_eq!(of_ed25519(key), Some(point));
        // No point has this y; and one has it that is no point of X25519.
        let mut two = [0; 32];
        two[0] = 2;
        assert_eq!(of_ed25519(two), None);
        let mut one = [0; 32];
        one[0] = 1;
        assert_eq!(of_ed25519(one), None);
    }

    proptest! {
        /// What the encryption relies on: ring's multiple of our multiple is our multiple of ring's.
        #[test]
        fn the_order_of_two_multiplications_does_not_matter(tweak in any::<[u8; 32]>(), u in any::<[u8; 32]>()) {
            let random = SystemRandom::new();
            let private = EphemeralPrivateKey::generate(&X25519, &random).unwrap();
            // A copy of it cannot be had: the base point's multiple stands for its scalar.
            let share: [u8; 32] = private.compute_public_key().unwrap().as_ref().try_into().unwrap();
            let mut nine = [0; 32];
            nine[0] = 9;
            let ours = UnparsedPublicKey::new(&X25519, multiple(tweak, nine));
            let agreed = agree_ephemeral(private, &ours, <[u8]>::to_vec).unwrap();
            prop_assert_eq!(agreed, multiple(tweak, share).to_vec());
            let both = multiple([5; 32], multiple(tweak, u));
            prop_assert_eq!(both, multiple(tweak, multiple([5; 32], u)));
        }
    }
}
