import type { Engine } from '../commit';
import { deidentify } from '../engine';
import { createTransform } from '../engine/fhir';
import { deriveSubKey, keyId } from '../engine/keys';
import { ENGINE_VERSION } from '../engine/version';

export const ENGINE: Engine = {
  version: ENGINE_VERSION,
  deidentify: async (input) => deidentify(input, createTransform),
  deriveSubKey,
  keyId,
};

export const RUNTIME = `nodejs${process.versions.node.split('.')[0]}`;
