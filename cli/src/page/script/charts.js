// Charts: inline SVG with text, and the numbers beside them.

/** A bar that takes a part of its place. */
function bar(part, whole, style = '') {
  const width = whole > 0 ? Math.max(part / whole, part > 0 ? 0.004 : 0) * 100 : 0;
  return shape('svg', { class: 'bar', viewBox: '0 0 100 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    shape('rect', { class: 'track', x: 0, y: 0, width: 100, height: 10 }),
    shape('rect', { class: `fill ${style}`, x: 0, y: 0, width, height: 10 }));
}

/** A table of names, bars and counts; `entries` are { name, count, style }. */
function barTable(caption, heads, entries, total) {
  const longest = Math.max(...entries.map((entry) => entry.count), 1);
  return simpleTable(caption, heads, entries.map(({ name, count, style }) =>
    element('tr', {},
      element('th', { scope: 'row' }, name),
      element('td', { class: 'barcell' }, bar(count, longest, style)),
      element('td', { class: 'number' }, number(count)),
      element('td', { class: 'number faint' }, percent(count, total)))), { class: 'bars' });
}

/**
 * Columns side by side. `columns` are lists of { count, style }, from bottom to top; `labels` are { at, text }, where
 * `at` counts columns; `titles` say what a column holds.
 */
function columnChart({ description, columns, labels, titles, width = 900, height = 180 }) {
  const [left, bottom, top] = [width > 600 ? 48 : 40, 24, 8];
  const sums = columns.map((parts) => parts.reduce((sum, { count }) => sum + count, 0));
  const [highest, step] = scale(Math.max(...sums, 1));
  const unit = (height - top - bottom) / highest;
  const each = (width - left) / Math.max(columns.length, 1);
  const floor = height - bottom;
  const lines = [];
  for (let value = 0; value <= highest; value += step) {
    const y = floor - value * unit;
    lines.push(shape('line', { class: 'grid', x1: left, x2: width, y1: y, y2: y }),
      shape('text', { class: 'tick', x: left - 6, y: y + 4, 'text-anchor': 'end' }, number(value)));
  }
  const stacks = columns.map((parts, place) => {
    let y = floor;
    const gap = Math.min(each * 0.15, 2);
    const boxes = parts.filter(({ count }) => count > 0).map(({ count, style }) => {
      const length = Math.max(count * unit, 0.8);
      y -= length;
      return shape('rect', { class: `fill ${style}`, x: left + place * each + gap / 2, y, width: each - gap, height: length });
    });
    return shape('g', {}, shape('title', {}, titles[place]), boxes);
  });
  const texts = labels.map(({ at, text, anchor = 'middle' }) =>
    shape('text', { class: 'tick', x: left + at * each, y: height - 6, 'text-anchor': anchor }, text));
  return shape('svg', { class: 'chart', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': description },
    lines, stacks, texts);
}

/** The end of an axis for counts up to `most`, and how far its lines are apart. */
function scale(most) {
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max([1, 2, 5, 10].map((digit) => digit * power).find((value) => value >= rough), 1);
  return [Math.ceil(most / step) * step, step];
}

/** What the styles of a chart stand for. */
function legend(entries) {
  return element('ul', { class: 'legend' }, entries.map(({ style, name }) =>
    element('li', {}, shape('svg', { viewBox: '0 0 10 10', 'aria-hidden': 'true' },
      shape('rect', { class: `fill ${style}`, width: 10, height: 10, rx: 2 })), name)));
}

/** A chart under a heading, and its numbers for those who want to read them. */
function figure(title, chart, extra, table) {
  return element('figure', { class: 'card' },
    element('figcaption', {}, element('h2', {}, title)), extra, chart,
    element('details', {}, element('summary', {}, word('numbers')), table));
}
