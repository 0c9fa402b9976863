/**
 * Runs a program for as long as the one who started it lives: `node supervisor.mjs PROGRAM ARGS...`. The starter holds
 * the other end of standard input; it closes however the starter ends, even by SIGKILL, and then the whole process
 * group is stopped: the program and the functions that it runs.
 */
import { spawn } from 'node:child_process';

const GRACE_MS = 3000;

const [program, ...args] = process.argv.slice(2);
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
child.once('error', (error) => {
  console.error(error.message);
  process.exit(127);
});

let stopping = false;
function stop() {
  if (stopping) return;
  stopping = true;
  // The program alone, so that it can end and reap the functions that it runs.
  child.kill('SIGTERM');
  setTimeout(() => process.kill(-process.pid, 'SIGKILL'), GRACE_MS);
}

child.once('exit', (code) => {
  if (!stopping) process.exitCode = code ?? 1;
  // What is left of the group, with this process, which leads it.
  process.kill(-process.pid, 'SIGKILL');
});
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
process.stdin.on('end', stop).on('error', stop).resume();
