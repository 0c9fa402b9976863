import * as fs from 'node:fs';
import * as path from 'node:path';
import { OTHER_ACCOUNT } from './access';
import { ACCOUNT, REGION, type RawTemplate } from './deploy';

const FOLDER = path.join(__dirname, '..', '..', '..', 'templates');

export const readTemplateText = (name: string) => fs.readFileSync(path.join(FOLDER, name), 'utf8');
export const readTemplate = (name: string) => JSON.parse(readTemplateText(name)) as RawTemplate;

const CODE = { CodeBucket: 'code-of-ours', CodeKey: `patient-records-function-${'0a'.repeat(32)}.zip` };

/** Every option taken. */
export const EVERYTHING_GIVEN: Record<string, string> = {
  ...CODE,
  EnvironmentSuffix: 'prod',
  ConfigVersion: '7',
  VpcId: 'vpc-0123456789abcdef0',
  SubnetIds: 'subnet-0123456789abcdef0,subnet-0123456789abcdef1',
  S3PrefixListId: 'pl-7ba54012',
  RouteTableIds: 'rtb-0123456789abcdef0,rtb-0123456789abcdef1',
  DatabaseSecurityGroupId: 'sg-0123456789abcdef0',
  DatabaseHost: 'records.example.us-east-2.rds.amazonaws.com',
  DatabasePort: '5433',
  DatabaseName: 'records',
  DatabaseSecretArn: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:records-a1b2c3`,
  ReaderAccountId: OTHER_ACCOUNT,
  ReaderExternalId: 'agreed-on-by-both-sides',
};

const some = (...names: string[]) => Object.fromEntries(names.map((name) => [name, EVERYTHING_GIVEN[name]]));

/** A database that is reached without a VPC, on its usual port. */
export const DATABASE_ONLY: Record<string, string> = { ...CODE, ...some('DatabaseHost', 'DatabaseSecretArn') };

/** A VPC that has its S3 endpoint already, and no database. */
export const VPC_ONLY: Record<string, string> = { ...CODE, ...some('VpcId', 'SubnetIds', 'S3PrefixListId') };

/** Nothing but the code; and no concurrency reserved. */
export const LEAST_GIVEN: Record<string, string> = { ...CODE, ReserveConcurrency: 'false' };
