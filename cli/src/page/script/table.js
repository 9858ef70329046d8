// The list of connections: filters, a table that sorts, and pages of it.

const PAGE_ROWS = 50;

/** The rows that were listed last, for the way from one connection to the next. */
let listed = new Uint32Array();

const COLUMNS = [
  ['number', (row) => element('th', { scope: 'row', class: 'number' }, element('a', { href: connectionLink(rows.number[row]) }, number(rows.number[row])))],
  ['urgency', (row) => element('td', {}, findingsCell(row))],
  ['start', (row) => element('td', { class: 'time' }, time(startOf(row)))],
  ['client', (row) => element('td', {}, endOf(row, 'client'))],
  ['server', (row) => element('td', {}, endOf(row, 'server'))],
  ['kind', (row) => element('td', {}, meaning('kind', kindOf(row)))],
  ['initiator', (row) => element('td', {}, initiatorOf(row) === 'none' ? '–' : meaning('who', initiatorOf(row)))],
  ['fin1_ack', (row) => durationCell(rows.fin1_ack[row])],
  ['close_wait', (row) => durationCell(rows.close_wait[row])],
  ['last_ack', (row) => durationCell(rows.last_ack[row])],
  ['length', (row) => durationCell(rows.length_ns[row])],
  ['octets', (row) => element('td', { class: 'number' }, number(rows.client_octets[row] + rows.server_octets[row]))],
];

function durationCell(ns) {
  return element('td', { class: 'number' }, ns < 0 ? '–' : duration(ns));
}

/** In the order of the overview, where the worst come first. */
function worstFirst(names) {
  const place = (name) => about.overview.findings.findIndex(([finding]) => finding === name);
  return names.sort((one, other) => place(one) - place(other));
}

/** How much the worst matters, and the names of all as far as there is room. */
function findingsCell(row) {
  const names = worstFirst(findingsOf(row)).map((name) => meaning('finding_title', name)).join(words().page.separator);
  return names === '' ? '–' : element('span', { class: 'findings', title: names }, badge(severityOf(row)), ' ', names);
}

function listView(wanted) {
  listed = select(wanted);
  const pages = Math.max(Math.ceil(listed.length / PAGE_ROWS), 1);
  const page = Math.min(Math.max(Number(wanted.get('page')) || 1, 1), pages);
  const shown = listed.subarray((page - 1) * PAGE_ROWS, page * PAGE_ROWS);
  const found = word('found', { count: number(listed.length), all: number(rows.count) });
  document.getElementById('found').textContent = found;
  const leftOut = about.rows < about.overview.connections
    ? element('p', { class: 'notice' }, word('rows_left_out', { shown: number(about.rows), all: number(about.overview.connections) })) : null;
  return [
    element('h2', { class: 'part' }, word('connections')),
    filterForm(wanted),
    leftOut,
    pager(wanted, page, pages, found),
    element('div', { class: 'wide', tabindex: '0', role: 'region', 'aria-label': word('connections') },
      element('table', { class: 'list' },
        element('caption', { class: 'unseen' }, word('connections')),
        element('thead', {}, element('tr', {}, COLUMNS.map(([name]) => headCell(name, wanted)))),
        element('tbody', { click: openRow }, Array.from(shown, (row) =>
          element('tr', { 'data-connection': rows.number[row] }, COLUMNS.map(([, cell]) => cell(row))))))),
    pages > 1 ? pager(wanted, page, pages, null) : null,
  ];
}

/** A click anywhere in a row opens its connection, unless text is being selected. */
function openRow(event) {
  const row = event.target.closest('tr');
  if (row && !event.target.closest('a') && getSelection().isCollapsed) {
    location.hash = connectionLink(row.dataset.connection);
  }
}

const NUMBERS = ['number', 'fin1_ack', 'close_wait', 'last_ack', 'length', 'octets'];

function headCell(name, wanted) {
  const by = sorting(wanted);
  const isSorted = by.name === name;
  const state = isSorted ? (by.up ? 'ascending' : 'descending') : 'none';
  const up = isSorted ? !by.up : !HIGHEST_FIRST.includes(name);
  const sort = () => go(wanted, { sort: `${name}.${up ? 'up' : 'down'}`, page: '' }, `sort-${name}`);
  return element('th', { scope: 'col', 'aria-sort': state, class: NUMBERS.includes(name) ? 'number' : null },
    element('button', { type: 'button', id: `sort-${name}`, click: sort }, words().column[name],
      element('span', { class: 'arrow', 'aria-hidden': 'true' }, { ascending: '▲', descending: '▼', none: '' }[state])));
}

/** The element that gets the focus when the next view is there. */
let focusNext = null;

/** Goes to the same list with other values, and keeps the focus. */
function go(wanted, values, focus) {
  focusNext = focus;
  location.hash = link({ ...Object.fromEntries(wanted), ...values });
}

/** The same while something is typed: the way back does not lead through every letter. */
function type(wanted, text) {
  focusNext = 'filter-text';
  history.replaceState(null, '', link({ ...Object.fromEntries(wanted), text, page: '' }));
  show();
}

function filterForm(wanted) {
  const { order } = about;
  const choice = (name, options) => element('label', {}, word(name),
    element('select', { id: `filter-${name}`, change: (event) => go(wanted, { [name]: event.target.value, page: '' }, `filter-${name}`) },
      element('option', { value: '' }, word('any')),
      options.map(([value, text]) => element('option', { value, selected: wanted.get(name) === value }, text))));
  const counted = (pairs, vocabulary) => pairs.map(([code, count]) => [code, `${meaning(vocabulary, code)} (${number(count)})`]);
  const found = new Set(about.overview.findings.map(([finding]) => finding));
  const findings = order.finding.filter((finding) => found.has(finding));
  return element('form', { class: 'filters', role: 'search', submit: (event) => event.preventDefault() },
    element('label', {}, word('text'),
      element('input', { type: 'search', id: 'filter-text', value: wanted.get('text'), placeholder: word('text_hint'),
        input: later((event) => type(wanted, event.target.value)) })),
    choice('kind', counted(about.overview.kinds, 'kind')),
    choice('initiator', counted(about.overview.initiators, 'who')),
    choice('finding', findings.map((finding) => [finding, meaning('finding_title', finding)])),
    choice('severity', ['note', 'warn', 'error'].map((severity) => [severity, word('at_least_severity', { severity: meaning('severity', severity) })])),
    element('button', { type: 'button', id: 'clear', click: () => { focusNext = 'clear'; location.hash = listLink(); } }, word('clear')));
}

/** Waits until nothing more is typed. */
function later(act) {
  let timer;
  return (event) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(event), 150);
  };
}

function pager(wanted, page, pages, found) {
  const part = found === null ? 'below' : 'above';
  const step = (name, target) => element('button', {
    type: 'button', id: `${name}-${part}`, disabled: target < 1 || target > pages || target === page,
    click: () => go(wanted, { page: target > 1 ? target : '' }, `${name}-${part}`),
  }, word(name));
  return element('nav', { class: 'pager', 'aria-label': word('pages') },
    found === null ? null : element('p', { class: 'found' }, found),
    pages === 1 ? null : [
      step('first_page', 1), step('previous_page', page - 1),
      element('span', {}, word('page_of', { page: number(page), pages: number(pages) })),
      step('next_page', page + 1), step('last_page', pages)]);
}
