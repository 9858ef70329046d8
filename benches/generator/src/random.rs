//! Random numbers that are the same everywhere: xoshiro256** (Blackman and Vigna), seeded by splitmix64.

/// A source of numbers.
pub struct Random([u64; 4]);

impl Random {
    /// The source that `seed` begins.
    pub fn new(seed: u64) -> Self {
        let mut state = seed;
        Self([(); 4].map(|()| {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            mixed ^ (mixed >> 31)
        }))
    }

    /// The next 64 bits.
    pub fn bits64(&mut self) -> u64 {
        let Self(state) = self;
        let bits = state[1].wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let shifted = state[1] << 17;
        state[2] ^= state[0];
        state[3] ^= state[1];
        state[1] ^= state[2];
        state[0] ^= state[3];
        state[2] ^= shifted;
        state[3] = state[3].rotate_left(45);
        bits
    }

    /// The next 32 bits.
    pub fn bits32(&mut self) -> u32 {
        (self.bits64() >> 32) as u32
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.bits64()) * u128::from(limit)) >> 64) as u64
    }

    /// Yes, in so many cases of a hundred.
    pub fn percent(&mut self, cases: u64) -> bool {
        self.below(100) < cases
    }
}
