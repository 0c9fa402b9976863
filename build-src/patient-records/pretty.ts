const WIDTH = 120;
const INDENT = '  ';

/** JSON as a person would lay it out: on one line what fits there, the rest a member a line. */
export function pretty(value: unknown, room: number = 0, indent: string = ''): string {
  const line = oneLine(value);
  if (typeof value !== 'object' || value === null || indent.length + room + line.length <= WIDTH) return line;
  const inner = indent + INDENT;
  const members = Array.isArray(value)
    ? value.map((item) => pretty(item, 1, inner))
    : Object.entries(value).map(([key, item]) => {
        const name = `${JSON.stringify(key)}: `;
        return name + pretty(item, name.length + 1, inner);
      });
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${members.map((member) => inner + member).join(',\n')}\n${indent}${close}`;
}

function oneLine(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${oneLine(item)}`);
  return members.length > 0 ? `{ ${members.join(', ')} }` : '{}';
}
