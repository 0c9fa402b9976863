import type { ObjectStore } from '../../../lambda-src/commit';

/** Waits until it is this actor's turn to make its next call. */
export type Turn = () => Promise<void>;

/**
 * Lets actors take turns, a call at a time, in the order of `choices`: at each point where more than one could go on, the
 * number of the one that does. Where the choices end, the first goes on.
 *
 * @returns what the actors returned, and every choice that was made, with the number of those there were
 */
export async function interleaved<T>(
  actors: ReadonlyArray<(turn: Turn) => Promise<T>>,
  choices: readonly number[],
): Promise<{ readonly results: T[]; readonly made: Array<{ readonly chosen: number; readonly of: number }> }> {
  const waiting = actors.map((): Array<() => void> => []);
  const done = actors.map(() => false);
  let wake = (): void => undefined;
  const running = actors.map(async (actor, index) => {
    try {
      return await actor(
        async () =>
          new Promise<void>((resolve) => {
            waiting[index].push(resolve);
            wake();
          }),
      );
    } finally {
      done[index] = true;
      wake();
    }
  });
  const results = Promise.all(running);
  results.catch(() => undefined);

  const made: Array<{ chosen: number; of: number }> = [];
  const settled = () => actors.every((_, index) => done[index] || waiting[index].length > 0);
  while (!done.every(Boolean)) {
    while (!settled()) await new Promise<void>((resolve) => (wake = resolve));
    const ready = waiting.filter((calls) => calls.length > 0);
    if (ready.length === 0) break;
    const chosen = ready.length > 1 ? (choices[made.length] ?? 0) : 0;
    if (ready.length > 1) made.push({ chosen, of: ready.length });
    ready[chosen].shift()!();
  }
  return { results: await results, made };
}

/** The choices that come after these in a walk through all of them; none at the end. */
export function nextChoices(
  made: ReadonlyArray<{ readonly chosen: number; readonly of: number }>,
): number[] | undefined {
  for (let last = made.length - 1; last >= 0; last--) {
    const { chosen, of } = made[last];
    if (chosen + 1 < of) return [...made.slice(0, last).map((each) => each.chosen), chosen + 1];
  }
  return undefined;
}

/** The store as one actor sees it: each of the named calls waits for a turn. */
export function gated<S extends ObjectStore>(store: S, turn: Turn, gatedCalls: ReadonlyArray<keyof ObjectStore>): S {
  return new Proxy(store, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]): Promise<unknown> => {
        if (gatedCalls.includes(name as keyof ObjectStore)) await turn();
        return value.apply(target, args) as unknown;
      };
    },
  });
}
