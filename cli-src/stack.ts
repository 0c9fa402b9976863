import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { CliError } from './command';

/** What a pipeline of a stack tells of itself, by the end of the output's key. */
export type OutputName = 'QueueUrl' | 'DeadLetterQueueUrl' | 'DataBucketName' | 'AllowDestroy';

/** Before it stands the pipeline's id; after it, in a nested construct, the hash that CDK appends. */
const OUTPUT_KEY = /^(.*?)(DeadLetterQueueUrl|QueueUrl|DataBucketName|AllowDestroy)([0-9A-F]{8})?$/;

export interface PipelineOutputs {
  readonly id: string;
  readonly values: Readonly<Partial<Record<OutputName, string>>>;
}

/** One deployed stack, read by its own account of itself. */
export class DeployedStack {
  constructor(
    private readonly client: CloudFormationClient,
    public readonly name: string,
  ) {}

  /** The pipelines of the stack, by the outputs they write. */
  public async pipelines(): Promise<PipelineOutputs[]> {
    const { Stacks = [] } = await this.client.send(new DescribeStacksCommand({ StackName: this.name })).catch(absent);
    const found = new Map<string, Partial<Record<OutputName, string>>>();
    for (const { OutputKey = '', OutputValue = '' } of Stacks[0]?.Outputs ?? []) {
      const match = OUTPUT_KEY.exec(OutputKey);
      if (!match) continue;
      const [, id, output] = match;
      found.set(id, { ...found.get(id), [output]: OutputValue });
    }
    return [...found].map(([id, values]) => ({ id, values }));
  }

  /** Names of the stack's buckets, with their ids in the template. */
  public async buckets(): Promise<Array<{ readonly logicalId: string; readonly name: string }>> {
    const buckets = [];
    for await (const page of paginateListStackResources({ client: this.client }, { StackName: this.name })) {
      for (const resource of page.StackResourceSummaries ?? []) {
        const { ResourceType, LogicalResourceId: logicalId, PhysicalResourceId: name, ResourceStatus } = resource;
        const exists = ResourceStatus !== 'DELETE_COMPLETE';
        if (ResourceType === 'AWS::S3::Bucket' && logicalId && name && exists) buckets.push({ logicalId, name });
      }
    }
    return buckets;
  }

  /** Ids in the template of buckets that are kept when the stack is deleted. */
  public async retainedBuckets(): Promise<string[]> {
    const { TemplateBody = '' } = await this.client.send(new GetTemplateCommand({ StackName: this.name }));
    const template = parseTemplate(TemplateBody);
    return Object.entries(template.Resources ?? {})
      .filter(([, { Type, DeletionPolicy }]) => Type === 'AWS::S3::Bucket' && (DeletionPolicy ?? 'Delete') !== 'Delete')
      .map(([logicalId]) => logicalId);
  }
}

interface Template {
  readonly Resources?: Readonly<Record<string, { readonly Type?: string; readonly DeletionPolicy?: string }>>;
}

function parseTemplate(body: string): Template {
  try {
    return JSON.parse(body);
  } catch {
    throw new CliError('the template of the stack must be JSON, as CDK deploys it, got something else');
  }
}

function absent(error: { readonly name?: string; readonly message?: string }): never {
  if (error.name === 'ValidationError') {
    throw new CliError(
      '--stack must name a deployed stack, got one that is not there; check name, account and --region',
    );
  }
  throw error;
}

/** Picks one pipeline among those that have all of the outputs asked for. */
export function choosePipeline(
  pipelines: readonly PipelineOutputs[],
  needed: readonly OutputName[],
  id: string | undefined,
): Record<string, string> {
  const complete = pipelines.filter(({ values }) => needed.every((name) => values[name]));
  const listed = complete.map((pipeline) => pipeline.id || '(none)').join(', ');
  const chosen = id === undefined ? complete : complete.filter((pipeline) => pipeline.id === id);
  if (complete.length === 0) {
    throw new CliError(`the stack must have outputs that end in ${needed.join(', ')}, got none; is it a pipeline's?`);
  }
  if (chosen.length === 0) throw new CliError(`--pipeline must be one of ${listed}, got another`);
  if (chosen.length > 1) throw new CliError(`the stack has several pipelines: choose with --pipeline one of ${listed}`);
  return { ...chosen[0].values };
}
