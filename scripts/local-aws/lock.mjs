import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { workFolder } from './paths.mjs';

const GRACE_MS = 5000;

/** Runs `work` while no other run on this machine does: two runs side by side share an environment and bundles. */
export async function withLock(name, work) {
  const lock = path.join(workFolder, `${name}.lock`);
  mkdirSync(workFolder, { recursive: true });
  const since = Date.now();
  while (!take(lock)) {
    // A lock without a living owner: its run was killed, perhaps between making the folder and writing its id.
    if (!isAlive(ownerOf(lock)) && Date.now() - since > GRACE_MS) rmSync(lock, { recursive: true, force: true });
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function take(lock) {
  try {
    mkdirSync(lock);
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
  writeFileSync(path.join(lock, 'pid'), String(process.pid));
  return true;
}

function ownerOf(lock) {
  try {
    return Number(readFileSync(path.join(lock, 'pid'), 'utf8'));
  } catch {
    return undefined;
  }
}

export function isAlive(pid) {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
