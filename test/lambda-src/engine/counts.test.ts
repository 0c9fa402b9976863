import { Counts, sumOf } from '../../../lambda-src/engine/counts';

test('counts of a record that is not written are taken back, those before it are not', () => {
  const counts = new Counts();
  counts.redacted = counts.hashed = counts.generalized = counts.shifted = 1;
  counts.mark();
  Object.assign(counts, { redacted: 2, hashed: 3, generalized: 4, shifted: 5 });
  counts.takeBack();
  expect(counts).toMatchObject({ redacted: 1, hashed: 1, generalized: 1, shifted: 1 });
});

test('a sum is one of each kind', () => {
  const sum = sumOf(
    { redacted: 1, hashed: 2, generalized: 3, shifted: 4 },
    { redacted: 10, hashed: 20, generalized: 30, shifted: 40 },
  );
  expect(sum).toEqual({ redacted: 11, hashed: 22, generalized: 33, shifted: 44 });
});
