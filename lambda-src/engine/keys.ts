import { createHmac } from 'node:crypto';

/** What a sub-key is for. A key of one purpose never tells anything about what another one made. */
export type KeyPurpose = 'pseudonym' | 'run' | 'source' | 'date-shift' | 'perturb' | 'encrypt' | 'encrypt-iv';

/** Bound into every derivation: a new version here is a new set of pseudonyms. */
const DOMAIN = 'cdk-hipaa-pipeline/v1/';

/** HMAC-SHA256 as a key derivation: one block of HKDF-Expand, which is enough for a 256-bit key out of a uniform one. */
export function deriveSubKey(key: Uint8Array, purpose: KeyPurpose): Buffer {
  return createHmac('sha256', key).update(`${DOMAIN}key/${purpose}`).update(Uint8Array.of(1)).digest();
}

/** Names a key without telling anything of it: 16 hex digits for manifests and run ids. */
export function keyId(key: Uint8Array): string {
  return createHmac('sha256', key).update(`${DOMAIN}key-id`).digest('hex').slice(0, 16);
}
