import {
  DatabaseError,
  databaseErrorOf,
  isConnectionLost,
} from '../../../../lambda-src/patient-records/database/database-error';

test.each([
  ['57P01', true],
  ['57P03', true],
  ['57P05', true],
  ['08006', true],
  ['25006', true],
  ['ECONNRESET', true],
  ['EPIPE', true],
  [undefined, true],
  ['28P01', false],
  ['42501', false],
  ['23505', false],
  ['57014', false],
])('B5 after %s a new connection is tried: %s', (code, tried) => {
  expect(isConnectionLost(Object.assign(new Error('canary'), { code }))).toBe(tried);
});

test('B5 what we refuse ourselves is not tried again', () => {
  expect(isConnectionLost(new DatabaseError('DATABASE_SCHEMA_NEWER'))).toBe(false);
});

test.each([
  [{ code: '28P01', message: 'canary' }, 'DATABASE_28P01'],
  [{ code: 'ECONNREFUSED', message: 'canary' }, 'DATABASE_ECONNREFUSED'],
  [{ code: 'canary with spaces' }, 'DATABASE_NO_ANSWER'],
  [{ message: 'The server does not support SSL connections' }, 'DATABASE_NO_TLS'],
  [new Error('canary'), 'DATABASE_NO_ANSWER'],
  ['canary', 'DATABASE_NO_ANSWER'],
  [undefined, 'DATABASE_NO_ANSWER'],
])('B5 a failure is told by its code alone: %#', (failure, code) => {
  const error = databaseErrorOf(failure);
  expect(error).toMatchObject({ code, message: code });
  expect(String(error.stack)).not.toContain('canary');
  expect(databaseErrorOf(error)).toBe(error);
});
