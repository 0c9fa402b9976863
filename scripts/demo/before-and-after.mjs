/** Rows of a table that sets a record beside what became of it. */
export function compareRecords(before, after) {
  const [was, is] = [flatten(before), flatten(after)];
  const paths = [...new Set([...was.keys(), ...is.keys()])];
  return paths.map((path) => [path, was.get(path) ?? '', is.get(path) ?? '(dropped)']);
}

/** Every value of a record by its path. */
function flatten(value, path = '', into = new Map()) {
  if (value === null || typeof value !== 'object') return into.set(path, String(value).replace(/\s+/g, ' '));
  for (const [key, item] of Object.entries(value)) {
    const step = Array.isArray(value) ? `[${labelOf(item) ?? key}]` : `${path && '.'}${key}`;
    flatten(item, path + step, into);
  }
  return into;
}

/** An extension is told by its URL: its place changes when one before it is dropped. */
function labelOf(item) {
  return typeof item?.url === 'string' ? item.url.split('/').at(-1) : undefined;
}
