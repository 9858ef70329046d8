//! The same plan makes the same octets and the same truth, for ever: figures of different days stand on one capture.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::io::{self, Write};

use fourwave_generator::{
    Closed, Ending, Format, Frame, Nobody, Part, Plan, Precision, Profile, Witness, generate,
};

/// The 64-bit FNV-1a hash of what is written.
struct Hash(u64);

impl Write for Hash {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        for octet in octets {
            self.0 = (self.0 ^ u64::from(*octet)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The hashes are those of the captures of the tool that this one was made from.
#[test]
fn captures_are_those_of_the_first_tool() {
    let churn = |connections, concurrent, stretch| Profile::Churn { connections, concurrent, stretch };
    let bulk = |connections, octets| Profile::Bulk { connections, octets };
    for (plan, expected) in [
        (Plan::new(churn(5000, 256, 10), 2), 0x2e91_919f_bb67_d0cf),
        (Plan { format: Format::PcapNg, ..Plan::new(churn(5000, 64, 1), 7) }, 0xa5a4_2cec_f787_587b),
        (
            Plan { precision: Precision::Nano, snap_len: 96, ..Plan::new(churn(3000, 4096, 10), 8) },
            0x8980_5f5b_22e0_3cfd,
        ),
        (
            Plan {
                format: Format::PcapNg,
                precision: Precision::Nano,
                snap_len: 96,
                ..Plan::new(churn(3000, 4096, 10), 9)
            },
            0x93ef_e62d_b362_f04b,
        ),
        (Plan::new(Profile::Scan { connections: 30_000 }, 3), 0x528f_0ce3_e571_8430),
        (Plan::new(Profile::Scan { connections: 300 }, 3), 0xe81a_d175_9c90_8da7),
        (Plan::new(bulk(30, 2_000_000), 1), 0x046b_65a8_e882_1c16),
        (Plan { snap_len: 96, ..Plan::new(bulk(300, 5_000_000), 1) }, 0x479f_2af4_874d_6164),
    ] {
        let mut hash = Hash(0xcbf2_9ce4_8422_2325);
        generate(&plan, &mut hash, &mut Nobody).unwrap();
        assert_eq!(hash.0, expected, "{plan:?}");
    }
}

#[derive(Default)]
struct Counts {
    frames: Vec<Part>,
    closed: Vec<Ending>,
}

impl Witness for Counts {
    fn frame(&mut self, frame: &Frame) -> io::Result<()> {
        assert_eq!(frame.number, self.frames.len() as u64 + 1);
        self.frames.push(frame.part);
        Ok(())
    }

    fn closed(&mut self, closed: &Closed<'_>) -> io::Result<()> {
        self.closed.push(closed.ending);
        Ok(())
    }
}

#[test]
fn a_witness_hears_of_all_that_is_counted() {
    let mut counts = Counts::default();
    let plan = Plan::new(Profile::Churn { connections: 3000, concurrent: 100, stretch: 1 }, 5);
    let totals = generate(&plan, io::sink(), &mut counts).unwrap();
    assert_eq!(totals.packets, counts.frames.len() as u64);
    assert_eq!(totals.connections, 3000);
    for part in Part::ALL {
        let heard = counts.frames.iter().filter(|heard| **heard == part).count() as u64;
        assert!(heard > 0, "{part:?} does not occur");
        assert_eq!(totals.parts[part.name()], heard, "{part:?}");
    }
    for (ending, counted) in Ending::ALL.into_iter().zip(totals.endings) {
        let heard = counts.closed.iter().filter(|heard| **heard == ending).count() as u64;
        assert!(heard > 0, "{ending:?} does not occur");
        assert_eq!(counted, heard, "{ending:?}");
    }
}
