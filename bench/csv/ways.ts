/** `engine` writes no gzip, as the ways beside it; `engine-gzip` tells what that of the output costs. */
export const WAYS = ['engine', 'engine-gzip', 'csv-parse-stream', 'csv-parse-sync'] as const;
export type WayName = (typeof WAYS)[number];

/** Observations are most of an export; an encounter has five ids, one of which is new. */
export const TABLES = ['observations', 'encounters', 'patients'] as const;
export type TableName = (typeof TABLES)[number];
