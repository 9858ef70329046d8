//! What connections carry: text that compresses, or noise that does not.

use crate::random::Random;

const TEXT_LEN: usize = 8 << 20;

const WORDS: [&str; 18] = [
    "GET ",
    "/index.html ",
    "HTTP/1.1\r\n",
    "Host: ",
    "example.org\r\n",
    "200 OK\r\n",
    "Content-Type: ",
    "text/html\r\n",
    "{\"id\":",
    "\"name\":",
    "the ",
    "quick ",
    "true,",
    "null}\n",
    "0123",
    "<div>",
    "</div>\n",
    "cookie=",
];

/// A long text of which connections send pieces.
pub struct Text(Vec<u8>);

impl Text {
    /// Random words, with a random number after some.
    pub fn new(random: &mut Random) -> Self {
        let mut text = Vec::with_capacity(TEXT_LEN + 64);
        while text.len() < TEXT_LEN {
            let word = WORDS[random.below(WORDS.len() as u64) as usize];
            text.extend(word.as_bytes());
            if random.percent(30) {
                text.extend(format!("{:x}", random.bits32()).as_bytes());
            }
        }
        Self(text)
    }

    /// Fills `payload` with a piece of it.
    pub fn fill(&self, payload: &mut [u8], random: &mut Random) {
        let Self(text) = self;
        let at = random.below((text.len() - payload.len()) as u64) as usize;
        payload.copy_from_slice(&text[at..at + payload.len()]);
    }
}

/// Fills `payload` with noise.
pub fn noise(payload: &mut [u8], random: &mut Random) {
    let mut words = payload.chunks_exact_mut(8);
    for word in &mut words {
        word.copy_from_slice(&random.bits64().to_le_bytes());
    }
    let rest = words.into_remainder();
    rest.copy_from_slice(&random.bits64().to_le_bytes()[..rest.len()]);
}
