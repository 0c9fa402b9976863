import { isDeepStrictEqual } from 'node:util';

/** Collects what the demo promises and whether it came true. */
export function createChecks(screen) {
  const list = [];

  /** `name` is a sentence; it holds when `got` equals `expected`. */
  function check(name, got, expected = true) {
    const passed = isDeepStrictEqual(got, expected);
    list.push({ name, passed, ...(passed ? {} : { got, expected }) });
    if (passed) {
      screen.passed(name);
    } else {
      screen.failed(`${name}: got ${JSON.stringify(got)}, expected ${JSON.stringify(expected)}`);
    }
  }

  function skip(name, reason) {
    list.push({ name, skipped: reason });
    screen.warn(`          skip  ${name}: ${reason}`);
  }

  function summary() {
    const skipped = list.filter((item) => item.skipped).length;
    const passed = list.filter((item) => item.passed).length;
    return { passed, failed: list.length - passed - skipped, skipped };
  }

  return { check, skip, summary, list };
}
