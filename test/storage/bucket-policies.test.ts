import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { HipaaKeyring, PhiBucketSet } from '../../src';
import {
  bothWays,
  bySid,
  entries,
  json,
  list,
  one,
  resources,
  statementsOf,
  synth,
  TemplateJson,
  text,
  texts,
} from '../support/synth';

const policy = (template: TemplateJson, type: 'AccessLogs' | 'Data' | 'Processed') =>
  one(template, 'AWS::S3::BucketPolicy', new RegExp(`Buckets${type}Bucket`));
const build = (stack: Stack) => new PhiBucketSet(stack, 'Buckets', { keyring: new HipaaKeyring(stack, 'Keyring') });
const ANYONE = { AWS: '*' };

/** What a put would meet: header values by condition key, absent when not there. */
type Put = Record<string, string>;
const ALGORITHM = 's3:x-amz-server-side-encryption';
const KEY = 's3:x-amz-server-side-encryption-aws-kms-key-id';
const CUSTOMER = 's3:x-amz-server-side-encryption-customer-algorithm';

/** IAM's evaluation of the three operators, as AWS documents it: a negated operator is true where the key is absent. */
function denied(template: TemplateJson, type: 'AccessLogs' | 'Data' | 'Processed', put: Put): boolean {
  return statementsOf(policy(template, type))
    .filter(
      ({ Effect, Action }) => text(Effect) === 'Deny' && texts(Action).some((action) => action === 's3:PutObject'),
    )
    .filter(({ Condition }) =>
      Object.keys(Condition ?? {}).every((operator) => ['StringEquals', 'StringNotEquals', 'Null'].includes(operator)),
    )
    .some(({ Condition, Sid }) => {
      if (text(Sid).startsWith('DenyKeyObject')) return false;
      const notEquals = Object.entries(Condition.StringNotEquals ?? {}).every(
        ([key, value]) => put[key] !== text(value),
      );
      const equals = Object.entries(Condition.StringEquals ?? {}).every(([key, value]) => put[key] === text(value));
      const absent = Object.entries(Condition.Null ?? {}).every(
        ([key, value]) => (put[key] === undefined) === (text(value) === 'true'),
      );
      return equals && notEquals && absent;
    });
}

let template: TemplateJson;
let dataKey: string;
beforeAll(() => {
  template = synth(build);
  dataKey = `\${${entries(template, 'AWS::KMS::Key')
    .map(([id]) => id)
    .find((id) => /DataKey/.test(id))}.Arn}`;
});

describe('puts', () => {
  const wrong: [string, Put][] = [
    ['under another key', { [ALGORITHM]: 'aws:kms', [KEY]: 'arn:aws:kms:us-east-1:111122223333:key/other' }],
    ['with AES256', { [ALGORITHM]: 'AES256' }],
    ['with two layers of KMS', { [ALGORITHM]: 'aws:kms:dsse', [KEY]: 'same' }],
    ['with KMS but no key, which is aws/s3', { [ALGORITHM]: 'aws:kms' }],
    ['with a key of the caller', { [CUSTOMER]: 'AES256' }],
  ];

  test.each(wrong)('A2 A7 data and processed deny puts %s', (_how, put) => {
    expect(denied(template, 'Data', put)).toBe(true);
    expect(denied(template, 'Processed', put)).toBe(true);
  });

  test('A2 a put without headers, or with the right ones, is not denied', () => {
    for (const put of [{} as Put, { [ALGORITHM]: 'aws:kms', [KEY]: dataKey }]) {
      expect(denied(template, 'Data', put)).toBe(false);
      expect(denied(template, 'Processed', put)).toBe(false);
    }
  });

  test('A2 the twins: without Null a normal upload is denied, without StringNotEquals a right one, without the statement a wrong one is not', () => {
    const weakened = (change: (copy: TemplateJson) => void) => {
      const copy = structuredClone(template);
      change(copy);
      return copy;
    };
    const noNull = weakened((copy) => delete bySid(policy(copy, 'Data'), 'DenyOtherEncryption').Condition.Null);
    expect(denied(noNull, 'Data', {})).toBe(true);
    const noCompare = weakened((copy) => delete bySid(policy(copy, 'Data'), 'DenyOtherKey').Condition.StringNotEquals);
    expect(denied(noCompare, 'Data', { [ALGORITHM]: 'aws:kms', [KEY]: dataKey })).toBe(true);
    for (const [, put] of wrong) {
      const noDenies = weakened((copy) => (policy(copy, 'Data').Properties.PolicyDocument.Statement = json([])));
      expect(denied(noDenies, 'Data', put)).toBe(false);
    }
  });

  test('A2 the access-log bucket denies no encryption: its delivery would fail', () => {
    for (const [, put] of wrong) expect(denied(template, 'AccessLogs', put)).toBe(false);
  });

  test('A2 the denies are for everyone and every object', () => {
    for (const type of ['Data', 'Processed'] as const) {
      for (const sid of ['DenyOtherEncryption', 'DenyOtherKey', 'DenyKmsWithoutKey', 'DenyCustomerProvidedKey']) {
        const statement = bySid(policy(template, type), sid);
        expect(statement.Principal).toEqual(ANYONE);
        expect(text(statement.Resource)).toMatch(new RegExp(`^\\$\\{Buckets${type}Bucket\\w+\\.Arn\\}/\\*$`));
      }
    }
  });
});

