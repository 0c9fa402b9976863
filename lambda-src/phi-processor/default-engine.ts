import type { Engine } from '../commit';
import { deidentify } from '../engine';
import { deriveSubKey, keyId } from '../engine/keys';
import { ENGINE_VERSION } from '../engine/version';

export const ENGINE: Engine = {
  version: ENGINE_VERSION,
  deidentify: async (input) => deidentify(input),
  deriveSubKey,
  keyId,
};

export const RUNTIME = `nodejs${process.versions.node.split('.')[0]}`;
