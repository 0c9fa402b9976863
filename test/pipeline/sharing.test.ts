import { App, Stack, Stage } from 'aws-cdk-lib';
import { HipaaKeyring, HipaaPipeline, HipaaPipelineProps, IsolatedNetwork } from '../../src';
import { againstEvidence } from '../evidence/privileges';
import { alarmsAreHeard } from '../monitoring/alarm-delivery';
import {
  bySid,
  entries,
  evidenceOf,
  list,
  one,
  TemplateJson,
  templateOf,
  testStack,
  text,
  texts,
} from '../support/synth';

const size = (template: TemplateJson) => Object.keys(template.Resources).length;

/** Two pipelines in one stack; what the second shares or changes is told by `props`. */
const two = (props: (first: HipaaPipeline) => HipaaPipelineProps) => {
  const { stack } = testStack();
  const first = new HipaaPipeline(stack, 'One');
  const second = new HipaaPipeline(stack, 'Two', props(first));
  return { stack, first, second, template: templateOf(stack), evidence: evidenceOf(stack) };
};

describe('two pipelines in one stack', () => {
  test('A24 each with all of its own', () => {
    const { template } = two(() => ({ environmentSuffix: 'two' }));
    expect([entries(template, 'AWS::S3::Bucket').length, entries(template, 'AWS::EC2::VPC').length]).toEqual([8, 2]);
    expect(alarmsAreHeard(template)).toEqual([]);
  });

  test('A24 of one name are an error that names both and the prop', () => {
    expect(() => two(() => ({}))).toThrow(
      'key alias name "alias/healthcare-data-dev" must be unique in an account and region, got it for both Test/One/Keyring and ' +
        'Test/Two/Keyring; give one of them another environmentSuffix or namePrefix',
    );
    expect(() => two(() => ({ namePrefix: 'claims' }))).not.toThrow();
  });

  test('A24 of one name are an error also when they share keyring, network and trail', () => {
    expect(() => two(({ keyring, network, auditTrail }) => ({ keyring, network, auditTrail }))).toThrow(
      /^bucket name "healthcare-data-\{random4\}-dev" must be unique .* Test\/One\/Buckets and Test\/Two\/Buckets; give one of them another environmentSuffix/,
    );
  });

  describe('that share keyring, network and trail', () => {
    let shared: ReturnType<typeof two>;
    beforeAll(() => {
      shared = two(({ keyring, network, auditTrail }) => ({ environmentSuffix: 'two', keyring, network, auditTrail }));
    });

    test('X4 A24 the second has 30 resources at most', () => {
      const { stack } = testStack();
      new HipaaPipeline(stack, 'One');
      const added = size(shared.template) - size(templateOf(stack));
      expect(added).toBeGreaterThan(0);
      expect(added).toBeLessThanOrEqual(30);
      for (const type of ['AWS::KMS::Key', 'AWS::EC2::VPC', 'AWS::CloudTrail::Trail', 'AWS::EC2::VPCEndpoint']) {
        expect(entries(shared.template, type)).toHaveLength(entries(templateOf(stack), type).length);
      }
    });

    test('A18 the trail records the buckets of both', () => {
      const selectors = list(one(shared.template, 'AWS::CloudTrail::Trail').Properties.AdvancedEventSelectors);
      const watched = texts(list(selectors[1].FieldSelectors)[2].StartsWith).map((arn) =>
        arn.replace(/[0-9A-F]{8}\.Arn/, ''),
      );
      expect(watched).toEqual([
        '${OneBucketsDataBucket}/',
        '${OneBucketsProcessedBucket}/',
        '${TwoBucketsDataBucket}/',
        '${TwoBucketsProcessedBucket}/',
      ]);
    });

    test('A14 A16 the keys admit log groups and rules of both, the endpoint the buckets of both', () => {
      const condition = (key: RegExp, sid: string) =>
        bySid(one(shared.template, 'AWS::KMS::Key', key), sid).Condition.ArnEquals;
      expect(texts(condition(/LogsKey/, 'CloudWatchLogs')['kms:EncryptionContext:aws:logs:arn']).join()).toMatch(
        /healthcare-data-processing-dev.*healthcare-data-processing-two/,
      );
      expect(texts(condition(/DataKey/, 'EventBridgeToQueue')['aws:SourceArn'])).toHaveLength(2);
      expect(list(bySid(one(shared.template, 'AWS::EC2::VPCEndpoint'), 'PipelineBuckets').Resource)).toHaveLength(8);
    });

    test('A21 each role reaches its own buckets alone', () => {
      for (const [id, other] of [
        ['One', 'Two'],
        ['Two', 'One'],
      ]) {
        const policy = one(shared.template, 'AWS::IAM::ManagedPolicy', new RegExp(`^${id}ProcessorPolicy`));
        expect(JSON.stringify(policy)).not.toContain(`${other}Buckets`);
      }
    });

    test('A12 A18 every alarm of both is heard, and the shared trail is watched once', () => {
      expect(alarmsAreHeard(shared.template)).toEqual([]);
      expect(shared.first.monitoring.alarms).toHaveLength(8);
      expect(shared.second.monitoring.alarms).toHaveLength(6);
    });

    test('A22 the evidence lists every wildcard once', () => {
      expect(againstEvidence(shared.evidence).wildcards(shared.template)).toEqual([]);
    });

    test('A28 the trail’s bucket is an output of the one who made it, and both have the rest', () => {
      const ids = Object.keys(shared.template.Outputs);
      expect(ids.filter((id) => id.endsWith('TrailArn'))).toEqual(['OneTrailArn', 'TwoTrailArn']);
      expect(ids.filter((id) => id.startsWith('One'))).toHaveLength(13);
    });
  });
});

