//! Captures from their fields.

use fourwave_dissector::capture::Endianness::{self, Big, Little};

use crate::output::Buffer;
use crate::output::pcapng::block::{
    ENHANCED_PACKET, INTERFACE_DESCRIPTION, PACKET, SECTION_HEADER, octets16, octets32, padding, put_block,
    put_option,
};

pub const SIMPLE_PACKET: u32 = 3;
pub const NAME_RESOLUTION: u32 = 4;
pub const STATISTICS: u32 = 5;
pub const CUSTOM: u32 = 0xbad;

pub fn words(order: Endianness, words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| octets32(order, *word)).collect()
}

pub fn block(order: Endianness, block_type: u32, body: &[u8]) -> Vec<u8> {
    let mut block = Buffer::default();
    put_block(&mut block, order, block_type, &[body]);
    block.as_bytes().to_vec()
}

pub fn option(order: Endianness, code: u16, value: &[u8]) -> Vec<u8> {
    let mut option = Vec::new();
    put_option(&mut option, order, code, value);
    option
}

pub fn comment(order: Endianness, text: &str) -> Vec<u8> {
    option(order, 1, text.as_bytes())
}

/// A section header with the length of its section as it is stored.
pub fn section(order: Endianness, length: [u8; 8], options: &[u8]) -> Vec<u8> {
    let version = [octets16(order, 1), octets16(order, 0)].concat();
    block(order, SECTION_HEADER, &[&words(order, &[0x1a2b_3c4d]), &version[..], &length, options].concat())
}

pub fn interface(order: Endianness, options: &[u8]) -> Vec<u8> {
    let body = [&octets16(order, 1)[..], &[0, 0], &octets32(order, 0), options].concat();
    block(order, INTERFACE_DESCRIPTION, &body)
}

pub fn packet(order: Endianness, data: &[u8], options: &[u8]) -> Vec<u8> {
    packet_of_type(ENHANCED_PACKET, order, data, options)
}

/// An obsolete packet block, with 7 drops.
pub fn obsolete_packet(order: Endianness, data: &[u8], options: &[u8]) -> Vec<u8> {
    let mut block = packet_of_type(PACKET, order, data, options);
    block[8..12].copy_from_slice(&[octets16(order, 0), octets16(order, 7)].concat());
    block
}

fn packet_of_type(block_type: u32, order: Endianness, data: &[u8], options: &[u8]) -> Vec<u8> {
    let len = u32::try_from(data.len()).unwrap();
    let fixed = words(order, &[0, 0x0006_0a24, 0x1234_5678, len, len + 9]);
    block(order, block_type, &[&fixed[..], data, padding(data.len()), options].concat())
}

/// Small captures of all formats, with what is rare in them. The first octet of a packet says whether it is to get a
/// comment.
pub fn samples() -> Vec<Vec<u8>> {
    let both = [Little, Big].into_iter();
    both.flat_map(|order| [pcaps(order), vec![sections(order), damaged(order)]].concat()).collect()
}

/// All formats of pcap; with fractions of more than a second, and lengths that contradict each other, which in version
/// 2.3 are swapped.
fn pcaps(order: Endianness) -> Vec<Vec<u8>> {
    let formats = [
        (0xa1b2_c3d4, 4, &[][..]),
        (0xa1b2_3c4d, 4, &[]),
        (0xa1b2_cd34, 4, &[0xee; 8]),
        (0xa1b2_c3d4, 3, &[]),
    ];
    let link_types = [1, 0x2400_0001];
    let each = formats.iter().flat_map(|format| link_types.map(|link_type| (format, link_type)));
    each.map(|(&(magic, minor, extra), link_type)| {
        let header = [words(order, &[magic]), [octets16(order, 2), octets16(order, minor)].concat()].concat();
        let mut file = [header, words(order, &[3600, 6, 4, link_type])].concat();
        for (seconds, fraction, data, len) in [
            (1, 5, &b"!one"[..], 60),
            (2, 1_500_000, b"", 0),
            (3, u32::MAX, b"!three", 2),
            (u32::MAX, 0, b"x", 1),
        ] {
            let captured = u32::try_from(data.len()).unwrap();
            let [first, second] = if minor == 3 { [len.max(captured), captured] } else { [captured, len] };
            file.extend(words(order, &[seconds, fraction, first, second]));
            file.extend([extra, data].concat());
        }
        file
    })
    .collect()
}

/// Sections with every kind of block and list of options.
fn sections(order: Endianness) -> Vec<u8> {
    let end = option(order, 0, &[]);
    let other = if order == Little { Big } else { Little };
    [
        section(order, [0xff; 8], &[]),
        interface(order, &option(order, 2, b"eth0")),
        packet(order, b"!no options", &[]),
        packet(order, b"!only an end", &end),
        packet(order, b"!no end", &comment(order, "mine")),
        packet(order, b"!after the end", &[&option(order, 2, &[0; 4])[..], &end, b"junk"].concat()),
        packet(order, b"!not options", &[0xff; 8]),
        packet(order, b"plain", &[comment(order, "mine"), end.clone()].concat()),
        obsolete_packet(
            order,
            b"!obsolete",
            &[comment(order, "mine"), comment(order, "too"), end.clone()].concat(),
        ),
        block(order, SIMPLE_PACKET, &[&words(order, &[6])[..], b"!bare."].concat()),
        block(order, NAME_RESOLUTION, &[0, 0, 0, 0]),
        block(order, CUSTOM, b"!of somebody"),
        block(order, STATISTICS, &[0; 12]),
        section(other, [0, 0, 0, 0, 0, 0, 0, 64], &comment(other, "second")),
        interface(other, &[]),
        packet(other, b"!in the second", &[]),
        section(order, [0xfe; 8], &[]),
    ]
    .concat()
}

/// A section that ends inside a packet.
fn damaged(order: Endianness) -> Vec<u8> {
    let mut file =
        [section(order, [1; 8], &[]), interface(order, &[]), packet(order, b"!whole", &[])].concat();
    let cut = packet(order, b"!not all of it is there", &[]);
    file.extend(&cut[..cut.len() - 6]);
    file
}
