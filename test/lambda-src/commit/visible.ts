import { SOURCE_KEY, type Bench } from './bench';
import { unzipped } from './stand-in-engine';

/** Everything that a reader may find, with times and gzip headers left out; each object was written once. */
export function visible({ data, processed }: Pick<Bench, 'data' | 'processed'>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const store of [data, processed]) {
    for (const key of store.keys().filter((each) => each !== SOURCE_KEY)) {
      found[key] = key.endsWith('.gz') ? unzipped(store.bytes(key)) : withoutTimes(store.bytes(key).toString());
      expect(store.versionsOf(key)).toBe(1);
    }
  }
  return found;
}

function withoutTimes(manifest: string): string {
  return manifest.replace(/"(startedAt|endedAt)": "[^"]*"/g, '"$1": ""');
}
