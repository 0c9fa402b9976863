/** Rows of a table that sets a record beside what became of it. */
export function compareRecords(before, after) {
  const [was, is] = [flatten(before), flatten(after)];
  const paths = [...new Set([...was.keys(), ...is.keys()])];
  return paths.map((path) => [path, was.get(path) ?? '', is.has(path) ? is.get(path) : '(dropped)']);
}

function flatten(value, path = '', into = new Map()) {
  if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) {
      const step = Array.isArray(value) ? `[${key}]` : `${path && '.'}${key}`;
      flatten(item, path + step, into);
    }
  } else {
    into.set(path, String(value).replace(/\s+/g, ' '));
  }
  return into;
}
