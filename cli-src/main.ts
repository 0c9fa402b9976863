import { run } from './cli';
import { terminal, unlessRead } from './io';

// AWS's client warns of the end of Node 20's support; that is for whoever builds this package to read, not for its users.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

let unwritten = 0;
unlessRead(process.stdout, (code) => {
  if (unwritten) return;
  process.stderr.write(`error: the output must be written, got ${code}; check where it goes\n`);
  process.exitCode = unwritten = 1;
});
// What cannot be said there cannot be said anywhere.
unlessRead(process.stderr, () => undefined);

void run(process.argv.slice(2), terminal()).then((code) => {
  process.exitCode = code || unwritten;
});
