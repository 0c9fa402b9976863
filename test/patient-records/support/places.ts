import { arnOf } from './access';
import { ACCOUNT } from './deploy';

/** Where things are in an example deployment. */
export function placesOf(suffix: string) {
  const records = `arn:aws:s3:::patient-records-${ACCOUNT}-${suffix}`;
  return {
    records,
    logs: `arn:aws:s3:::patient-records-logs-${ACCOUNT}-${suffix}`,
    elsewhere: 'arn:aws:s3:::bucket-of-somebody',
    incoming: `${records}/incoming/a.ndjson`,
    rejected: `${records}/rejected/a.ndjson.gz`,
    keyObject: `${records}/keys/pseudonym-key`,
    deidentified: `${records}/processed/deidentified/a.ndjson.gz`,
    manifest: `${records}/processed/manifests/a.json`,
    otherResult: `${records}/processed/other`,
    stray: `${records}/stray`,
    key: arnOf('kms', 'key/id-of-Key'),
    otherKey: arnOf('kms', 'key/of-somebody'),
    queue: arnOf('sqs', `patient-records-failures-${suffix}`),
    otherQueue: arnOf('sqs', 'queue-of-somebody'),
    fn: arnOf('lambda', `function:patient-records-processor-${suffix}`),
    logGroup: arnOf('logs', `log-group:/aws/lambda/patient-records-processor-${suffix}`),
    processorRole: `arn:aws:iam::${ACCOUNT}:role/patient-records-processor-us-east-2-${suffix}`,
    readerRole: `arn:aws:iam::${ACCOUNT}:role/patient-records-reader-us-east-2-${suffix}`,
    subnet: arnOf('ec2', 'subnet/subnet-0123456789abcdef1'),
    otherSubnet: arnOf('ec2', 'subnet/subnet-0000000000000000f'),
    securityGroup: arnOf('ec2', 'security-group/sg-0fedcba9876543210'),
    otherSecurityGroup: arnOf('ec2', 'security-group/sg-0000000000000000f'),
    networkInterface: arnOf('ec2', 'network-interface/eni-0123456789abcdef0'),
  };
}

export type Places = ReturnType<typeof placesOf>;
