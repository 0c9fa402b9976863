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

  /** Rows of cells under a header, cut to the width of the screen. */
  function table(header, rows) {
    const width = terminal ? (stream.columns ?? 100) : 110;
    const most = Math.max(20, Math.floor((width - 4) / header.length) - 2);
    const cells = [header, ...rows].map((row) =>
      row.map((cell) => cut(String(cell), header.length > 1 ? most : width - 4)),
    );
    const widths = header.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
    cells.forEach((row, index) => {
      const line = `  ${row.map((cell, column) => cell.padEnd(widths[column])).join('  ')}`.trimEnd();
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
