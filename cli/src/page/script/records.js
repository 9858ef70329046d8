// The records of a connection: unpacked from its block, as text, and what can be read in them.

/** The last block that was unpacked: the way to the next connection often stays in it. */
let unpacked = { place: -1, text: '' };

/** Times are too large for a number, so they are read as texts. A quote inside a text never stands bare, so this meets keys only. */
const parse = (line) => JSON.parse(line.replace(/_ns":(-?\d+)/g, '_ns":"$1"'));

/** What the page holds of a connection; `null` if there was no room for it. */
async function recordsOf(connection) {
  const place = about.blocks.findIndex((numbers) => numbers.includes(connection));
  if (place < 0) return null;
  if (unpacked.place !== place) unpacked = { place, text: await unpack(`block-${place}`) };
  const at = about.blocks[place].indexOf(connection);
  const [head, ...lines] = unpacked.text.split('\n\n')[at].split('\n');
  const [record, ...segments] = lines.map(parse);
  return { ...JSON.parse(head), lines, record, segments };
}

/** A frame; with the name of its file, where that is another than the connection's. */
function frameName({ frame, file }) {
  return file ? [String(frame), ' ', element('span', { class: 'faint', title: file }, `(${file.split('/').pop()})`)] : String(frame);
}

/** Several frames. */
const frameNames = (frames) => frames.flatMap((frame, place) => [place > 0 ? ', ' : '', frameName(frame)]);
