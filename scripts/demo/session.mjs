import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import { describeError } from '../local-aws/failure.mjs';
import { isAlive } from '../local-aws/lock.mjs';
import { projectRoot, workFolder } from '../local-aws/paths.mjs';
import { stopPrograms } from '../local-aws/run-program.mjs';

const RUN = /^run-(\d+)$/;

/** A folder for the logs and files of this run; those of runs that are over are removed. */
function makeRunFolder() {
  mkdirSync(workFolder, { recursive: true });
  for (const name of readdirSync(workFolder)) {
    const pid = Number(RUN.exec(name)?.[1]);
    if (pid && !isAlive(pid)) rmSync(path.join(workFolder, name), { recursive: true, force: true });
  }
  const folder = path.join(workFolder, `run-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * Runs `main` and ends everything that it started, however it ends. `main` gets the run's folder, and `onEnd` for what
 * has to be stopped; it returns the exit code.
 */
export async function runSession(screen, main) {
  const folder = makeRunFolder();
  const endings = [];
  let ending;
  const end = () => {
    ending ??= (async () => {
      stopPrograms();
      for (const stop of endings.reverse()) await stop();
      rmSync(path.join(folder, 'tmp'), { recursive: true, force: true });
    })();
    return ending;
  };
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ]) {
    process.once(signal, () => {
      screen.always('');
      void end().finally(() => process.exit(code));
    });
  }
  try {
    process.exitCode = await main({
      folder,
      log: path.join(folder, 'programs.log'),
      onEnd: (stop) => endings.push(stop),
    });
  } catch (error) {
    // After a signal, what was under way fails because it was stopped.
    if (!ending) {
      describeError(error).forEach(screen.error);
      screen.error(`  logs: ${path.relative(projectRoot, folder)}`);
    }
    process.exitCode = 1;
  } finally {
    await end();
  }
}
