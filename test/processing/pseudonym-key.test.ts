import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { buildParts, buildProcessor } from './parts';
import { ComplianceEvidence, HipaaKeyring, IsolatedNetwork, PhiBucketSet, PseudonymKey } from '../../src';
import {
  bothWays,
  bySid,
  entries,
  evidenceOf,
  json,
  list,
  one,
  statementsOf,
  TemplateJson,
  templateOf,
  testStack,
  text,
  texts,
} from '../support/synth';

const HMAC_ARN = 'arn:aws:kms:us-east-1:111122223333:key/hmac';
const SECRET_ARN = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:pseudonyms-AbCdEf';

type KeyOf = (stack: Stack) => PseudonymKey | undefined;
const hmac: KeyOf = (stack) => PseudonymKey.kmsHmac(kms.Key.fromKeyArn(stack, 'Hmac', HMAC_ARN));
const secret: KeyOf = (stack) =>
  PseudonymKey.fromSecret(secretsmanager.Secret.fromSecretCompleteArn(stack, 'Secret', SECRET_ARN));

const build = (keyOf: KeyOf) => {
  const { stack } = testStack();
  buildProcessor(stack, { pseudonymKey: keyOf(stack) });
  ComplianceEvidence.of(stack);
  return { stack, template: templateOf(stack), evidence: list(evidenceOf(stack).stacks)[0] };
};
const environment = (template: TemplateJson) =>
  one(template, 'AWS::Lambda::Function', /Processor/).Properties.Environment.Variables;
const policy = (template: TemplateJson) => one(template, 'AWS::IAM::ManagedPolicy', /ProcessorPolicy/);
const sids = (template: TemplateJson) => statementsOf(policy(template)).map(({ Sid }) => text(Sid));
const interfaces = (template: TemplateJson) =>
  entries(template, 'AWS::EC2::VPCEndpoint').filter(
    ([, { Properties }]) => text(Properties.VpcEndpointType) === 'Interface',
  );
const openItems = (evidence: ReturnType<typeof build>['evidence']) =>
  list(evidence.openItems).map(({ id }) => text(id));

describe('the managed key', () => {
  test('A21 is the first object under keys/ by default, reached as every object is: no endpoint, no cost', () => {
    for (const keyOf of [
      () => undefined,
      () => PseudonymKey.managed(),
      () => PseudonymKey.managed({ generation: 1 }),
    ]) {
      const { template } = build(keyOf);
      expect(environment(template)).toMatchObject({
        PSEUDONYM_KEY_SOURCE: 'object',
        PSEUDONYM_KEY: 'keys/pseudonym-key',
      });
      expect(environment(template).PSEUDONYM_KEY_ID).toBeUndefined();
      expect(sids(template)).toEqual(expect.arrayContaining(['KeepPseudonymKey', 'SeeDeletedKeys']));
      expect(interfaces(template)).toEqual([]);
    }
  });

  test('A21 a higher generation is another object, so that the deployment rotates; names sort in the order they were made in', () => {
    const nameOf = (generation: number) =>
      text(environment(build(() => PseudonymKey.managed({ generation })).template).PSEUDONYM_KEY);
    const names = [1, 2, 10, 9999].map(nameOf);
    expect(names[1]).toBe('keys/pseudonym-key-0002');
    expect([...names].sort()).toEqual(names);
    expect(new Set(names).size).toBe(4);
  });

  test.each([0, -1, 1.5, 10000])('A21 generation %d is an error', (generation) => {
    expect(() => PseudonymKey.managed({ generation })).toThrow(
      `generation must be a whole number from 1 to 9999, got ${generation}; omit it for the first key`,
    );
  });

  test('A21 the expected id goes to the function; one that is no id is an error', () => {
    const { template } = build(() => PseudonymKey.managed({ expectedKeyId: '0123456789abcdef' }));
    expect(environment(template).PSEUDONYM_KEY_ID).toBe('0123456789abcdef');
    expect(() => PseudonymKey.managed({ expectedKeyId: 'XYZ' })).toThrow(
      'expectedKeyId must be 16 hex digits, got "XYZ"; copy policy.keyId of a manifest',
    );
    const parameter = new CfnParameter(new Stack(new App(), 'Test'), 'Id').valueAsString;
    expect(() => PseudonymKey.managed({ expectedKeyId: parameter })).not.toThrow();
  });
});

