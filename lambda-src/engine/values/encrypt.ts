import { createCipheriv } from 'node:crypto';
import { deriveSubKey } from '../keys';
import { hmacOf } from './hmac';

export const ALGORITHM = 'aes-256-ctr';
export const IV = 16;

/**
 * AES-256 in counter mode under an IV made of the text (as SIV does, RFC 5297): the first 128 bits of its HMAC-SHA256
 * under a second sub-key. What is written is base64 of the IV and the ciphertext. Nobody without the key can read it or
 * alter it unseen, for the IV must fit the text that comes out; and a retry writes the same bytes.
 *
 * The price of that is that equal texts look equal; and the length of a text shows, as always.
 */
export class Encryption {
  public readonly key: Buffer;
  private readonly ivKey: Buffer;

  /** @param key of the pipeline */
  constructor(key: Uint8Array) {
    this.key = deriveSubKey(key, 'encrypt');
    this.ivKey = deriveSubKey(key, 'encrypt-iv');
  }

  /** The text `bytes[from, to)` in base64. */
  public encrypt(bytes: Uint8Array, from: number, to: number): string {
    const iv = this.ivOf(bytes, from, to);
    const cipher = createCipheriv(ALGORITHM, this.key, iv);
    return Buffer.concat([iv, cipher.update(bytes.subarray(from, to)), cipher.final()]).toString('base64');
  }

  /** The IV that a text has. */
  public ivOf(bytes: Uint8Array, from: number, to: number): Buffer {
    return hmacOf(this.ivKey, bytes, from, to).subarray(0, IV);
  }
}
