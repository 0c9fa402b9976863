const PARTS = /("(?:[^"\\]|\\.)*")(?=\s*:)|"(?:[^"\\]|\\.)*"|([{}])/g;

/** The first key that an object of a JSON text has twice: parsed, only the second would be left, without a word. */
export function repeatedKey(json: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [, quoted, brace] of json.matchAll(PARTS)) {
    if (brace === '{') open.push(new Set());
    else if (brace === '}') open.pop();
    if (quoted === undefined) continue;
    const key = JSON.parse(quoted) as string;
    const keys = open[open.length - 1];
    if (keys.has(key)) return key;
    keys.add(key);
  }
  return undefined;
}
