import { parentPort, workerData } from 'node:worker_threads';
import { runOnce } from './run-once';
import type { TargetName } from './seeds';

export interface Assignment {
  readonly target: TargetName;
  readonly seed: number;
  readonly milliseconds: number;
}

/** `at`: this file is next. `fault`: this file did what must not be. `end`: files tried, and how they ended. */
export type Message =
  | { readonly kind: 'at'; readonly seed: number }
  | { readonly kind: 'fault'; readonly seed: number; readonly fault: string }
  | { readonly kind: 'end'; readonly files: number; readonly outcomes: Readonly<Record<string, number>> };

async function main({ target, seed: first, milliseconds }: Assignment): Promise<void> {
  const say = (message: Message): void => parentPort!.postMessage(message);
  const until = Date.now() + milliseconds;
  const outcomes: Record<string, number> = {};
  let seed = first;
  do {
    say({ kind: 'at', seed });
    const { fault, outcome } = await runOnce(target, seed);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (fault !== undefined) say({ kind: 'fault', seed, fault });
    seed++;
  } while (Date.now() < until);
  say({ kind: 'end', files: seed - first, outcomes });
}

void main(workerData as Assignment);
