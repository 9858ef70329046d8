// The page as a whole: what is shown where the reader is, and the switches of language and colours.

const main = document.getElementById('main');

/** Shows the place that the address names. */
async function show() {
  const wanted = route();
  main.setAttribute('aria-busy', 'true');
  const connection = Number(wanted.get('connection'));
  const isList = wanted.get('view') === 'connections';
  const view = connection ? await detailView(connection) : isList ? listView(wanted) : overviewView();
  // Who was faster than the unpacking is somewhere else by now.
  if (wanted.toString() !== route().toString()) return;
  const typed = keepTyping();
  main.replaceChildren(...view.flat(Infinity).filter((node) => node !== null));
  main.removeAttribute('aria-busy');
  markView(connection ? null : isList ? 'connections' : 'overview');
  document.title = connection ? `${word('connection_title', { connection: number(connection) })} · fourwave` : 'fourwave';
  focus(typed, connection);
}

/** Where the caret is in the field of the filter. */
function keepTyping() {
  const field = document.activeElement;
  return field?.id === 'filter-text' ? field.selectionStart : null;
}

function focus(typed, connection) {
  const target = focusNext && document.getElementById(focusNext);
  if (target) {
    target.focus();
    if (typed !== null && focusNext === 'filter-text') target.setSelectionRange(typed, typed);
  } else if (connection) {
    document.getElementById('detail-title')?.focus();
  }
  focusNext = null;
}

function markView(current) {
  for (const anchor of document.querySelectorAll('#views a')) {
    if (anchor.dataset.view === current) anchor.setAttribute('aria-current', 'page');
    else anchor.removeAttribute('aria-current');
  }
}

/** All that stands around the view. */
function frame() {
  document.documentElement.lang = language;
  const text = (id, said) => { document.getElementById(id).textContent = said; };
  const [first, ...others] = about.files;
  text('skip', word('skip'));
  text('source', [first, others.length > 0 ? word('and_files', { count: number(others.length) }) : ''].join(' '));
  text('language-label', word('language'));
  text('theme-label', word('theme'));
  text('footer', word('footer', { version: about.version }));
  const views = document.getElementById('views');
  views.setAttribute('aria-label', word('views'));
  views.replaceChildren(
    element('a', { href: overviewLink(), 'data-view': 'overview' }, word('overview')),
    element('a', { href: listLink(), 'data-view': 'connections' }, `${word('connections')} (${number(about.overview.connections)})`));
  const theme = document.getElementById('theme');
  const chosen = theme.value || 'auto';
  theme.replaceChildren(...['auto', 'light', 'dark'].map((name) =>
    element('option', { value: name, selected: name === chosen }, words().theme[name])));
}

function switches() {
  document.getElementById('language').replaceChildren(...about.languages.map((tag, place) =>
    element('option', { value: tag, lang: tag, selected: tag === language }, about.words[place].name)));
  document.getElementById('language').addEventListener('change', (event) => {
    language = event.target.value;
    frame();
    show();
  });
  document.getElementById('theme').addEventListener('change', (event) => {
    document.documentElement.dataset.theme = event.target.value;
  });
  document.getElementById('skip').addEventListener('click', () => main.focus());
}

async function start() {
  if (!canUnpack) {
    main.append(element('p', { class: 'notice' },
      'This browser is too old for this page: it has no DecompressionStream. 浏览器版本过旧：不支持 DecompressionStream。'));
    return;
  }
  about = JSON.parse(await unpack('about'));
  await loadTable();
  // What is found is read out wherever the reader is.
  document.body.append(element('p', { id: 'found', class: 'unseen', role: 'status', 'aria-live': 'polite' }));
  frame();
  switches();
  addEventListener('hashchange', show);
  await show();
  document.documentElement.dataset.ready = 'yes';
}

start();
