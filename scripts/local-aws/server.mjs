import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { localEnvironment, serverEnvironment } from './environment.mjs';
import { Failure } from './failure.mjs';

const supervisor = path.join(path.dirname(fileURLToPath(import.meta.url)), 'supervisor.mjs');
const HEALTH_TIMEOUT_MS = 60_000;
const ATTEMPTS = 3;
const STOP_TIMEOUT_MS = 10_000;

/**
 * Starts local AWS on a free port of 127.0.0.1 and waits until it answers. `folder` receives its log and temporary
 * files. It ends with `stop()`, and at the latest with this process.
 */
export async function startLocalAws({ program, folder }) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOn(await freePort(), { program, folder });
    } catch (error) {
      // Between asking for a free port and using it, another program may take it.
      if (attempt === ATTEMPTS || !/already in use/.test(error.got)) throw error;
    }
  }
}

async function startOn(port, { program, folder }) {
  const endpoint = `http://127.0.0.1:${port}`;
  const log = path.join(folder, 'local-aws.log');
  const temp = path.join(folder, 'tmp');
  mkdirSync(temp, { recursive: true });

  const env = localEnvironment(endpoint, folder);
  const out = openSync(log, 'a');
  // Detached: a group of its own, which the supervisor stops as a whole.
  const child = spawn(process.execPath, [supervisor, program], {
    detached: true,
    env: serverEnvironment(env, { port, temp }),
    stdio: ['pipe', out, out],
  });
  child.stdin.on('error', () => {});
  let ended = false;
  const end = new Promise((resolve) => child.once('exit', resolve)).then(() => (ended = true));

  const stop = async () => {
    child.stdin.end();
    await Promise.race([end, sleep(STOP_TIMEOUT_MS, undefined, { ref: false })]);
    if (!ended) process.kill(-child.pid, 'SIGKILL');
  };
  try {
    await waitForHealth({ endpoint, port, log, hasEnded: () => ended });
  } catch (error) {
    await stop();
    throw error;
  }
  return { endpoint, port, env, log, stop };
}

async function waitForHealth({ endpoint, port, log, hasEnded }) {
  const fix = `read ${log}, then run again: each run takes a free port`;
  const deadline = Date.now() + HEALTH_TIMEOUT_MS;
  let last = 'no answer';
  while (Date.now() < deadline) {
    if (hasEnded()) {
      throw new Failure({ what: 'local AWS ended while it started', got: lastLines(log), fix });
    }
    try {
      const answer = await fetch(`${endpoint}/_ministack/health`, { signal: AbortSignal.timeout(2000) });
      // Whoever answers must be ours: with the port taken, our own has just ended.
      if (answer.ok) {
        await sleep(100);
        if (!hasEnded()) return;
      }
      last = `HTTP ${answer.status}`;
    } catch (error) {
      last = error.cause?.code ?? error.name;
    }
    await sleep(150);
  }
  const what = `local AWS did not answer within ${HEALTH_TIMEOUT_MS / 1000} s on 127.0.0.1:${port}`;
  throw new Failure({ what, got: `${last}\n${lastLines(log)}`, fix });
}

function lastLines(file) {
  return readFileSync(file, 'utf8').trim().split('\n').slice(-8).join('\n');
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
