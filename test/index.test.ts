import * as library from '../src';

test('loads from the package root', () => {
  expect(library).toBeDefined();
});
