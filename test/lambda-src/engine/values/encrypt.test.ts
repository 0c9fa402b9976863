import { createCipheriv, createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { applyRule, KEY, NONE } from './apply-rule';
import { deriveSubKey } from '../../../../lambda-src/engine/keys';
import { decryptValue } from '../../../../lambda-src/engine/values/decrypt';

const texts = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 });

function encrypt(text: string, key = KEY): string {
  return applyRule({ method: 'encrypt' }, text, { key }).text!;
}

test('what is encrypted comes back under the key', () => {
  fc.assert(fc.property(texts, (text) => expect(decryptValue(KEY, encrypt(text))).toBe(text)));
});

test('is AES-256-CTR under an IV that is the HMAC of the text, as node:crypto does it', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const iv = createHmac('sha256', deriveSubKey(KEY, 'encrypt-iv')).update(text).digest().subarray(0, 16);
      const cipher = createCipheriv('aes-256-ctr', deriveSubKey(KEY, 'encrypt'), iv);
      expect(encrypt(text)).toBe(Buffer.concat([iv, cipher.update(text), cipher.final()]).toString('base64'));
    }),
  );
});

test('the same text is the same again, whoever the patient is, and counts as hashed', () => {
  const one = applyRule({ method: 'encrypt' }, 'Jane', { patient: 'one' });
  expect(applyRule({ method: 'encrypt' }, 'Jane', { patient: 'other' })).toEqual(one);
  expect(one.counts).toEqual({ ...NONE, hashed: 1 });
  expect(encrypt('Jan')).not.toBe(one.text);
});

test('a byte that was altered, another key and a text that is none of ours are refused without a word of the text', () => {
  const bytes = Buffer.from(encrypt('Jane Doe'), 'base64');
  const refused =
    /^the value must be one that this key has encrypted, got another; use the key that the manifest names$/;
  for (let i = 0; i < bytes.length; i++) {
    const altered = Buffer.from(bytes);
    altered[i] = 255 - altered[i];
    expect(() => decryptValue(KEY, altered.toString('base64'))).toThrow(refused);
  }
  expect(() => decryptValue(new Uint8Array(32).fill(8), bytes.toString('base64'))).toThrow(refused);
  expect(() => decryptValue(KEY, 'Jane')).toThrow(refused);
});
