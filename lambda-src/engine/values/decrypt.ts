import { createDecipheriv, timingSafeEqual } from 'node:crypto';
import { ALGORITHM, Encryption, IV } from './encrypt';

/**
 * What the method `encrypt` has encrypted, for those who hold the pipeline's key: the function itself never asks.
 *
 * @param key of the pipeline, 32 bytes
 * @param base64 a value of the output, as it stands there
 * @throws Error where the text was not encrypted under this key; it says nothing of the text
 */
export function decryptValue(key: Uint8Array, base64: string): string {
  const encryption = new Encryption(key);
  const all = Buffer.from(base64, 'base64');
  const iv = all.subarray(0, IV);
  if (iv.length < IV) throw refused();
  const decipher = createDecipheriv(ALGORITHM, encryption.key, iv);
  const text = Buffer.concat([decipher.update(all.subarray(IV)), decipher.final()]);
  if (!timingSafeEqual(encryption.ivOf(text, 0, text.length), iv)) throw refused();
  return text.toString('utf8');
}

function refused(): Error {
  return new Error(
    'the value must be one that this key has encrypted, got another; use the key that the manifest names',
  );
}
