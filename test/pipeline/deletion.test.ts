import { RemovalPolicy } from 'aws-cdk-lib';
import { HipaaPipeline, HipaaPipelineProps } from '../../src';
import {
  bothWays,
  entries,
  evidenceOf,
  list,
  one,
  statementsOf,
  TemplateJson,
  templateOf,
  testStack,
  text,
} from '../support/synth';

const KEY = 'cdk-hipaa-pipeline:allow-destroy';
const claims = (props: HipaaPipelineProps, context = {}) => {
  const { stack } = testStack({ context });
  new HipaaPipeline(stack, 'Claims', props);
  return { template: templateOf(stack), evidence: evidenceOf(stack) };
};

const STATEFUL = [
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::KMS::Key',
  'AWS::Logs::LogGroup',
  'AWS::SQS::Queue',
];
const stateful = (template: TemplateJson) => STATEFUL.flatMap((type) => entries(template, type));

describe('by default', () => {
  const { template } = claims({});

  test('A26 every stateful resource is retained, except what a failed first deployment made', () => {
    const retained = (checked: TemplateJson) =>
      stateful(checked)
        .filter(([, it]) => it.DeletionPolicy !== 'RetainExceptOnCreate' || it.UpdateReplacePolicy !== 'Retain')
        .map(([id]) => id);
    expect(stateful(template)).toHaveLength(4 + 4 + 3 + 3 + 2);
    bothWays(
      template,
      retained,
      ...STATEFUL.flatMap((type) => [
        (copy: TemplateJson) => delete entries(copy, type)[0][1].DeletionPolicy,
        (copy: TemplateJson) => (entries(copy, type)[0][1].UpdateReplacePolicy = 'Delete'),
        (copy: TemplateJson) => (entries(copy, type)[0][1].DeletionPolicy = 'Retain'),
      ]),
    );
  });

  test('A26 no output tells that it may be emptied, and the context alone changes nothing', () => {
    expect(Object.keys(template.Outputs).filter((id) => id.includes('AllowDestroy'))).toEqual([]);
    expect(claims({}, { [KEY]: true }).template).toEqual(template);
    expect(claims({ removalPolicy: RemovalPolicy.RETAIN }).template).toEqual(template);
    expect(claims({ removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE }).template).toEqual(template);
  });
});

describe('DESTROY', () => {
  test('A26 with the prop alone is an error that tells the second key', () => {
    expect(() => claims({ removalPolicy: RemovalPolicy.DESTROY })).toThrow(
      'removalPolicy DESTROY deletes PHI and needs a second key, got only the prop; for an environment with synthetic data set ' +
        `context ${KEY} to true (cdk.json, or -c ${KEY}=true)`,
    );
  });

  describe('with both keys', () => {
    const { template, evidence } = claims({ removalPolicy: RemovalPolicy.DESTROY }, { [KEY]: true });

    test('A26 deletes everything stateful', () => {
      for (const [id, it] of stateful(template)) {
        expect([id, it.DeletionPolicy, it.UpdateReplacePolicy]).toEqual([id, 'Delete', 'Delete']);
      }
      expect(JSON.stringify(template)).not.toContain('Retain"');
    });

    test('A26 locks no object and lets the pseudonym key be deleted, so that it can be emptied', () => {
      for (const [, { Properties }] of entries(template, 'AWS::S3::Bucket')) {
        expect([Properties.ObjectLockEnabled, Properties.ObjectLockConfiguration]).toEqual([undefined, undefined]);
      }
      const sids = statementsOf(one(template, 'AWS::S3::BucketPolicy', /DataBucket/)).map(({ Sid }) => text(Sid));
      expect(sids).not.toContain('DenyKeyObjectDeletion');
      expect(sids).toContain('DenyKeyObjectOverwrite');
    });

    test('A26 A28 says so in an output, which the command that empties asks for', () => {
      expect(template.Outputs.ClaimsAllowDestroy).toEqual({ Value: 'true' });
    });

    test('A26 empties by no function of its own', () => {
      expect(JSON.stringify(template)).not.toMatch(/AutoDelete|autoDelete/);
    });

    test('A26 the evidence shows what is lost', () => {
      expect(list(list(evidence.stacks)[0].openItems).map(({ id }) => text(id))).toContain('trail-object-lock');
    });

    test('A26 A24 is otherwise the same pipeline', () => {
      expect(Object.keys(template.Resources)).toEqual(Object.keys(claims({}).template.Resources));
    });
  });
});
