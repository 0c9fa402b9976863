export * from './context';
export * from './errors';
export * from './manifest';
export * from './object-store';
export * from './process-object';
export * from './pseudonym-key';
export * from './run-identity';
export { readManifest } from './stored-content';
