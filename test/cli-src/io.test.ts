import { PassThrough } from 'node:stream';
import { askOn } from '../../cli-src/io';

test('an answer is what stands on the line', async () => {
  const input = new PassThrough();
  input.end(' yes \n');
  expect(await askOn(input, new PassThrough(), 'Go on?')).toBe('yes');
});

test('an end of input is an empty answer, so that the command says that nothing was done', async () => {
  const input = new PassThrough();
  const asked = askOn(input, new PassThrough(), 'Go on?');
  input.end();
  expect(await asked).toBe('');
});
