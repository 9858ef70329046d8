//! The words of flow scripts: times, numbers, flags, ranges, options. Each function reads one word or says what
//! it expected. Also the few words that are written.

use std::fmt::Display;
use std::str::FromStr;

use fourwave_dissector::tcp::Flags;

/// The words of one line; `<options>` are one word.
pub(crate) struct Words<'a> {
    rest: &'a str,
}

impl<'a> Words<'a> {
    pub(crate) const fn new(line: &'a str) -> Self {
        Self { rest: line }
    }

    pub(crate) fn peek(&self) -> Option<&'a str> {
        Self { rest: self.rest }.next()
    }

    pub(crate) fn next(&mut self) -> Option<&'a str> {
        let line = self.rest.trim_start();
        let end = match line.strip_prefix('<') {
            Some(_) => line.find('>').map_or(line.len(), |at| at + 1),
            None => line.find(char::is_whitespace).unwrap_or(line.len()),
        };
        let (word, rest) = line.split_at(end);
        self.rest = rest;
        (!word.is_empty()).then_some(word)
    }

    /// Takes `word`, which comes next, and the one after it.
    pub(crate) fn after(&mut self, word: &str) -> Result<Option<&'a str>, String> {
        match self.next() {
            Some(found) if found == word => Ok(self.next()),
            found => Err(format!("expected `{word}`, found `{}`", found.unwrap_or_default())),
        }
    }

    pub(crate) fn number<T: FromStr>(&mut self, what: &str) -> Result<T, String> {
        let word = self.next().unwrap_or_default();
        word.parse().map_err(|_| format!("expected {what}, found `{word}`"))
    }

    pub(crate) fn end(&mut self) -> Result<(), String> {
        self.next().map_or(Ok(()), |word| Err(format!("expected the end of the line, found `{word}`")))
    }
}

/// Seconds with up to nine decimals, as nanoseconds.
pub(crate) fn time(word: &str) -> Result<i64, String> {
    let expected = || format!("expected a time in seconds, found `{word}`");
    let (whole, decimals) = word.split_once('.').unwrap_or((word, ""));
    let seconds: u32 = whole.parse().map_err(|_| expected())?;
    if decimals.len() > 9 || !decimals.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(expected());
    }
    let nanoseconds: i64 = format!("{decimals:0<9}").parse().map_err(|_| expected())?;
    Ok(i64::from(seconds) * 1_000_000_000 + nanoseconds)
}

pub(crate) fn number(word: &str) -> Result<u32, String> {
    word.parse().map_err(|_| format!("expected a number, found `{word}`"))
}

/// Flags as tcpdump writes them: `S`, `F`, `R`, `P`, `U`, `E`, `W`, and `.` for ACK.
pub(crate) fn flags(word: &str) -> Result<Flags, String> {
    word.chars().try_fold(Flags::default(), |flags, letter| {
        let flag = match letter {
            'S' => Flags::SYN,
            'F' => Flags::FIN,
            'R' => Flags::RST,
            'P' => Flags::PSH,
            '.' => Flags::ACK,
            'U' => Flags::URG,
            'E' => Flags::ECE,
            'W' => Flags::CWR,
            _ => return Err(format!("expected flags out of `SFRPUEW.`, found `{word}`")),
        };
        Ok(Flags(flags.0 | flag.0))
    })
}

/// `first:last(octets)`: the sequence number and the number of payload octets, which must agree.
pub(crate) fn range(word: &str) -> Result<(u32, usize), String> {
    let expected = || format!("expected first:last(octets), found `{word}`");
    let (first, rest) = word.split_once(':').ok_or_else(expected)?;
    let (last, octets) = rest.strip_suffix(')').and_then(|rest| rest.split_once('(')).ok_or_else(expected)?;
    let (first, last, octets) = (number(first)?, number(last)?, number(octets)?);
    if last != first.wrapping_add(octets) {
        return Err(format!("`{word}`: {first} and {octets} octets end at {}", first.wrapping_add(octets)));
    }
    Ok((first, octets as usize))
}

/// `<mss 1460,sackOK,TS val 7 ecr 0,nop,wscale 7>` as octets, padded with end-of-list to 32 bits. An option that
/// has no word here is written `opt-KIND:HEX`.
pub(crate) fn options(word: &str) -> Result<Vec<u8>, String> {
    let list = word.strip_prefix('<').and_then(|list| list.strip_suffix('>'));
    let list = list.ok_or_else(|| format!("expected <options>, found `{word}`"))?;
    let mut octets = Vec::new();
    for option in list.split(',').map(str::trim).filter(|option| !option.is_empty()) {
        let mut words = Words::new(option);
        match words.next().unwrap_or_default() {
            "nop" => octets.push(1),
            "eol" => octets.push(0),
            "mss" => {
                octets.extend([2, 4]);
                octets.extend(words.number::<u16>("the segment size")?.to_be_bytes());
            }
            "wscale" => octets.extend([3, 3, words.number("the shift")?]),
            "sackOK" => octets.extend([4, 2]),
            "TS" => {
                octets.extend([8, 10]);
                for name in ["val", "ecr"] {
                    let value = words.after(name)?.unwrap_or_default();
                    octets.extend(number(value)?.to_be_bytes());
                }
            }
            other => {
                let named = other.strip_prefix("opt-").and_then(|option| option.split_once(':'));
                let (kind, body) = named.ok_or_else(|| format!("unknown option `{other}`"))?;
                let body = hex(body)?;
                octets.extend([number(kind)? as u8, body.len() as u8 + 2]);
                octets.extend(body);
            }
        }
        words.end()?;
    }
    octets.resize(octets.len().next_multiple_of(4), 0);
    if octets.len() > 40 {
        return Err(format!("a header has room for 40 octets of options, these are {}", octets.len()));
    }
    Ok(octets)
}

/// `02:00:5e:00:53:01`.
pub(crate) fn mac(word: &str) -> Result<[u8; 6], String> {
    let octets = hex(&word.replace(':', ""))?;
    octets.try_into().map_err(|_| format!("expected a hardware address, found `{word}`"))
}

pub(crate) fn hex(word: &str) -> Result<Vec<u8>, String> {
    let expected = || format!("expected octets in hexadecimal, found `{word}`");
    if !word.len().is_multiple_of(2) || !word.is_ascii() {
        return Err(expected());
    }
    (0..word.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&word[at..at + 2], 16).map_err(|_| expected()))
        .collect()
}

/// Nanoseconds as seconds: three decimals, or as many as are needed.
pub(crate) fn seconds(ns: i64) -> String {
    let decimals = format!("{:09}", ns.rem_euclid(1_000_000_000));
    let needed = decimals.trim_end_matches('0').len().max(3);
    format!("{}.{}", ns.div_euclid(1_000_000_000), &decimals[..needed])
}

pub(crate) fn list(words: impl Iterator<Item = impl Display>, between: &str) -> String {
    words.map(|word| word.to_string()).collect::<Vec<_>>().join(between)
}