describe.each<[string, KeyOf, string, string, string]>([
  ['a KMS HMAC key', hmac, 'kms-hmac', HMAC_ARN, 'kms'],
  ['a secret', secret, 'secret', SECRET_ARN, 'secretsmanager'],
])('%s', (_, keyOf, source, arn, service) => {
  let built: ReturnType<typeof build>;
  beforeAll(() => {
    built = build(keyOf);
  });

  test('A21 is named to the function, and no object under keys/ is made', () => {
    expect(environment(built.template)).toMatchObject({ PSEUDONYM_KEY_SOURCE: source, PSEUDONYM_KEY: arn });
    expect(sids(built.template)).not.toContain('KeepPseudonymKey');
    expect(sids(built.template)).not.toContain('SeeDeletedKeys');
    const touching = statementsOf(policy(built.template)).filter(({ Resource }) =>
      /keys\//.test(texts(Resource).join()),
    );
    expect(touching).toEqual([]);
  });

  test('A21 keys that were made before stay closed to everyone else, and undeletable', () => {
    const bucket = one(built.template, 'AWS::S3::BucketPolicy', /DataBucket/);
    for (const sid of ['DenyKeyObjectToOthers', 'DenyKeyObjectOverwrite', 'DenyKeyObjectDeletion']) {
      expect(text(bySid(bucket, sid).Effect)).toBe('Deny');
    }
  });

  test('A11 A16 A21 is reached by an interface endpoint that admits this call, of this role, on this key', () => {
    const loose = (checked: TemplateJson) =>
      interfaces(checked).flatMap(([id, endpoint]) =>
        statementsOf(endpoint).flatMap(({ Action, Resource, Condition, Principal }) => [
          ...(texts(Action).every(
            (action) => action === `${service}:${service === 'kms' ? 'GenerateMac' : 'GetSecretValue'}`,
          )
            ? []
            : [`${id} actions`]),
          ...(texts(Resource).join() === arn ? [] : [`${id} resources`]),
          ...(/^\$\{ProcessorRole\w+\.Arn\}$/.test(text(Condition?.ArnEquals?.['aws:PrincipalArn']))
            ? []
            : [`${id} role`]),
          ...(text(Principal) === '*' ? [] : [`${id} principal`]),
        ]),
      );
    const statement = (copy: TemplateJson) => statementsOf(interfaces(copy)[0][1])[0];
    bothWays(
      built.template,
      loose,
      (copy) => (statement(copy).Action = json('kms:*')),
      (copy) => (statement(copy).Resource = json('*')),
      (copy) => delete statement(copy).Condition,
    );
    expect(interfaces(built.template)).toHaveLength(1);
    const [[, endpoint]] = interfaces(built.template);
    expect(endpoint.Properties).toMatchObject({ PrivateDnsEnabled: true });
    expect(JSON.stringify(endpoint.Properties.ServiceName)).toContain(`.${service}"`);
    expect(list(endpoint.Properties.SubnetIds)).toHaveLength(2);
  });

  test('A11 A17 only the processor gets at the endpoint: TLS in from its security group, nothing out', () => {
    const [[id, rule]] = entries(built.template, 'AWS::EC2::SecurityGroupIngress');
    expect(entries(built.template, 'AWS::EC2::SecurityGroupIngress')).toHaveLength(1);
    expect(id).toMatch(/EndpointSecurityGroup/);
    expect(rule.Properties).toMatchObject({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443 });
    expect(text(rule.Properties.SourceSecurityGroupId)).toMatch(/^\$\{ProcessorSecurityGroup/);
    const group = one(built.template, 'AWS::EC2::SecurityGroup', /Network\w+EndpointSecurityGroup/).Properties;
    expect(group.SecurityGroupIngress).toBeUndefined();
    expect(texts(group.SecurityGroupEgress).join()).toContain('255.255.255.255/32');
  });

  test('A22 no statement for it holds a wildcard, and who else may use the key is open', () => {
    const own = statementsOf(policy(built.template)).filter(({ Sid }) => /PseudonymKey$/.test(text(Sid)));
    expect(own.length).toBeGreaterThan(0);
    for (const { Action, Resource } of own) expect([...texts(Action), ...texts(Resource)].join()).not.toContain('*');
    expect(openItems(built.evidence)).toContain('pseudonym-key-readers');
    expect(openItems(build(() => PseudonymKey.managed()).evidence)).not.toContain('pseudonym-key-readers');
  });
});

describe('the rights for a KMS HMAC key', () => {
  test('A21 are making a MAC, by this algorithm, with this key', () => {
    expect(bySid(policy(build(hmac).template), 'DerivePseudonymKey')).toMatchObject({
      Action: 'kms:GenerateMac',
      Resource: HMAC_ARN,
      Condition: { StringEquals: { 'kms:MacAlgorithm': 'HMAC_SHA_256' } },
    });
  });

  test('A13 a key of another spec is an error; an HMAC_256 key of the app serves', () => {
    const keyOf = (props: kms.KeyProps) => (stack: Stack) => PseudonymKey.kmsHmac(new kms.Key(stack, 'Hmac', props));
    const usage = kms.KeyUsage.GENERATE_VERIFY_MAC;
    expect(() => build(keyOf({}))).toThrow(
      'key must have the key spec HMAC_256, got SYMMETRIC_DEFAULT; ' +
        'make it with keySpec: kms.KeySpec.HMAC_256 and keyUsage: kms.KeyUsage.GENERATE_VERIFY_MAC',
    );
    expect(() => build(keyOf({ keySpec: kms.KeySpec.HMAC_384, keyUsage: usage }))).toThrow(/got HMAC_384/);
    const { template } = build(keyOf({ keySpec: kms.KeySpec.HMAC_256, keyUsage: usage }));
    expect(text(environment(template).PSEUDONYM_KEY)).toMatch(/^\$\{Hmac\w+\.Arn\}$/);
  });
});

describe('the rights for a secret', () => {
  test('A21 are reading it, and decrypting with its key only for it and through Secrets Manager', () => {
    const { template } = build((stack) => {
      const encryptionKey = kms.Key.fromKeyArn(stack, 'SecretKey', 'arn:aws:kms:us-east-1:111122223333:key/secrets');
      return PseudonymKey.fromSecret(new secretsmanager.Secret(stack, 'Secret', { encryptionKey }));
    });
    const read = bySid(policy(template), 'ReadPseudonymKey');
    expect([text(read.Action), text(read.Resource)]).toEqual([
      'secretsmanager:GetSecretValue',
      expect.stringMatching(/^\$\{Secret\w+\}$/),
    ]);
    const decrypt = bySid(policy(template), 'DecryptPseudonymKey');
    expect(decrypt).toMatchObject({
      Action: 'kms:Decrypt',
      Resource: 'arn:aws:kms:us-east-1:111122223333:key/secrets',
    });
    expect(text(decrypt.Condition.StringEquals['kms:ViaService'])).toBe('secretsmanager.${AWS::Region}.amazonaws.com');
    expect(text(decrypt.Condition.StringLike['kms:EncryptionContext:SecretARN'])).toBe(text(read.Resource));
  });

  test('A21 a secret by name is met whatever six characters its ARN ends in', () => {
    const { template } = build((stack) =>
      PseudonymKey.fromSecret(secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 'pseudonyms')),
    );
    expect(text(bySid(policy(template), 'ReadPseudonymKey').Resource)).toMatch(/:secret:pseudonyms-\?{6}$/);
    expect(sids(template)).not.toContain('DecryptPseudonymKey');
  });
});