describe('transport', () => {
  const guards = (checked: TemplateJson) =>
    ['Data', 'Processed', 'AccessLogs'].flatMap((type) => {
      const denies = statementsOf(policy(checked, type as 'Data')).filter(
        ({ Effect, Action, Principal, Resource }) =>
          text(Effect) === 'Deny' &&
          text(Action) === 's3:*' &&
          text(Principal.AWS) === '*' &&
          list(Resource).length === 2,
      );
      const conditions = denies.map(({ Condition }) => JSON.stringify(Condition));
      return [
        '{"Bool":{"aws:SecureTransport":"false"}}',
        '{"Bool":{"aws:SecureTransport":false}}',
        '{"NumericLessThan":{"s3:TlsVersion":1.2}}',
      ].flatMap((condition) => (conditions.includes(condition) ? [] : [`${type} lacks ${condition}`]));
    });

  test('A7 plain HTTP and TLS below 1.2 are denied to everyone, on bucket and objects', () => {
    const drop = (type: 'AccessLogs' | 'Data' | 'Processed', part: string) => (copy: TemplateJson) => {
      const document = policy(copy, type).Properties.PolicyDocument;
      document.Statement = json(
        list(document.Statement).filter((statement) => !JSON.stringify(statement).includes(part)),
      );
    };
    bothWays(
      template,
      guards,
      drop('Data', 'SecureTransport'),
      drop('Processed', 'TlsVersion'),
      drop('AccessLogs', 'SecureTransport'),
      (copy) =>
        (bySid(policy(copy, 'Data'), 'DenyPlainHttp').Principal = json({ AWS: 'arn:aws:iam::111122223333:root' })),
      (copy) => list(bySid(policy(copy, 'Data'), 'DenyPlainHttp').Resource).pop(),
    );
  });
});

describe('access logs', () => {
  test('A4 A14 S3 log delivery may put objects for the named source buckets of this account, and nothing else is allowed', () => {
    const allows = statementsOf(policy(template, 'AccessLogs')).filter(({ Effect }) => text(Effect) === 'Allow');
    expect(allows).toHaveLength(1);
    expect(allows[0]).toMatchObject({ Principal: { Service: 'logging.s3.amazonaws.com' }, Action: 's3:PutObject' });
    expect(allows[0].Condition.StringEquals).toEqual({ 'aws:SourceAccount': { Ref: 'AWS::AccountId' } });
    expect(texts(allows[0].Condition.ArnEquals['aws:SourceArn'])).toEqual([
      expect.stringMatching(/^arn:\$\{AWS::Partition\}:s3:::healthcare-data-/),
      expect.stringMatching(/^arn:\$\{AWS::Partition\}:s3:::healthcare-processed-/),
    ]);
  });

  test('A4 one more source is admitted once', () => {
    const more = synth((stack) => {
      const made = build(stack);
      made.admitAccessLogSource('arn:aws:s3:::more');
      made.admitAccessLogSource('arn:aws:s3:::more');
    });
    const sources = texts(
      bySid(policy(more, 'AccessLogs'), 'AllowServerAccessLogs').Condition.ArnEquals['aws:SourceArn'],
    );
    expect(sources).toHaveLength(3);
    expect(sources[2]).toBe('arn:aws:s3:::more');
  });

  test('A1 A22 no bucket policy allows anything to everyone', () => {
    const open = (checked: TemplateJson) =>
      resources(checked, 'AWS::S3::BucketPolicy')
        .flatMap(statementsOf)
        .filter(
          ({ Effect, Principal }) =>
            text(Effect) === 'Allow' && (text(Principal) === '*' || text(Principal.AWS) === '*'),
        )
        .map(({ Sid }) => text(Sid));
    bothWays(
      template,
      open,
      (copy) => (bySid(policy(copy, 'AccessLogs'), 'AllowServerAccessLogs').Principal = json(ANYONE)),
    );
  });
});

