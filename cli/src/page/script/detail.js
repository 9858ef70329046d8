// One connection: how it ended, its path, its findings, its records.

async function detailView(connection) {
  const row = rowOf(connection);
  if (row < 0) return [element('p', { class: 'notice' }, word('no_such_connection', { connection })), backLink()];
  const [records, ladder] = await Promise.all([recordsOf(connection), ladderOf(connection)]);
  return [
    detailHead(row, connection),
    element('div', { class: 'columns' },
      card(word('facts'), facts(row, records)),
      card(word('waves'), waves(row, records))),
    card(word('findings'), findings(row, records)),
    records === null ? card(word('segment_by_segment'), element('p', {}, word('no_details')), command(connection))
      : [pathCard(records, ladder), segmentsCard(records), recordsCard(records, connection)],
  ];
}

const backLink = () => element('p', {}, element('a', { href: listLink() }, word('to_list')));

function detailHead(row, connection) {
  if (listed.length === 0) listed = select(route());
  const at = listed.indexOf(row);
  const near = (name, key) => {
    const there = at < 0 ? undefined : listed[at + (name === 'next' ? 1 : -1)];
    return there === undefined ? null : element('a', { class: 'button', href: connectionLink(rows.number[there]), id: name }, word(key));
  };
  const kind = kindOf(row);
  return element('div', { class: 'detailhead' },
    element('h2', { class: 'part', id: 'detail-title', tabindex: '-1' },
      word('connection_title', { connection: number(connection) }), ' ',
      element('span', { class: `chip ${about.verdict_of_kind[kind]}` }, meaning('kind', kind))),
    element('p', { class: 'ends' }, endOf(row, 'client'), ' → ', endOf(row, 'server')),
    element('nav', { class: 'pager', 'aria-label': word('connections') }, near('previous', 'previous_connection'), near('next', 'next_connection')));
}

function definitions(pairs) {
  return element('dl', { class: 'facts' }, pairs.filter((pair) => pair !== null).map(([name, ...value]) =>
    element('div', {}, element('dt', {}, name), element('dd', {}, value))));
}

function facts(row, records) {
  const initiator = initiatorOf(row);
  const start = startOf(row);
  const both = (client, server) => word('both_peers', { client: number(client), server: number(server) });
  return definitions([
    [word('kind'), ...coded(meaning('kind', kindOf(row)), kindOf(row))],
    [word('initiator'), initiator === 'none' ? word('nobody') : meaning('who', initiator),
      records?.record.initiator.by ? word('in_brackets', { text: [meaning('by', records.record.initiator.by), meaning('certainty', records.record.initiator.certainty)].join(words().page.separator) }) : ''],
    records && [word('roles'), meaning('client_basis', records.record.client_basis)],
    [word('time'), `${time(start)} – ${time(start + BigInt(rows.length_ns[row]))}`, words().page.separator, duration(rows.length_ns[row])],
    [word('file'), about.files[rows.file[row]] ?? '–', words().page.separator, word('from_frame', { frame: number(rows.frame[row]) })],
    [word('segments'), both(rows.client_segments[row], rows.server_segments[row])],
    [word('octets'), both(rows.client_octets[row], rows.server_octets[row])],
    records && [word('final_states'), word('both_peers', { client: bounds(records.record.final.client), server: bounds(records.record.final.server) })],
    modifiersOf(row).length > 0 ? [word('also'), modifiersOf(row).map((code) => meaning('connection_modifier', code)).join(words().page.separator)] : null,
  ].map((pair) => pair || null));
}

/** What is expected, and what is proved where that is less. */
const bounds = ({ confirmed, expected }) => (confirmed === expected ? expected : `${confirmed}~${expected}`);

function waves(row, records) {
  const phases = [['2', 'fin1_ack'], ['3', 'close_wait'], ['4', 'last_ack']];
  const start = startOf(row);
  const lines = ['1', '2', '3', '4'].map((wave) => {
    const seen = records?.record.waves[wave];
    const phase = phases.find(([to]) => to === wave)?.[1];
    const ns = phase ? rows[phase][row] : -1;
    return element('tr', {},
      element('th', { scope: 'row' }, element('span', { class: `wave w${wave}` }, wave), ' ', meaning('wave_name', wave)),
      element('td', { class: 'number' }, seen ? frameName(seen) : '–'),
      element('td', { class: 'number' }, seen ? seconds(Number(BigInt(seen.time_ns) - start)) : '–'),
      element('td', { class: 'number' }, ns < 0 ? '–' : duration(ns)));
  });
  const table = simpleTable(word('waves'), [word('wave'), [word('frame')], [word('seconds')], [word('since_last_wave')]], lines, { class: 'full' });
  const stays = (records?.record.time_wait ?? []).map(({ peer, from_ns, until_ns }) => element('p', { class: 'faint' },
    word('time_wait', { peer: meaning('side', peer), length: duration(Number(BigInt(until_ns) - BigInt(from_ns))), from: seconds(Number(BigInt(from_ns) - start)) })));
  return [table, stays];
}

function findings(row, records) {
  const found = records
    ? records.record.findings.map((finding, place) => ({ ...finding, text: records.texts[about.languages.indexOf(language)][place] }))
    : findingsOf(row).map((id) => ({ id, severity: null, certainty: null, frames: [], text: meaning('finding_text', id) }));
  const weight = ({ severity }) => SEVERITIES.indexOf(severity);
  found.sort((one, other) => weight(other) - weight(one));
  if (found.length === 0) return element('p', { class: 'faint' }, word('no_findings'));
  return found.map(({ id, severity, certainty, frames, files, text }) => element('article', { class: `finding ${severity ?? ''}` },
    element('h3', {}, severity ? [badge(severity), ' '] : null, ...coded(meaning('finding_title', id), id),
      certainty === 'likely' ? word('in_brackets', { text: meaning('certainty', certainty) }) : ''),
    element('p', {}, text),
    frames.length > 0 ? element('p', { class: 'faint' }, word('evidence'), ' ', frameNames(frames.map((frame, place) => ({ frame, file: files?.[place] })))) : null,
    meaning('finding_advice', id) !== id ? element('p', { class: 'advice' }, element('strong', {}, word('advice')), ' ', meaning('finding_advice', id)) : null,
    element('details', {}, element('summary', {}, word('why')), element('p', {}, meaning('finding_why', id)))));
}

