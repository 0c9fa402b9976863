import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Names } from '../../src/private/naming';
import { testStack, text } from '../support/synth';

const names = (props = {}, context = {}, region?: string) => {
  const { stack } = testStack({ context, env: region ? { account: '111122223333', region } : undefined });
  return { stack, names: new Names(stack, props) };
};

describe('environment', () => {
  test('A24 the suffix is the prop, else the context, else dev', () => {
    expect(names({ environmentSuffix: 'prod' }, { environmentSuffix: 'test' }).names.environment).toBe('prod');
    expect(names({}, { environmentSuffix: 'test' }).names.environment).toBe('test');
    expect(names().names.environment).toBe('dev');
  });

  test('A24 a suffix in the context that is no string is an error', () => {
    expect(() => names({}, { environmentSuffix: 7 })).toThrow(
      'context environmentSuffix must be a string, got number; write it in quotes',
    );
  });

  test.each([
    ['environmentSuffix', 'x'.repeat(16), 'x'.repeat(17)],
    ['namePrefix', 'x'.repeat(20), 'x'.repeat(21)],
  ])('A24 %s passes at its longest and not beyond', (prop, longest, tooLong) => {
    expect(() => names({ [prop]: longest })).not.toThrow();
    expect(() => names({ [prop]: tooLong })).toThrow(
      `${prop} must be 1 to ${longest.length} lower-case letters, digits or inner hyphens, got "${tooLong}"; ` +
        'shorten it or replace the other characters',
    );
  });

  test.each(['', 'Prod', 'a_b', '-a', 'a-', 'a.b', 'a b', 'ä', 'a\n'])(
    'A24 illegal name part %j is an error',
    (value) => {
      expect(() => names({ environmentSuffix: value })).toThrow(/^environmentSuffix must be/);
      expect(() => names({ namePrefix: value })).toThrow(/^namePrefix must be/);
    },
  );

  test.each(['a', '0', 'a-b', 'a--b', '2024'])('A24 legal name part %j passes', (value) => {
    expect(() => names({ environmentSuffix: value, namePrefix: value })).not.toThrow();
  });

  test('A24 a token is an error: names must be known at synth', () => {
    const stack = new Stack(new App(), 'Test');
    const parameter = new CfnParameter(stack, 'Suffix').valueAsString;
    expect(() => new Names(stack, { environmentSuffix: parameter })).toThrow(
      'environmentSuffix must be known at synth, got a token; pass a literal or set it in the context',
    );
    expect(() => new Names(stack, { namePrefix: parameter })).toThrow(/^namePrefix must be known at synth/);
  });
});

