//! Texts about single connections in blocks that are packed each by itself: large enough to pack well, small enough
//! that a page need not unpack all to show one.

use super::html::packed;

/// Octets in a block from which on it is full.
const FULL: usize = 1 << 20;

/// Blocks, as far as there is room.
pub struct Blocks {
    room: usize,
    most: usize,
    texts: Vec<Vec<u8>>,
    numbers: Vec<u64>,
    done: Vec<Block>,
}

/// Connections that are unpacked together.
pub struct Block {
    /// Their numbers.
    pub numbers: Vec<u64>,
    /// Their texts, packed: one for each way to tell of them.
    pub packed: Vec<String>,
}

impl Blocks {
    /// Blocks of `most` connections, each of them told in so many `ways`, in `room` octets together.
    pub fn new(ways: usize, most: usize, room: usize) -> Self {
        Self { room, most, texts: vec![Vec::new(); ways], numbers: Vec::new(), done: Vec::new() }
    }

    /// Adds a connection; `write` writes of it in each way, and never an empty line. Whether there may be room for
    /// another.
    ///
    /// # Errors
    /// That of `write`.
    pub fn add<E>(
        &mut self,
        number: u64,
        write: impl FnOnce(&mut [Vec<u8>]) -> Result<(), E>,
    ) -> Result<bool, E> {
        write(&mut self.texts)?;
        // What comes next begins after an empty line.
        self.texts.iter_mut().for_each(|text| text.push(b'\n'));
        self.numbers.push(number);
        let is_full = self.numbers.len() == self.most || self.texts.iter().any(|text| text.len() >= FULL);
        Ok(!is_full || self.close())
    }

    /// All of them.
    pub fn finish(mut self) -> Vec<Block> {
        self.close();
        self.done
    }

    /// Closes a block; it is left out if there is no room for it, which is what the answer tells.
    fn close(&mut self) -> bool {
        let numbers = std::mem::take(&mut self.numbers);
        if numbers.is_empty() {
            return true;
        }
        let packed: Vec<String> = self.texts.iter().map(|text| packed(text)).collect();
        self.texts.iter_mut().for_each(Vec::clear);
        let size: usize = packed.iter().map(String::len).sum();
        let fits = size <= self.room;
        if fits {
            self.room -= size;
            self.done.push(Block { numbers, packed });
        }
        fits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_no_block_beyond_the_room() {
        let mut blocks = Blocks::new(2, 3, 150);
        let add = |blocks: &mut Blocks, number| {
            let write = |texts: &mut [Vec<u8>]| {
                texts.iter_mut().for_each(|text| text.extend(b"text\n"));
                Ok::<(), ()>(())
            };
            blocks.add(number, write).unwrap()
        };
        let added = (1..=12).take_while(|number| add(&mut blocks, *number)).count();
        let blocks = blocks.finish();
        let size: usize = blocks.iter().flat_map(|block| &block.packed).map(String::len).sum();
        assert!(size <= 150 && added < 12, "{size} {added}");
        assert_eq!(blocks.first().unwrap().numbers, [1, 2, 3]);
        assert!(blocks.iter().all(|block| block.packed.len() == 2));
    }
}
