import { createHmac } from 'node:crypto';
import { Hmac } from '../../../../lambda-src/engine/values/hmac';

function digestOf(hmac: Hmac, text: Uint8Array): string {
  const padded = Buffer.concat([Buffer.from('before'), text, Buffer.from('after')]);
  hmac.update(padded, 6, 6 + text.length);
  const digest = Buffer.alloc(32);
  hmac.digest.forEach((word, i) => digest.writeInt32BE(word, i * 4));
  return digest.toString('hex');
}

it.each([0, 1, 16, 32, 63, 64])('is the HMAC-SHA256 of a text of any length, under a key of %i bytes', (length) => {
  const key = Uint8Array.from({ length }, (_, i) => 255 - i * 3);
  const hmac = new Hmac(key);
  for (let size = 0; size <= 200; size++) {
    const text = Uint8Array.from({ length: size }, (_, i) => (i * 37 + size) % 256);
    expect(digestOf(hmac, text)).toBe(createHmac('sha256', key).update(text).digest('hex'));
  }
});

// RFC 4231, 4.2 and 4.3
it.each([
  [Buffer.alloc(20, 0x0b), 'Hi There', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
  [
    Buffer.from('Jefe'),
    'what do ya want for nothing?',
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  ],
])('is what RFC 4231 says', (key, text, digest) => {
  expect(digestOf(new Hmac(key), Buffer.from(text))).toBe(digest);
});

it('refuses a key of more than a block', () => {
  expect(() => new Hmac(new Uint8Array(65))).toThrow('hash it first');
});