describe('two stacks', () => {
  const inRegion = (app: App, region: string) =>
    new HipaaPipeline(new Stack(app, `Stack-${region}`, { env: { account: '111122223333', region } }), 'Claims');

  test('A24 A25 one suffix in two regions is fine, in one region twice it is an error', () => {
    const app = new App();
    inRegion(app, 'us-east-1');
    expect(() => inRegion(app, 'eu-west-1')).not.toThrow();
    const again = new Stack(app, 'Again', { env: { account: '111122223333', region: 'us-east-1' } });
    expect(() => new HipaaPipeline(again, 'Claims')).toThrow(/must be unique in an account and region/);
  });

  test('A24 a keyring of one serves the pipeline of another, without a cycle', () => {
    const app = new App();
    const keyring = new HipaaKeyring(new Stack(app, 'Keys'), 'Keyring');
    const stack = new Stack(app, 'Claims');
    new HipaaPipeline(stack, 'Claims', { keyring });
    const template = templateOf(stack);
    expect(entries(template, 'AWS::KMS::Key')).toEqual([]);
    const keys = templateOf(Stack.of(keyring));
    expect(
      texts(
        bySid(one(keys, 'AWS::KMS::Key', /LogsKey/), 'CloudWatchLogs').Condition.ArnEquals[
          'kms:EncryptionContext:aws:logs:arn'
        ],
      ),
    ).toHaveLength(3);
  });

  test('X3 network, buckets and trail of another stack are an error that says how to bring them, not a cycle', () => {
    const app = new App();
    const first = new HipaaPipeline(new Stack(app, 'First'), 'Claims', { environmentSuffix: 'one' });
    const build = (props: HipaaPipelineProps) =>
      new HipaaPipeline(new Stack(app, `Stack${Object.keys(props)[0]}`), 'Claims', {
        environmentSuffix: 'two',
        ...props,
      });
    for (const [prop, importer] of [
      ['network', 'IsolatedNetwork.fromVpc'],
      ['buckets', 'PhiBucketSet.fromBuckets'],
      ['auditTrail', 'AuditTrail.fromTrailArn'],
    ] as const) {
      expect(() => build({ [prop]: first[prop] })).toThrow(
        `${prop} must be made in the stack of the pipeline, got one of stack First; ` +
          `put both into one stack, or bring it by ${importer}`,
      );
    }
    const stack = new Stack(app, 'Brings');
    const network = IsolatedNetwork.fromVpc(stack, 'Network', { vpc: first.network.vpc });
    new HipaaPipeline(stack, 'Claims', { environmentSuffix: 'three', network });
    expect(() => app.synth()).not.toThrow();
  });

  test('A24 in two stages, with a suffix each, synthesize with an evidence each', () => {
    const app = new App();
    const stacks = ['test', 'prod'].map((environmentSuffix) => {
      const stack = new Stack(new Stage(app, environmentSuffix), 'Stack');
      new HipaaPipeline(stack, 'Claims', { environmentSuffix });
      return stack;
    });
    const names = stacks.map((stack) => text(one(templateOf(stack), 'AWS::CloudTrail::Trail').Properties.TrailName));
    expect(names).toEqual(['healthcare-trail-test', 'healthcare-trail-prod']);
    expect(stacks.map((stack) => list(evidenceOf(stack).stacks).length)).toEqual([1, 1]);
  });
});
