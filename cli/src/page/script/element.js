// Elements, made one by one: text from a capture only ever becomes text.

const SVG = 'http://www.w3.org/2000/svg';

/** An HTML element. Functions become listeners, `true` an attribute without value, `null` and `false` nothing. */
function element(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** The same of SVG. */
function shape(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') node.addEventListener(name, value);
    else if (value === true) node.setAttribute(name, '');
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return node;
}

/** A table with a caption for those who cannot see where it stands. Heads of numbers are lists of one text. */
function simpleTable(caption, heads, rows, attributes = {}) {
  return element('table', attributes,
    element('caption', { class: 'unseen' }, caption),
    element('thead', {}, element('tr', {}, heads.map((head) => element('th', { scope: 'col', class: Array.isArray(head) ? 'number' : null }, head)))),
    element('tbody', {}, rows));
}

/** A word with its code beside it, where the two differ. */
function coded(text, code) {
  return text === code ? [text] : [text, ' ', element('code', {}, code)];
}

/** How much a finding matters. */
function badge(severity) {
  return element('span', { class: `badge ${severity}` }, meaning('severity', severity));
}
