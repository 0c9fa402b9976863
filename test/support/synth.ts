import * as fs from 'fs';
import * as path from 'path';
import { App, AppProps, Environment, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

/** Any value of a template or of the evidence; paths that do not exist are undefined. */
export interface Json {
  [key: string]: Json;
}

export interface ResourceJson {
  Type: string;
  Properties: Json;
  DependsOn?: string[];
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

export interface TemplateJson {
  Resources: Record<string, ResourceJson>;
  Outputs: Record<string, { Value: Json; Export?: Json }>;
}

/** A statement of any policy in a template, and where it stands. */
export interface PlacedStatement {
  readonly logicalId: string;
  readonly type: string;
  readonly statement: Json;
}

export interface TestStack {
  readonly app: App;
  readonly stack: Stack;
}

/** A stack of an app of its own, environment-agnostic unless `env` is given. */
export function testStack(options: { context?: AppProps['context']; env?: Environment; id?: string } = {}): TestStack {
  const app = new App({ context: options.context });
  return { app, stack: new Stack(app, options.id ?? 'Test', { env: options.env }) };
}

/** Synthesizes the stack's app; throws on cycles between stacks and between resources. */
export function templateOf(stack: Stack): TemplateJson {
  const template = Template.fromStack(stack).toJSON() as Partial<TemplateJson>;
  return { ...template, Resources: template.Resources ?? {}, Outputs: template.Outputs ?? {} };
}

/** The template of what `build` puts into a stack. */
export function synth(build: (stack: Stack) => unknown, options: Parameters<typeof testStack>[0] = {}): TemplateJson {
  const { stack } = testStack(options);
  build(stack);
  return templateOf(stack);
}

/** The evidence that synth writes beside the templates, for the stage that the stack is in. */
export function evidenceOf(stack: Stack): Json {
  const assembly = (Stage.of(stack) as Stage).synth();
  return JSON.parse(fs.readFileSync(path.join(assembly.directory, 'hipaa-evidence', 'evidence.json'), 'utf8')) as Json;
}

export function list(value: Json | undefined): Json[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as Json[]) : [value];
}

export function entries(template: TemplateJson, type: string): [string, ResourceJson][] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}

export function resources(template: TemplateJson, type: string): ResourceJson[] {
  return entries(template, type).map(([, resource]) => resource);
}

/** The one resource of a type whose logical id matches. */
export function one(template: TemplateJson, type: string, idPattern: RegExp = /./): ResourceJson {
  return template.Resources[idOf(template, type, idPattern)];
}

export function idOf(template: TemplateJson, type: string, idPattern: RegExp = /./): string {
  const ids = entries(template, type)
    .map(([id]) => id)
    .filter((id) => idPattern.test(id));
  if (ids.length !== 1) throw new Error(`expected one ${type} like ${idPattern}, got ${ids.length}: ${ids.join(', ')}`);
  return ids[0];
}

/** Joins, references and attributes as one readable text: `arn:${AWS::Partition}:s3:::${DataBucket}/*`. */
export function text(value: Json | undefined): string {
  if (value === undefined) return '';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.map(text).join(',');
  const [[key, argument]] = Object.entries(value);
  switch (key) {
    case 'Ref':
      return `\${${String(argument)}}`;
    case 'Fn::GetAtt':
      return `\${${list(argument).join('.')}}`;
    case 'Fn::Join':
      return list(list(argument)[1])
        .map(text)
        .join(text(list(argument)[0]));
    default:
      return JSON.stringify(value);
  }
}

export function texts(value: Json | undefined): string[] {
  return list(value).map(text);
}

const DOCUMENTS: Record<string, string> = {
  'AWS::IAM::ManagedPolicy': 'PolicyDocument',
  'AWS::IAM::Policy': 'PolicyDocument',
  'AWS::S3::BucketPolicy': 'PolicyDocument',
  'AWS::SQS::QueuePolicy': 'PolicyDocument',
  'AWS::SNS::TopicPolicy': 'PolicyDocument',
  'AWS::EC2::VPCEndpoint': 'PolicyDocument',
  'AWS::KMS::Key': 'KeyPolicy',
};

/** The statements of one resource's policy. */
export function statementsOf(resource: ResourceJson): Json[] {
  return list(resource.Properties[DOCUMENTS[resource.Type]]?.Statement);
}

/** All policy statements of a template, trust policies of roles excepted. */
export function statements(template: TemplateJson): PlacedStatement[] {
  return Object.entries(template.Resources).flatMap(([logicalId, resource]) =>
    statementsOf(resource).map((statement) => ({ logicalId, type: resource.Type, statement })),
  );
}

export function bySid(resource: ResourceJson, sid: string): Json {
  const found = statementsOf(resource).filter((statement) => text(statement.Sid) === sid);
  if (found.length !== 1) throw new Error(`expected one statement ${sid}, got ${found.length}`);
  return found[0];
}

/** What a check finds wrong with a template; nothing when all is well. */
export type Check = (template: TemplateJson) => string[];

/** Proves a check both ways: it finds nothing in the template, and something in each weakened copy. */
export function bothWays(template: TemplateJson, check: Check, ...weakenings: ((copy: TemplateJson) => void)[]): void {
  expect(check(template)).toEqual([]);
  for (const weaken of weakenings) {
    const copy = structuredClone(template);
    weaken(copy);
    expect(copy).not.toEqual(template);
    expect({ weakened: weaken.toString(), found: check(copy).length > 0 }).toEqual({
      weakened: weaken.toString(),
      found: true,
    });
  }
}

/** A value of our own for a weakened template. */
export function json(value: unknown): Json {
  return value as Json;
}
