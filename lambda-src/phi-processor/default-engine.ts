import type { Engine } from '../commit';
import { deidentify } from '../engine';
import { createTransform } from '../engine/fhir';
import { deriveSubKey, keyId } from '../engine/keys';

/** One way of turning the same input into the same bytes; a change of any output byte is a new version, and a new run. */
const ENGINE_VERSION = '1';

export const ENGINE: Engine = {
  version: ENGINE_VERSION,
  deidentify: async (input) => deidentify(input, createTransform),
  deriveSubKey,
  keyId,
};

export const RUNTIME = `nodejs${process.versions.node.split('.')[0]}`;
