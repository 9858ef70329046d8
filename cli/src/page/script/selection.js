// Which connections are listed, and in which order.

const SEVERITIES = ['info', 'note', 'warn', 'error'];

/** What each column is sorted by. Durations that are not known come last. */
const last = (value) => (value < 0 ? Infinity : value);
const KEYS = {
  number: (row) => rows.number[row],
  start: (row) => rows.first_ns[row],
  client: (row) => rows.client[row] * 65536 + rows.client_port[row],
  server: (row) => rows.server[row] * 65536 + rows.server_port[row],
  kind: (row) => rows.kind[row],
  initiator: (row) => last(rows.initiator[row]),
  fin1_ack: (row) => last(rows.fin1_ack[row]),
  close_wait: (row) => last(rows.close_wait[row]),
  last_ack: (row) => last(rows.last_ack[row]),
  length: (row) => rows.length_ns[row],
  octets: (row) => rows.client_octets[row] + rows.server_octets[row],
  // The most urgent first: info is no more urgent than nothing.
  urgency: (row) => -Math.max(rows.severity[row], 0) * 64 + rows.kind[row],
};

/** Columns that are wanted with the highest value first. */
const HIGHEST_FIRST = ['fin1_ack', 'close_wait', 'last_ack', 'length', 'octets'];

/** The rows that `wanted` (a route) asks for, sorted as it says. */
function select(wanted) {
  const tests = filters(wanted);
  const found = new Uint32Array(rows.count);
  let count = 0;
  for (let row = 0; row < rows.count; row += 1) {
    if (tests.every((test) => test(row))) found[count++] = row;
  }
  return sorted(found.subarray(0, count), sorting(wanted));
}

/** The column to sort by, and whether upwards. */
function sorting(wanted) {
  const [name, direction] = (wanted.get('sort') ?? 'urgency').split('.');
  return Object.hasOwn(KEYS, name) ? { name, up: direction !== 'down' } : { name: 'urgency', up: true };
}

function sorted(found, { name, up }) {
  const keys = new Float64Array(rows.count);
  for (const row of found) keys[row] = KEYS[name](row);
  const sign = up ? 1 : -1;
  return found.sort((one, other) => {
    const [a, b] = [keys[one], keys[other]];
    if (a === b) return one - other;
    // What is not known comes last either way.
    if (a === Infinity) return 1;
    if (b === Infinity) return -1;
    return a < b ? -sign : sign;
  });
}

function filters(wanted) {
  const tests = [];
  const { order } = about;
  const is = (name, test) => wanted.get(name) && tests.push(test(wanted.get(name)));
  is('kind', (kind) => { const place = order.kind.indexOf(kind); return (row) => rows.kind[row] === place; });
  is('initiator', (who) => { const place = order.who.indexOf(who); return (row) => rows.initiator[row] === place; });
  is('severity', (least) => { const place = SEVERITIES.indexOf(least); return (row) => rows.severity[row] >= place; });
  is('finding', (finding) => {
    const place = order.finding.indexOf(finding);
    const has = rows.finding_sets.map((set) => set.includes(place));
    return (row) => has[rows.findings[row]];
  });
  is('text', textFilter);
  return tests;
}

/** An address or a part of it, an end, a port, or a number. */
function textFilter(text) {
  const part = text.trim().toLowerCase();
  const has = rows.addresses.map((address) => address.includes(part));
  const value = /^\d+$/.test(part) ? Number(part) : NaN;
  const isEnd = /[:\]]\d*$/.test(part);
  return (row) => has[rows.client[row]] || has[rows.server[row]]
    || rows.number[row] === value || rows.client_port[row] === value || rows.server_port[row] === value
    || (isEnd && (endOf(row, 'client').includes(part) || endOf(row, 'server').includes(part)));
}