/** The states of both peers: the ladder, if there was room for it, and a table. */
function pathCard(records, ladder) {
  const table = [element('p', { class: 'faint' }, word('path_note')), pathTable(records)];
  return card(word('path'), ladder === null ? table : [
    element('div', { class: 'ladder', tabindex: '0', role: 'region', 'aria-label': word('path') }, ladder),
    element('details', {}, element('summary', {}, word('as_table')), table)]);
}

/** The states of both peers, frame by frame. */
function pathTable({ record, segments }) {
  const times = new Map(segments.map((segment) => [frameKey(segment), segment.time_ns]));
  const steps = ['client', 'server'].flatMap((peer) => record.path[peer].map((step, place) => ({ ...step, peer, place })));
  const frames = new Map();
  for (const step of steps) {
    const key = step.frame === null ? (step.place === 0 ? 'start' : 'end') : frameKey({ file: step.file ?? record.file, frame: step.frame });
    if (!frames.has(key)) frames.set(key, { step, key, client: null, server: null });
    frames.get(key)[step.peer] = step.state;
  }
  const place = ({ key, step }) => (key === 'start' ? -1 : key === 'end' ? Infinity : about.files.indexOf(step.file ?? record.file) * 2 ** 40 + step.frame);
  const ordered = [...frames.values()].sort((one, other) => place(one) - place(other));
  const start = BigInt(record.first_ns);
  const lines = ordered.map(({ key, step, client, server }) => element('tr', {},
    element('th', { scope: 'row', class: 'number' }, key === 'start' ? word('beginning') : key === 'end' ? word('end_of_capture') : frameName(step)),
    element('td', { class: 'number' }, times.has(key) ? seconds(Number(BigInt(times.get(key)) - start)) : ''),
    [client, server].map((state) => element('td', {}, state === null ? element('span', { class: 'stays', 'aria-label': word('unchanged') }, '│')
      : element('span', { class: `state ${state.toLowerCase()}`, title: meaning('state', state) }, state)))));
  return simpleTable(word('path'), [[word('frame')], [word('seconds')], meaning('side', 'client'), meaning('side', 'server')], lines, { class: 'path' });
}

const frameKey = ({ file, frame }) => `${file}\n${frame}`;

function segmentsCard({ record, segments, folds }) {
  const start = BigInt(record.first_ns);
  const lines = segments.map((segment) => segmentLine(segment, start));
  // From the last to the first, so that places stay.
  for (const { after, segments: count, client_octets, server_octets } of [...folds].reverse()) {
    lines.splice(after, 0, element('tr', { class: 'fold' }, element('td', { colspan: '8' },
      word('folded', { count: number(count), client: number(client_octets), server: number(server_octets) }))));
  }
  const heads = [[word('frame')], [word('seconds')], word('sender'), word('flags'), [word('seq_ack')], word('role')];
  return card(word('segment_by_segment'), element('div', { class: 'wide', tabindex: '0', role: 'region', 'aria-label': word('segment_by_segment') },
    simpleTable(word('segment_by_segment'), [...heads, meaning('side', 'client'), meaning('side', 'server')], lines, { class: 'full segments' })));
}

function segmentLine(segment, start) {
  const { from, flags, seq, ack, len, role, waves: carried = [], modifiers = [] } = segment;
  const isEvent = segment.record === 'event';
  return element('tr', { class: isEvent ? 'event' : from },
    element('th', { scope: 'row', class: 'number' }, segment.frame ?? '–'),
    element('td', { class: 'number' }, seconds(Number(BigInt(segment.time_ns) - start))),
    element('td', {}, isEvent ? word('timer') : [meaning('side', from), ' ', element('span', { 'aria-hidden': 'true' }, from === 'client' ? '→' : '←')]),
    element('td', { class: 'flags' }, flags ?? ''),
    element('td', { class: 'number' }, isEvent ? '' : `${seq}${ack === null ? '' : ` / ${ack}`}${len > 0 ? ` · ${len}` : ''}`),
    element('td', {}, carried.map((wave) => [element('span', { class: `wave w${wave}`, title: meaning('wave_name', String(wave)) }, String(wave)), ' ']),
      meaning('role_short', role), modifiers.length > 0 ? element('span', { class: 'faint' }, ` ${modifiers.join(' ')}`) : null),
    ['client', 'server'].map((peer) => element('td', { class: 'states' }, bounds(segment[peer].after))));
}

function recordsCard({ lines }, connection) {
  return card(word('raw_records'),
    command(connection),
    element('details', {}, element('summary', {}, word('lines', { count: number(lines.length) })),
      element('pre', { tabindex: '0' }, lines.join('\n'))));
}

/** Inputs that a command line names. */
const NAMED = 3;

/** The command line that says more. */
function command(connection) {
  const { inputs, options } = about;
  const program = inputs.length === 1 ? 'explain' : 'annotate --all';
  const words = ['fourwave', program, '--connection', connection, ...options, ...inputs.slice(0, NAMED)];
  const line = words.join(' ') + (inputs.length > NAMED ? ' …' : '');
  return element('p', {}, word('command'), ' ', element('code', { class: 'command' }, line));
}
