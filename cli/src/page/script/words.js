// Words, numbers, times: all that depends on the reader's language.

let about;
let language = document.documentElement.lang;

/** The words of the reader's language. */
const words = () => about.words[about.languages.indexOf(language)];

/** What the page itself says; `{name}` stands for one of `values`. */
function word(key, values = {}) {
  return words().page[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** What a word of a vocabulary means. */
const meaning = (vocabulary, code) => words()[vocabulary][code] ?? code;

const number = (value) => value.toLocaleString(language);

function percent(part, whole) {
  const share = whole > 0 ? part / whole : 0;
  return share.toLocaleString(language, { style: 'percent', maximumSignificantDigits: 2 });
}

const UNITS = [[1e9, 's'], [1e6, 'ms'], [1e3, 'µs'], [1, 'ns']];
const LONG_UNITS = [[86400, 'd', 3600, 'h'], [3600, 'h', 60, 'min'], [60, 'min', 1, 's']];

/** Nanoseconds in three digits, from a minute on in two units; unit symbols are the same in every language. */
function duration(ns) {
  if (ns < 0) return '-' + duration(-ns);
  const short = Number(ns.toPrecision(3));
  if (short === 0) return '0 s';
  if (ns <= 60e9) {
    const [unit, name] = UNITS.find(([unit]) => short >= unit) ?? UNITS[3];
    return `${Number((short / unit).toPrecision(3))} ${name}`;
  }
  const seconds = ns / 1e9;
  const [large, largeName, small, smallName] =
    LONG_UNITS.find(([large, , small]) => Math.round(seconds / small) * small >= large) ?? LONG_UNITS[2];
  const value = Math.round(seconds / small) * small;
  const rest = Math.round((value % large) / small);
  return `${Math.floor(value / large)} ${largeName}` + (rest > 0 ? ` ${rest} ${smallName}` : '');
}

/** A time of day in UTC, from nanoseconds as a BigInt. */
function time(ns) {
  const date = new Date(Number(ns / 1000000n));
  if (Number.isNaN(date.getTime())) return String(ns);
  return date.toISOString().replace('T', ' ').replace('Z', '');
}

/** Seconds and their decimals, from nanoseconds; what is less than a microsecond is cut off. */
const seconds = (ns) => (Math.trunc(ns / 1e3) / 1e6).toFixed(6);
