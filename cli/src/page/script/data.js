// The data of the page, unpacked when they are needed.

/** Whether this browser can unpack them. */
const canUnpack = 'DecompressionStream' in window;

/** The text that the page holds under this name. */
async function unpack(name) {
  const packed = atob(document.getElementById(name).textContent);
  const octets = Uint8Array.from(packed, (character) => character.charCodeAt(0));
  const stream = new Blob([octets]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Response(stream).text();
}

/** The table of connections: a typed array a column. */
let rows;

const TEXTS = ['base_ns', 'addresses', 'finding_sets', 'modifier_sets'];

async function loadTable() {
  rows = JSON.parse(await unpack('table'));
  for (const [name, column] of Object.entries(rows)) {
    if (!TEXTS.includes(name)) rows[name] = Float64Array.from(column);
  }
  rows.count = rows.number.length;
}

const kindOf = (row) => about.order.kind[rows.kind[row]];
const initiatorOf = (row) => about.order.who[rows.initiator[row]] ?? 'none';
const severityOf = (row) => about.order.severity[rows.severity[row]];
const findingsOf = (row) => rows.finding_sets[rows.findings[row]].map((place) => about.order.finding[place]);
const modifiersOf = (row) => rows.modifier_sets[rows.modifiers[row]].map((place) => about.order.connection_modifier[place]);
const startOf = (row) => BigInt(rows.base_ns) + BigInt(rows.first_ns[row]);

/** An end as text: address and port. */
function endOf(row, side) {
  const address = rows.addresses[rows[side][row]];
  const port = rows[`${side}_port`][row];
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** The row of a connection; -1 if there is none. Rows are in the order of numbers. */
function rowOf(connection) {
  let [low, high] = [0, rows.count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows.number[middle] < connection) low = middle + 1;
    else high = middle;
  }
  return rows.number[low] === connection ? low : -1;
}