describe('forms', () => {
  test('A1 a bucket is {prefix}-{type}-{random4}-{env}, random4 from the stack id', () => {
    const { stack, names: made } = names({ namePrefix: 'claims', environmentSuffix: 'prod' });
    const name = stack.resolve(made.bucket('data'));
    expect(name['Fn::Join'][1][0]).toBe('claims-data-');
    expect(name['Fn::Join'][1][2]).toBe('-prod');
    // arn:aws:cloudformation:us-east-1:111122223333:stack/Claims/1b2c3d4e-1111-2222-abcd-0123456789ab
    expect(name['Fn::Join'][1][1]).toEqual({
      'Fn::Select': [3, { 'Fn::Split': ['-', { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }] }],
    });
  });

  test('A1 bucketSuffix takes the place of random4, by prop or else by context', () => {
    expect(names().names.bucket('data', 'ab12')).toBe('healthcare-data-ab12-dev');
    expect(names({}, { bucketSuffix: 'ctx' }).names.bucket('data')).toBe('healthcare-data-ctx-dev');
    expect(names({}, { bucketSuffix: 'ctx' }).names.bucket('data', 'ab12')).toBe('healthcare-data-ab12-dev');
  });

  test.each(['toolongsuffix', 'A', '', '-a'])('A1 bucketSuffix %j is an error', (value) => {
    expect(() => names().names.bucket('data', value)).toThrow(/^bucketSuffix must be 1 to 12 lower-case letters/);
    expect(() => names({}, { bucketSuffix: value }).names.bucket('data')).toThrow(/^bucketSuffix must be/);
  });

  test('A24 A25 names that are global in an account hold the region, as a reference where it is not known', () => {
    const agnostic = names();
    expect(text(agnostic.stack.resolve(agnostic.names.global('processor')))).toBe(
      'healthcare-processor-${AWS::Region}-dev',
    );
    expect(names({}, {}, 'eu-west-1').names.global('processor')).toBe('healthcare-processor-eu-west-1-dev');
    expect(names().names.regional('trail')).toBe('healthcare-trail-dev');
  });

  test('A24 a bucket name has 63 characters at most, a role name 64', () => {
    const longest = { namePrefix: 'p'.repeat(20), environmentSuffix: 'e'.repeat(16) };
    // 20 + 1 + type + 1 + 12 + 1 + 16
    expect(names(longest).names.bucket('t'.repeat(12), 's'.repeat(12))).toHaveLength(63);
    expect(() => names(longest).names.bucket('t'.repeat(13), 's'.repeat(12))).toThrow(
      'bucket name must be at most 63 characters, got 64; shorten namePrefix or environmentSuffix',
    );
    expect(names(longest, {}, 'us-east-1').names.global('t'.repeat(16))).toHaveLength(64);
    expect(() => names(longest, {}, 'us-east-1').names.global('t'.repeat(17))).toThrow(
      'role, policy or dashboard name must be at most 64 characters, got 65; shorten namePrefix or environmentSuffix',
    );
  });

  test('A24 A25 where the region is not known, room is kept for the longest', () => {
    const longest = { namePrefix: 'p'.repeat(20), environmentSuffix: 'e'.repeat(16) };
    const fits = 64 - 20 - 16 - 3 - 'ap-southeast-1'.length;
    expect(() => names(longest).names.global('t'.repeat(fits))).not.toThrow();
    expect(() => names(longest).names.global('t'.repeat(fits + 1))).toThrow(/got 65/);
  });
});

describe('claims', () => {
  const place = (app: App, id: string, region?: string, account = '111122223333') =>
    new Names(new Stack(app, id, { env: region ? { account, region } : undefined }), {});

  test('A24 a fixed name taken twice in one account and region is an error that names both parts and the fix', () => {
    const app = new App();
    place(app, 'A', 'us-east-1').claim('trail', 'healthcare-trail-dev');
    const second = place(app, 'B', 'us-east-1');
    expect(() => second.claim('trail', 'healthcare-trail-dev')).toThrow(
      'trail name "healthcare-trail-dev" must be unique in an account and region, got it for both A and B; ' +
        'give one of them another environmentSuffix or namePrefix',
    );
    expect(() => second.claim('topic', 'healthcare-trail-dev')).not.toThrow();
  });

  test('A24 the same name in another region, account or app is fine', () => {
    const app = new App();
    place(app, 'A', 'us-east-1').claim('trail', 'name');
    expect(() => place(app, 'B', 'us-east-2').claim('trail', 'name')).not.toThrow();
    expect(() => place(app, 'C', 'us-east-1', '444455556666').claim('trail', 'name')).not.toThrow();
    expect(() => place(new App(), 'A', 'us-east-1').claim('trail', 'name')).not.toThrow();
  });

  test('A1 a bucket name collides within a stack; with a literal suffix everywhere, since buckets are global', () => {
    const app = new App();
    const first = place(app, 'A', 'us-east-1');
    const second = place(app, 'B', 'eu-west-1');
    first.claimBucket('data');
    expect(() => first.claimBucket('data')).toThrow(/^bucket name "healthcare-data-\{random4\}-dev" must be unique/);
    expect(() => second.claimBucket('data')).not.toThrow();
    first.claimBucket('data', 'ab12');
    expect(() => second.claimBucket('data', 'ab12')).toThrow(/^bucket name "healthcare-data-ab12-dev" must be unique/);
  });
});
