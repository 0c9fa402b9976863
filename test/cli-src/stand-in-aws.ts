import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';

interface Command {
  readonly constructor: { readonly name: string };
  readonly input: Readonly<Record<string, unknown>>;
}

interface StoredVersion {
  readonly Key: string;
  readonly VersionId: string;
  readonly Size?: number;
  /** Denied by the bucket's policy. */
  readonly locked?: boolean;
}

export interface StandInStack {
  readonly outputs: Record<string, string>;
  readonly buckets: Record<string, { readonly name: string; readonly deletionPolicy?: string }>;
}

const PAGE = 3;

/** A stand-in for an account: its stacks, buckets and queues, as far as the commands ask for them. */
export class StandInAws {
  public readonly stacks: Record<string, StandInStack> = {};
  public readonly versions: Record<string, StoredVersion[]> = {};
  public readonly uploads: Record<string, string[]> = {};
  public readonly queues: Record<string, string[]> = {};
  /** Of each bucket; and those that have a lifecycle. */
  public readonly versioning: Record<string, object> = {};
  public readonly lifecycles: readonly string[] = [];
  /** Names of the calls that change something. */
  public readonly changes: string[] = [];

  /** Puts itself behind the clients that the commands make. */
  public install(): void {
    for (const client of [CloudFormationClient, S3Client, SQSClient]) {
      const prototype: { send(command: Command): Promise<unknown> } = client.prototype;
      jest.spyOn(prototype, 'send').mockImplementation(async (command) => this.answer(command));
    }
  }

  private answer({ constructor: { name }, input }: Command): unknown {
    const bucket = String(input.Bucket);
    const queue = String(input.QueueUrl);
    const stack = this.stacks[String(input.StackName)];
    switch (name) {
      case 'DescribeStacksCommand':
        if (!stack) throw Object.assign(new Error('Stack does not exist'), { name: 'ValidationError' });
        return {
          Stacks: [
            { Outputs: Object.entries(stack.outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })) },
          ],
        };
      case 'ListStackResourcesCommand':
        return {
          StackResourceSummaries: Object.entries(stack.buckets).map(([LogicalResourceId, resource]) => ({
            LogicalResourceId,
            PhysicalResourceId: resource.name,
            ResourceType: 'AWS::S3::Bucket',
          })),
        };
      case 'GetTemplateCommand': {
        const resources = Object.entries(stack.buckets).map(([id, { deletionPolicy }]) => [
          id,
          { Type: 'AWS::S3::Bucket', DeletionPolicy: deletionPolicy },
        ]);
        return { TemplateBody: JSON.stringify({ Resources: Object.fromEntries(resources) }) };
      }
      case 'GetBucketVersioningCommand':
        return this.versioning[bucket] ?? {};
      case 'GetBucketLifecycleConfigurationCommand':
        if (this.lifecycles.includes(bucket)) return { Rules: [{}] };
        throw Object.assign(new Error('no lifecycle'), { name: 'NoSuchLifecycleConfiguration' });
      case 'ListObjectVersionsCommand': {
        // The marker says where to go on, as names do: what was deleted since does not move it.
        const marker =
          input.KeyMarker === undefined ? '' : `${String(input.KeyMarker)} ${String(input.VersionIdMarker)}`;
        const listed = (this.versions[bucket] ?? []).filter((each) => `${each.Key} ${each.VersionId}` > marker);
        const last = listed[PAGE - 1];
        return {
          Versions: listed.slice(0, PAGE - 1),
          DeleteMarkers: listed.slice(PAGE - 1, PAGE),
          IsTruncated: listed.length > PAGE,
          NextKeyMarker: last?.Key,
          NextVersionIdMarker: last?.VersionId,
        };
      }
      case 'DeleteObjectsCommand': {
        this.changes.push(name);
        const { Objects } = input.Delete as { Objects: StoredVersion[] };
        const asked = (each: StoredVersion) =>
          Objects.some((o) => o.Key === each.Key && o.VersionId === each.VersionId);
        const refused = this.versions[bucket].filter((each) => asked(each) && each.locked);
        this.versions[bucket] = this.versions[bucket].filter((each) => !asked(each) || each.locked);
        return { Errors: refused.map(({ Key }) => ({ Key, Code: 'AccessDenied' })) };
      }
      case 'ListMultipartUploadsCommand':
        return { Uploads: (this.uploads[bucket] ?? []).map((UploadId) => ({ Key: 'k', UploadId })) };
      case 'AbortMultipartUploadCommand':
        this.changes.push(name);
        this.uploads[bucket] = this.uploads[bucket].filter((id) => id !== input.UploadId);
        return {};
      case 'ListObjectsV2Command': {
        const listed = this.versions[bucket].filter(({ Key }) => Key.startsWith(String(input.Prefix)));
        const from = Number(input.ContinuationToken ?? 0);
        const rest = listed.length > from + PAGE;
        return {
          Contents: listed.slice(from, from + PAGE).map((each) => ({ ...each, ETag: '"e"' })),
          IsTruncated: rest,
          NextContinuationToken: rest ? String(from + PAGE) : undefined,
        };
      }
      case 'GetQueueAttributesCommand':
        return { Attributes: { ApproximateNumberOfMessages: String(this.queues[queue].length) } };
      case 'ReceiveMessageCommand': {
        const received = this.queues[queue].slice(0, Number(input.MaxNumberOfMessages));
        return { Messages: received.map((Body) => ({ Body, ReceiptHandle: Body })) };
      }
      case 'SendMessageBatchCommand':
        this.changes.push(name);
        this.queues[queue].push(...(input.Entries as Array<{ MessageBody: string }>).map((each) => each.MessageBody));
        return {};
      case 'DeleteMessageBatchCommand': {
        this.changes.push(name);
        const handles = (input.Entries as Array<{ ReceiptHandle: string }>).map((each) => each.ReceiptHandle);
        this.queues[queue] = this.queues[queue].filter((body) => !handles.includes(body));
        return {};
      }
      default:
        throw new Error(`the stand-in knows no ${name}`);
    }
  }
}
