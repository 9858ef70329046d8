// The records of a connection: unpacked from its block, as text, and what can be read in them.

/** The blocks of each kind that were unpacked last: the way to the next connection often stays in them. */
const unpacked = new Map();

/** The part of a connection in the blocks of a kind; `null` if there was no room for it. */
async function partOf(connection, kind, blocks, way) {
  const place = blocks.findIndex((numbers) => numbers.includes(connection));
  if (place < 0) return null;
  const name = `${kind}-${place}-${way}`;
  if (unpacked.get(kind)?.name !== name) unpacked.set(kind, { name, parts: (await unpack(name)).split('\n\n') });
  return unpacked.get(kind).parts[blocks[place].indexOf(connection)];
}

/** The ladder of a connection in the reader's language, as SVG. */
async function ladderOf(connection) {
  const text = await partOf(connection, 'ladder', about.ladders, about.languages.indexOf(language));
  return text && document.importNode(new DOMParser().parseFromString(text, 'image/svg+xml').documentElement, true);
}

/** Times are too large for a number, so they are read as texts. A quote inside a text never stands bare, so this meets keys only. */
const parse = (line) => JSON.parse(line.replace(/_ns":(-?\d+)/g, '_ns":"$1"'));

/** What the page holds of a connection; `null` if there was no room for it. */
async function recordsOf(connection) {
  const text = await partOf(connection, 'block', about.blocks, 0);
  if (text === null) return null;
  const [head, ...lines] = text.trimEnd().split('\n');
  const [record, ...segments] = lines.map(parse);
  return { ...JSON.parse(head), lines, record, segments };
}

/** A frame; with the name of its file, where that is another than the connection's. */
function frameName({ frame, file }) {
  return file ? [String(frame), ' ', element('span', { class: 'faint', title: file }, `(${file.split('/').pop()})`)] : String(frame);
}

/** Several frames. */
const frameNames = (frames) => frames.flatMap((frame, place) => [place > 0 ? ', ' : '', frameName(frame)]);
