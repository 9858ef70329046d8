// The overview: what all connections come to.

const VERDICTS = ['orderly', 'remarks', 'reset', 'no-end', 'no-connection'];

function overviewView() {
  const { overview } = about;
  if (overview.connections === 0) return [element('p', { class: 'notice' }, word('nothing')), notices(overview)];
  return [
    tiles(overview),
    notices(overview),
    timelineFigure(overview.timeline),
    element('div', { class: 'columns' },
      element('div', { class: 'stack' },
        card(word('by_initiator'), initiatorTable(overview)),
        card(word('by_kind'), kindTable(overview))),
      card(word('by_finding'), findingTable(overview))),
    element('h2', { class: 'part' }, word('durations')),
    element('div', { class: 'columns three' }, overview.durations.map(durationFigure)),
    talkersCard(overview),
    skippedCard(),
  ];
}

function card(title, ...content) {
  return element('section', { class: 'card' }, element('h2', {}, title), content);
}

function tiles({ connections, urgent, first_ns, last_ns }) {
  const tile = (value, name, href) => element('li', { class: 'tile' },
    element('strong', {}, href ? element('a', { href }, value) : value), element('span', {}, name));
  const span = first_ns === null ? '–' : duration(Number(BigInt(last_ns) - BigInt(first_ns)));
  return element('ul', { class: 'tiles' },
    tile(number(connections), word('connections'), listLink()),
    tile(number(urgent), word('urgent'), listLink({ severity: 'note' })),
    tile(number(about.packets), word('packets')),
    tile(number(about.segments), word('segments')),
    tile(number(about.files.length), word('files')),
    tile(span, first_ns === null ? word('time') : word('from_to', { from: time(BigInt(first_ns)).slice(0, 19), to: time(BigInt(last_ns)).slice(0, 19) })));
}

/** What the page does not show. */
function notices({ connections }) {
  const details = about.blocks.reduce((sum, numbers) => sum + numbers.length, 0);
  const notes = [];
  if (about.is_interrupted) notes.push(word('interrupted'));
  if (about.is_damaged) notes.push(word('damaged'));
  if (about.is_filtered) notes.push(word('filtered'));
  if (about.rows < connections) notes.push(word('rows_left_out', { shown: number(about.rows), all: number(connections) }));
  if (details < connections) notes.push(word('details_left_out', { shown: number(details), all: number(connections) }));
  if (about.evicted > 0) notes.push(word('evicted', { count: number(about.evicted) }));
  return notes.length === 0 ? null
    : element('div', { class: 'notice', role: 'note' }, notes.map((note) => element('p', {}, note)));
}

function timelineFigure({ period_ns, from_seconds, counts }) {
  const step = period_ns / 1e9;
  const start = (place) => time(BigInt(Math.round((from_seconds + place * step) * 1e3)) * 1000000n);
  const short = (place) => (step * counts.length > 86400 ? start(place).slice(0, 16) : start(place).slice(11, step < 1 ? 23 : 19));
  const said = (column) => VERDICTS.map((verdict, place) => [verdict, column[place]])
    .filter(([, count]) => count > 0).map(([verdict, count]) => `${meaning('verdict', verdict)} ${number(count)}`).join(', ');
  const present = VERDICTS.filter((_, place) => counts.some((column) => column[place] > 0));
  const chart = columnChart({
    description: word('over_time_description', { period: duration(period_ns) }),
    columns: counts.map((column) => column.map((count, place) => ({ count, style: VERDICTS[place] }))),
    titles: counts.map((column, place) => `${start(place)} UTC: ${said(column)}`),
    labels: [
      { at: 0, text: short(0), anchor: 'start' },
      ...(counts.length > 8 ? [{ at: counts.length / 2, text: short(Math.floor(counts.length / 2)) }] : []),
      ...(counts.length > 1 ? [{ at: counts.length, text: short(counts.length), anchor: 'end' }] : []),
    ],
  });
  const heads = [word('time'), ...present.map((verdict) => meaning('verdict', verdict))];
  const lines = counts.map((column, place) => [column, place]).filter(([column]) => column.some((count) => count > 0));
  const table = simpleTable(word('over_time'), heads, lines.map(([column, place]) => element('tr', {},
    element('th', { scope: 'row' }, start(place)),
    present.map((verdict) => element('td', { class: 'number' }, number(column[VERDICTS.indexOf(verdict)]))))));
  const key = legend(present.map((verdict) => ({ style: verdict, name: meaning('verdict', verdict) })));
  return figure(`${word('over_time')} · ${word('each_column', { period: duration(period_ns) })}`, chart, key, table);
}