describe('the pseudonym key', () => {
  const withReaders = (...roles: string[]) =>
    synth((stack) => {
      const made = build(stack);
      for (const arn of roles) made.admitKeyReader(iam.Role.fromRoleArn(stack, arn.replace(/\W/g, ''), arn));
    });
  const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;

  test('A21 is read and written by the admitted roles alone', () => {
    const statement = bySid(policy(withReaders(role('one'), role('two')), 'Data'), 'DenyKeyObjectToOthers');
    expect(statement).toMatchObject({
      Effect: 'Deny',
      Principal: ANYONE,
      Action: [
        's3:GetObject',
        's3:GetObjectVersion',
        's3:GetObjectVersionForReplication',
        's3:PutObject',
        's3:ReplicateObject',
      ],
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': [role('one'), role('two')] } },
    });
    expect(text(statement.Resource)).toMatch(/DataBucket\w+\.Arn\}\/keys\/\*$/);
  });

  test('A21 is neither overwritten nor deleted by anyone', () => {
    const overwrite = bySid(policy(template, 'Data'), 'DenyKeyObjectOverwrite');
    expect(overwrite).toMatchObject({
      Effect: 'Deny',
      Principal: ANYONE,
      Action: 's3:PutObject',
      Condition: { Null: { 's3:if-none-match': 'true' } },
    });
    const deletion = bySid(policy(template, 'Data'), 'DenyKeyObjectDeletion');
    expect(deletion).toMatchObject({
      Effect: 'Deny',
      Principal: ANYONE,
      Action: ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:ReplicateDelete'],
    });
    expect(deletion.Condition).toBeUndefined();
    for (const statement of [overwrite, deletion]) expect(text(statement.Resource)).toMatch(/\/keys\/\*$/);
  });

  /** What anyone could ask of an object under keys/, and whether a policy denies it, as IAM evaluates a Deny. */
  interface KeyRequest {
    readonly action: string;
    readonly principal: string;
    readonly ifNoneMatch?: string;
  }
  const deniedToKeys = (checked: TemplateJson, { action, principal, ifNoneMatch }: KeyRequest) =>
    statementsOf(policy(checked, 'Data'))
      .filter(({ Effect, Resource }) => text(Effect) === 'Deny' && /\/keys\/\*$/.test(text(Resource)))
      .filter(({ Principal }) => text(Principal.AWS) === '*')
      .filter(({ Action }) => texts(Action).includes(action))
      .some(({ Condition = json({}) }) =>
        Object.entries(Condition).every(([operator, operands]) => {
          const [[name, value]] = Object.entries(operands);
          if (operator === 'Null' && name === 's3:if-none-match') {
            return (ifNoneMatch === undefined) === (text(value) === 'true');
          }
          if (operator === 'ArnNotEquals' && name === 'aws:PrincipalArn') return !texts(value).includes(principal);
          throw new Error(`the test knows no ${operator} of ${name}`);
        }),
      );

  test('A21 the processor may read it and make it once; everything else under keys/ is denied, whoever asks', () => {
    const checked = withReaders(role('processor'));
    const principals = [
      role('processor'),
      role('admin'),
      'arn:aws:iam::111122223333:root',
      'arn:aws:iam::444455556666:user/x',
    ];
    const allowed = principals.flatMap((principal) =>
      ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion'].flatMap(
        (action) =>
          [undefined, '*']
            .filter((ifNoneMatch) => !deniedToKeys(checked, { action, principal, ifNoneMatch }))
            .map((ifNoneMatch) => `${principal} ${action} ${ifNoneMatch ?? '-'}`),
      ),
    );
    expect(allowed).toEqual([
      `${role('processor')} s3:GetObject -`,
      `${role('processor')} s3:GetObject *`,
      `${role('processor')} s3:GetObjectVersion -`,
      `${role('processor')} s3:GetObjectVersion *`,
      `${role('processor')} s3:PutObject *`,
    ]);
  });

  test('A21 the twins: without each of the denies the processor could overwrite, someone could delete, another could read', () => {
    const checked = withReaders(role('processor'));
    const holes: Array<[sid: string, request: KeyRequest]> = [
      ['DenyKeyObjectOverwrite', { action: 's3:PutObject', principal: role('processor') }],
      ['DenyKeyObjectDeletion', { action: 's3:DeleteObject', principal: role('processor') }],
      ['DenyKeyObjectDeletion', { action: 's3:DeleteObjectVersion', principal: role('admin') }],
      ['DenyKeyObjectDeletion', { action: 's3:ReplicateDelete', principal: role('replication') }],
      ['DenyKeyObjectToOthers', { action: 's3:GetObject', principal: role('admin') }],
      ['DenyKeyObjectToOthers', { action: 's3:GetObjectVersionForReplication', principal: role('replication') }],
      ['DenyKeyObjectToOthers', { action: 's3:ReplicateObject', principal: role('replication') }],
      ['DenyKeyObjectToOthers', { action: 's3:PutObject', principal: role('admin'), ifNoneMatch: '*' }],
    ];
    for (const [sid, request] of holes) {
      const copy = structuredClone(checked);
      expect(deniedToKeys(copy, request)).toBe(true);
      bySid(policy(copy, 'Data'), sid).Effect = json('Allow');
      expect(deniedToKeys(copy, request)).toBe(false);
    }
  });

  test('A26 under DESTROY it can be deleted, and still not be overwritten', () => {
    const destroyed = synth(
      (stack) =>
        new PhiBucketSet(stack, 'Buckets', {
          keyring: new HipaaKeyring(stack, 'Keyring'),
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      { context: { 'cdk-hipaa-pipeline:allow-destroy': true } },
    );
    const sids = statementsOf(policy(destroyed, 'Data')).map(({ Sid }) => text(Sid));
    expect(sids).toContain('DenyKeyObjectOverwrite');
    expect(sids).not.toContain('DenyKeyObjectDeletion');
    expect(one(destroyed, 'AWS::S3::Bucket', /DataBucket/).DeletionPolicy).toBe('Delete');
  });
});
