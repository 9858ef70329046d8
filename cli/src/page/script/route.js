// Where the reader is: all of it stands in the address after `#`, so that links, back and forward work.

const route = () => new URLSearchParams(location.hash.slice(1));

/** The address of a place. Values that are empty or usual are left out. */
function link(values) {
  const kept = Object.entries(values).filter(([, value]) => value !== '' && value !== null && value !== undefined);
  return '#' + new URLSearchParams(kept);
}

const overviewLink = () => '#';
const listLink = (values = {}) => link({ view: 'connections', ...values });
const connectionLink = (connection) => link({ connection });