function kindTable({ kinds, connections }) {
  return barTable(word('by_kind'), [word('kind'), '', word('connections'), '%'], kinds.map(([kind, count]) => ({
    name: [element('a', { href: listLink({ kind }) }, meaning('kind', kind)), ' ', element('code', {}, kind)],
    count,
    style: about.verdict_of_kind[kind],
  })), connections);
}

function initiatorTable({ initiators, connections }) {
  return barTable(word('by_initiator'), [word('initiator'), '', word('connections'), '%'], initiators.map(([who, count]) => ({
    name: [element('a', { href: listLink({ initiator: who }) }, meaning('who', who))],
    count,
    style: who,
  })), connections);
}

function findingTable({ findings, connections }) {
  if (findings.length === 0) return element('p', { class: 'faint' }, word('no_findings'));
  return barTable(word('by_finding'), [word('finding'), '', word('connections'), '%'], findings.map(([finding, severity, count]) => ({
    name: [badge(severity), ' ', element('a', { href: listLink({ finding }), title: finding }, meaning('finding_title', finding))],
    count,
    style: severity,
  })), connections);
}

function durationFigure([phase, { count, p50, p90, p99, max, bounds, counts }]) {
  const title = meaning('phase', phase);
  if (count === 0) return card(title, element('p', { class: 'faint' }, word('not_measured')));
  const facts = [['p50', p50], ['p90', p90], ['p99', p99], ['max', max]];
  const description = `${title}: ${facts.map(([name, ns]) => `${name} ${duration(ns)}`).join(', ')}`;
  const chart = columnChart({
    description,
    width: 420,
    columns: counts.map((count) => [{ count, style: phase }]),
    titles: counts.map((count, place) => `${word('from', { from: duration(bounds[place]) })}: ${number(count)}`),
    labels: axis(bounds),
  });
  const table = simpleTable(title, [word('duration'), word('connections')], counts.map((count, place) => element('tr', {},
    element('th', { scope: 'row' }, word('from', { from: duration(bounds[place]) })),
    element('td', { class: 'number' }, number(count)))));
  const list = element('dl', { class: 'percentiles' }, facts.map(([name, ns]) =>
    element('div', {}, element('dt', {}, name), element('dd', {}, duration(ns)))));
  return figure(title, chart, list, table);
}

/** As many of the bounds as have room as labels. */
function axis(bounds) {
  const every = Math.max(1, Math.ceil(bounds.length / 6));
  return bounds.map((ns, at) => ({ at, text: duration(ns), anchor: at === 0 ? 'start' : 'middle' }))
    .filter(({ at }) => at % every === 0);
}

function talkersCard({ findings, talkers }) {
  if (talkers.length === 0) return null;
  const place = element('div', { class: 'columns' });
  const show = (finding) => {
    const [, servers, clients] = talkers.find(([id]) => id === finding);
    place.replaceChildren(
      talkerTable(word('servers'), servers, finding),
      talkerTable(word('clients'), clients, finding));
  };
  const ids = [...new Set(findings.map(([finding]) => finding))];
  const choice = element('select', { change: (event) => show(event.target.value) },
    ids.map((finding) => element('option', { value: finding }, meaning('finding_title', finding))));
  show(ids[0]);
  return card(word('talkers'), element('p', {}, element('label', {}, `${word('finding')} `, choice)), place);
}

function talkerTable(title, { counts, missed }, finding) {
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const entries = counts.map(([end, count]) => ({
    name: [element('a', { href: listLink({ finding, text: end }) }, end)], count, style: 'plain',
  }));
  return element('div', {}, element('h3', {}, title), barTable(title, [title, '', word('connections'), '%'], entries, total),
    missed > 0 ? element('p', { class: 'faint' }, word('at_least', { missed: number(missed) })) : null);
}

function skippedCard() {
  if (about.skipped.length === 0) return null;
  const sum = about.skipped.reduce((sum, [, count]) => sum + count, 0);
  return element('details', { class: 'card' },
    element('summary', {}, word('skipped', { count: number(sum) })),
    barTable(word('skipped', { count: number(sum) }), [word('reason'), '', word('packets'), '%'],
      about.skipped.map(([reasons, count]) => ({ name: reasons[about.languages.indexOf(language)], count, style: 'plain' })), sum));
}