describe('networks', () => {
  test('A16 two processors in one network share the endpoint of a service, a statement and a rule each', () => {
    const { stack } = testStack();
    const parts = buildParts(stack);
    const pseudonymKey = hmac(stack);
    buildProcessor(stack, { pseudonymKey }, parts, 'One');
    buildProcessor(stack, { pseudonymKey, environmentSuffix: 'two' }, parts, 'Two');
    const template = templateOf(stack);
    expect(interfaces(template)).toHaveLength(1);
    const roles = statementsOf(interfaces(template)[0][1]).map(({ Condition }) =>
      text(Condition.ArnEquals['aws:PrincipalArn']),
    );
    expect(roles).toEqual([expect.stringMatching('ProcessorOneRole'), expect.stringMatching('ProcessorTwoRole')]);
    expect(entries(template, 'AWS::EC2::SecurityGroupIngress')).toHaveLength(2);
  });

  test('X3 a network that was brought gets no endpoint; the evidence says which it needs, with its statement', () => {
    const { stack } = testStack();
    const keyring = new HipaaKeyring(stack, 'Keyring');
    const own = new IsolatedNetwork(stack, 'Own', { keyring, restrictDefaultSecurityGroup: false });
    const network = IsolatedNetwork.fromVpc(stack, 'Brought', { vpc: own.vpc });
    const buckets = new PhiBucketSet(stack, 'Buckets', { keyring });
    buildProcessor(stack, { pseudonymKey: secret(stack) }, { keyring, network, buckets });
    ComplianceEvidence.of(stack);
    expect(interfaces(templateOf(stack))).toEqual([]);
    const items = list(list(evidenceOf(stack).stacks)[0].openItems);
    const item = items.find(({ id }) => text(id) === 'network-secretsmanager-endpoint')!;
    expect(item.statement).toMatchObject({
      Effect: 'Allow',
      Principal: '*',
      Action: 'secretsmanager:GetSecretValue',
      Resource: SECRET_ARN,
    });
  });
});

describe('regions', () => {
  const inRegion = (region: string, keyOf: KeyOf) => {
    const { stack } = testStack({ env: { account: '111122223333', region } });
    buildProcessor(stack, { pseudonymKey: keyOf(stack) });
    return templateOf(stack);
  };

  test.each(['cn-north-1', 'us-gov-west-1'])('A25 keys from elsewhere synthesize in %s', (region) => {
    const keyArn = HMAC_ARN.replace('us-east-1', region);
    const secretArn = SECRET_ARN.replace('us-east-1', region);
    const keys: KeyOf[] = [
      (stack) => PseudonymKey.kmsHmac(kms.Key.fromKeyArn(stack, 'Hmac', keyArn)),
      (stack) => PseudonymKey.fromSecret(secretsmanager.Secret.fromSecretCompleteArn(stack, 'Secret', secretArn)),
    ];
    for (const keyOf of keys) expect(interfaces(inRegion(region, keyOf))).toHaveLength(1);
  });

  test('A25 a key of another region is an error: no endpoint reaches it', () => {
    expect(() => inRegion('eu-west-1', hmac)).toThrow(
      'key must be in the region of the processor, eu-west-1, got one in us-east-1; make one there',
    );
    expect(() => inRegion('eu-west-1', secret)).toThrow(/^secret must be in the region of the processor, eu-west-1/);
  });
});
