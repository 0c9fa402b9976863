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
  // This process leads the group, so it must outlive its own signal to send the second one.
  process.kill(-process.pid, 'SIGTERM');
  setTimeout(() => process.kill(-process.pid, 'SIGKILL'), GRACE_MS);
}

child.once('exit', (code) => {
  if (!stopping) process.exitCode = code ?? 1;
  // Functions may outlive the program that started them: end what is left of the group at once.
  process.kill(-process.pid, 'SIGKILL');
});
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
process.stdin.on('end', stop).on('error', stop).resume();
