import { describeError } from '../local-aws/failure.mjs';

/** Progress with the seconds since the start, and a count of what was tested. */
export function createReport(requirement) {
  const start = Date.now();
  let passed = 0;
  let failed = 0;

  function say(part, text) {
    const seconds = ((Date.now() - start) / 1000).toFixed(1).padStart(6);
    console.log(`[${seconds} s] ${part.padEnd(10)} ${text}`);
  }

  /** `name` is a sentence; it fails when `body` throws. */
  async function test(part, name, body) {
    try {
      await body();
      passed += 1;
      say(part, `pass  ${requirement} ${name}`);
    } catch (error) {
      failed += 1;
      say(part, `FAIL  ${requirement} ${name}`);
      console.log(describeError(error).join('\n').replace(/^/gm, '    '));
    }
  }

  function end() {
    console.log(`${passed} passed, ${failed} failed, 0 skipped`);
    return failed;
  }

  return { say, test, end };
}
