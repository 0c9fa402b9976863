import { Duration, Lazy } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import { requireLogRetention } from '../../src/private/log-group';
import { requireDays, requireWithin } from '../../src/private/validation';

describe('requireWithin', () => {
  const check = (value: number | undefined) => () => requireWithin('size', value, 2, 6, 'omit it for 2');

  test.each([undefined, 2, 4, 6])('lets %s pass', (value) => expect(check(value)).not.toThrow());

  test.each([1, 7, 2.5, 0, -2, NaN, Infinity])('says of %s what, got and fix', (value) => {
    expect(check(value)).toThrow(`size must be a whole number from 2 to 6, got ${value}; omit it for 2`);
  });

  test('lets a token pass: its value is known at deployment only', () => {
    expect(check(Lazy.number({ produce: () => 99 }))).not.toThrow();
  });
});

describe('requireDays', () => {
  const check = (value: Duration | undefined) => () => requireDays('period', value, 90, 2560, 'omit it');

  test.each([undefined, Duration.days(90), Duration.hours(90 * 24), Duration.days(2560)])('lets %s pass', (value) => {
    expect(check(value)).not.toThrow();
  });

  test.each([
    [Duration.days(89), '89'],
    [Duration.days(2561), '2561'],
    [Duration.hours(90 * 24 + 12), '90.5'],
  ])('says of %s what, got and fix', (value, got) => {
    expect(check(value)).toThrow(`period must be from 90 to 2560 whole days, got ${got}; omit it`);
  });

  test('lets a token pass', () => {
    expect(check(Duration.days(Lazy.number({ produce: () => 1 })))).not.toThrow();
  });
});

describe('requireLogRetention', () => {
  test.each([undefined, logs.RetentionDays.SIX_YEARS, logs.RetentionDays.TEN_YEARS, logs.RetentionDays.INFINITE])(
    'A20 lets %s pass',
    (retention) => expect(() => requireLogRetention(retention)).not.toThrow(),
  );

  test.each([logs.RetentionDays.ONE_DAY, logs.RetentionDays.FIVE_YEARS])(
    'A20 says of %s days what, got and fix',
    (retention) => {
      expect(() => requireLogRetention(retention)).toThrow(
        `logRetention must be at least SIX_YEARS (2192 days, 45 CFR 164.316(b)(2)(i)), got ${retention} days; ` +
          'leave it out or take a longer one',
      );
    },
  );
});
