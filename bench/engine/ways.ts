/** `engine` writes no gzip, as the ways beside it; `engine-gzip` tells what that of the output costs. */
export type WayName =
  | 'engine'
  | 'engine-gzip'
  | 'parse-stringify'
  | 'walk'
  | 'fhirpath'
  | 'fhirpath-compiled'
  | 'job'
  | 'job-by-hand'
  | 'gunzip-gzip';

export interface Way {
  readonly name: WayName;
  /** Reads and writes gzip. */
  readonly gzip: boolean;
  /** How much of the file is read: all, unless a way is too slow for that. */
  readonly bytes?: number;
}

export const WAYS: readonly Way[] = [
  { name: 'engine', gzip: false },
  { name: 'engine-gzip', gzip: false },
  { name: 'parse-stringify', gzip: false },
  { name: 'walk', gzip: false },
  { name: 'fhirpath', gzip: false, bytes: 1e7 },
  { name: 'fhirpath-compiled', gzip: false, bytes: 1e7 },
  { name: 'job', gzip: true },
  { name: 'job-by-hand', gzip: true },
  { name: 'gunzip-gzip', gzip: true },
];
