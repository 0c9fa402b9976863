import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';

import { Failure } from './failure.mjs';

const running = new Set();

/**
 * Runs a program to its end and returns its standard output. Everything it writes is appended to `log`; an exit code
 * other than 0 becomes a `Failure` that quotes the last lines.
 */
export function runProgram(command, args, { cwd, env = process.env, log, what, fix }) {
  return new Promise((resolve, reject) => {
    const out = [];
    const all = [];
    // A group of its own, so that stopping the program also stops what it started.
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    running.add(child);
    const keep = (chunk, lists) => {
      lists.forEach((list) => list.push(chunk));
      if (log) appendFileSync(log, chunk);
    };
    child.stdout.on('data', (chunk) => keep(chunk, [out, all]));
    child.stderr.on('data', (chunk) => keep(chunk, [all]));
    child.once('error', (error) => {
      running.delete(child);
      reject(new Failure({ what: `${what}: ${command} did not start`, got: error.message, fix }));
    });
    child.once('close', (code, signal) => {
      running.delete(child);
      if (code === 0) {
        resolve(Buffer.concat(out).toString());
      } else {
        const tail = Buffer.concat(all).toString().trim().split('\n').slice(-15).join('\n');
        const seeLog = log ? `the whole output is in ${log}` : undefined;
        const got = `${signal ? `signal ${signal}` : `exit code ${code}`}\n${tail}`;
        reject(new Failure({ what: `${what} failed`, got, fix: [fix, seeLog].filter(Boolean).join('; ') }));
      }
    });
  });
}

/** Stops what `runProgram` still runs. Synchronous, so that an exit handler may call it. */
export function stopPrograms() {
  for (const child of running) {
    try {
      process.kill(-child.pid, 'SIGTERM');
    } catch {
      // It ended by itself.
    }
  }
}
