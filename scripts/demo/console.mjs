/** What the demo prints: progress with elapsed time, tables, checks. Colour and moving lines on a terminal only. */

const HEARTBEAT_MS = 15_000;

export function createConsole({ stream = process.stdout, quiet = false } = {}) {
  const terminal = Boolean(stream.isTTY);
  const colour = terminal && !process.env.NO_COLOR;
  const paint = (code) => (text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const [bold, dim, green, red, yellow] = [1, 2, 32, 31, 33].map(paint);
  const started = Date.now();
  const elapsed = (since = started) => `${((Date.now() - since) / 1000).toFixed(1)} s`;
  const print = (line = '') => stream.write(`${line}\n`);
  const show = (line) => quiet || print(line);

  /** Runs one step of the demo and says how long it took. */
  async function step(title, work) {
    const since = Date.now();
    const moving = () =>
      stream.write(`\r${dim(elapsed().padStart(8))}  ${title} ${dim(`(${elapsed(since)})`)}\u001b[K`);
    const waiting = () => print(`${elapsed().padStart(8)}  ${title}: still at it (${elapsed(since)})`);
    const timer = setInterval(terminal ? moving : waiting, terminal ? 200 : HEARTBEAT_MS);
    const end = (mark) => {
      clearInterval(timer);
      print(
        `${terminal ? '\r\u001b[K' : ''}${dim(elapsed().padStart(8))}  ${title} ${mark} ${dim(`(${elapsed(since)})`)}`,
      );
    };
    try {
      const result = await work();
      end(green('done'));
      return result;
    } catch (error) {
      end(red('failed'));
      throw error;
    }
  }

  function heading(text) {
    show('');
    show(bold(text));
  }

  /** Rows of cells under a header; what is too wide for the screen is cut, the widest column first. */
  function table(header, rows) {
    const room = (terminal ? (stream.columns ?? 110) : 160) - 2 * header.length;
    const all = [header, ...rows].map((row) => row.map(String));
    const widths = header.map((_, column) => Math.max(...all.map((row) => row[column].length)));
    while (widths.reduce((sum, width) => sum + width) > room) {
      widths[widths.indexOf(Math.max(...widths))] -= 1;
    }
    all.forEach((row, index) => {
      const cells = row.map((cell, column) => cut(cell, widths[column]).padEnd(widths[column]));
      const line = `  ${cells.join('  ')}`.trimEnd();
      show(index === 0 ? dim(line) : line);
    });
  }

  return {
    step,
    heading,
    table,
    text: (line) => show(`  ${line}`),
    always: print,
    note: (line) => show(`  ${dim(line)}`),
    warn: (line) => print(yellow(line)),
    error: (line) => print(red(line)),
    passed: (line) => print(`          ${green('pass')}  ${line}`),
    failed: (line) => print(`          ${red('FAIL')}  ${line}`),
    elapsed,
  };
}

function cut(text, width) {
  return text.length <= width ? text : `${text.slice(0, width - 3)}...`;
}
