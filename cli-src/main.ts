import { run } from './cli';
import { terminal } from './io';

// AWS's client warns of the end of Node 20's support; that is for whoever builds this package to read, not for its users.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

void run(process.argv.slice(2), terminal()).then((code) => {
  process.exitCode = code;
});
