import { deploy, refusals } from './support/deploy';
import { EVERYTHING_GIVEN, readTemplate } from './support/examples';
import { readGuide, table } from './support/guide';
import { block, session } from './support/guide-shell';

/*
 * What AWS does and a local one does not: commands of the guide that would fail there.
 */

const URL = 'https://sqs.us-east-2.amazonaws.com/111122223333/patient-records-failures-prod';

test('B9 what a failed first deployment retained is imported by names alone, with the key that is in use', () => {
  const aws = `case "$*" in
    *'get-queue-url --queue-name patient-records-failures-prod '*) echo ${URL} ;;
    *'--queue-url ${URL} --attribute-names KmsMasterKeyId '*) echo arn:aws:kms:us-east-2:111122223333:key/in-use ;;
    *get-resources*) echo arn:aws:kms:us-east-2:111122223333:key/of-another-attempt ;;
  esac`;
  // Nothing else: a stack that rolled back has no outputs to ask for.
  const env = { ACCOUNT: '111122223333', ENVIRONMENT: 'prod', STACK: 'a-stack' };
  const { file, calls } = session(`deploy() { :; }\n${block('import.json <<RESOURCES')}`, aws, { env });
  const name = 'patient-records-111122223333-prod';
  const logs = 'patient-records-logs-111122223333-prod';
  const listed = JSON.parse(file('import.json') ?? '') as { LogicalResourceId: string; ResourceType: string }[];
  expect(listed).toEqual([
    expect.objectContaining({ ResourceIdentifier: { KeyId: 'in-use' } }),
    expect.objectContaining({ LogicalResourceId: 'RecordsBucket', ResourceIdentifier: { BucketName: name } }),
    expect.objectContaining({ LogicalResourceId: 'RecordsBucketPolicy', ResourceIdentifier: { Bucket: name } }),
    expect.objectContaining({ LogicalResourceId: 'AccessLogBucket', ResourceIdentifier: { BucketName: logs } }),
    expect.objectContaining({ LogicalResourceId: 'AccessLogBucketPolicy', ResourceIdentifier: { Bucket: logs } }),
    expect.objectContaining({ ResourceIdentifier: { QueueUrl: URL } }),
    expect.objectContaining({ ResourceIdentifier: { LogGroupName: '/aws/lambda/patient-records-processor-prod' } }),
  ]);
  const { Resources } = readTemplate('patient-records-import.json');
  expect(Object.fromEntries(listed.map(({ LogicalResourceId: id, ResourceType: type }) => [id, type]))).toEqual(
    Object.fromEntries(Object.entries(Resources).map(([id, { Type }]) => [id, Type])),
  );
  expect(calls.some((call) => call.includes('stack-import-complete'))).toBe(true);
});

describe('the stack for tests', () => {
  // A thousand versions with long keys: more than one argument of a program can hold.
  const aws = `case "$*" in
    *list-object-versions*)
      [ -e emptied ] || awk 'BEGIN { for (i = 0; i < 1000; i++) printf "{\\"Key\\":\\"%0900d\\",\\"VersionId\\":\\"a\\"},", i }' ;;
    *delete-objects*) touch emptied ;;
    *describe-stacks*AccessLog*) echo logs ;;
    *describe-stacks*) echo records ;;
  esac`;
  const functions = 'wait_for_manifests() { aws waits; }\noutput() { aws describe-stacks $1; }\n';
  const commands = functions + block('patient-records-test.json');

  test('B9 is emptied of as many versions as one call takes, however long their keys', () => {
    const { ok, calls } = session(commands, aws);
    expect(ok).toBe(true);
    expect(calls.filter((call) => call.includes('delete-objects --bucket records'))).toHaveLength(1);
    expect(calls.filter((call) => /list-object-versions --bucket (records|logs)/.test(call))).toHaveLength(3);
  });

  test('B9 is emptied only when the function has written', () => {
    const { calls } = session(commands, aws);
    const at = (words: string) => calls.findIndex((call) => call.includes(words));
    expect(at('s3://records/incoming/')).toBeGreaterThan(0);
    expect(at('waits')).toBeGreaterThan(at('s3://records/incoming/'));
    expect(at('list-object-versions')).toBeGreaterThan(at('waits'));
  });
});

test('B1 MFA delete is asked for with a code of its own for each bucket, since none is taken twice', () => {
  const env = { ACCOUNT: '111122223333', BUCKET: 'records' };
  const commands = `output() { echo logs; }\n${block('MFADelete=Enabled')}`;
  const { calls } = session(commands, ':', { env, input: '111111\n222222\n' });
  const given = calls.flatMap((call) => /--bucket (\w+) .*MFADelete=Enabled.* (\d{6})$/.exec(call)?.slice(1, 3) ?? []);
  expect(given).toEqual(['records', '111111', 'logs', '222222']);
});

test('B4 the CLI waits for an answer as long as the function may run, and does not start it again', () => {
  const { Timeout } = readTemplate('patient-records.json').Resources.Processor.Properties;
  const waits = [...readGuide().matchAll(/aws lambda invoke (?:--cli-read-timeout (\d+))?/g)].map(([, wait]) => wait);
  expect(waits.length).toBeGreaterThan(1);
  for (const wait of waits) expect(Number(wait)).toBeGreaterThan(Number(Timeout));
});

test('B4 a kept event is taken out with the handle that deletes it', () => {
  const event = '{"Records":[{"s3":{"object":{"key":"incoming/a+b%5C.csv"}}}]}';
  const aws = `[ "$2" != receive-message ] || [[ "$*" != *'[ReceiptHandle,Body]'* ]] || printf '%s\\t%s\\n' 'handle+/=' '${event}'`;
  const commands = `QUEUE=${URL}\n${block('receive-message')}${block('delete-message')}`;
  const { file, calls } = session(commands, aws);
  expect(file('event.json')).toBe(event);
  expect(calls.at(-1)).toBe(`sqs delete-message --queue-url ${URL} --receipt-handle handle+/=`);
});

test('B11 the command that leaves a VPC is taken, whatever else was given before', () => {
  const template = readTemplate('patient-records.json');
  const named = block('deploy VpcId= ').trim().split(' ').slice(1);
  const given = { ...EVERYTHING_GIVEN, ...Object.fromEntries(named.map((pair) => pair.split('='))) };
  expect(refusals(template, given)).toEqual([]);
  const { resources } = deploy(template, given);
  expect(resources.Processor.properties.VpcConfig).toBeUndefined();
  expect(Object.values(resources).filter(({ type }) => type.startsWith('AWS::EC2::'))).toEqual([]);
});

test('B12 the rights name what an update or a deletion asks for', () => {
  const rights = Object.fromEntries(table('Rights of the deployer').map(([service, actions]) => [service, actions]));
  const asked: Record<string, string[]> = {
    KMS: ['CreateAlias', 'UpdateAlias', 'DeleteAlias', 'ListAliases', 'GetKeyRotationStatus'],
    EC2: ['DeleteSecurityGroup', 'ModifyVpcEndpoint', 'DeleteVpcEndpoints'],
    CloudFormation: ['RollbackStack', 'DetectStackDrift'],
  };
  for (const [service, actions] of Object.entries(asked)) {
    expect(actions.filter((action) => !rights[service].split(/[ ,;]+/).includes(action))).toEqual([]);
  }
});
