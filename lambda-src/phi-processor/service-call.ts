import { S3Client } from '@aws-sdk/client-s3';
import { StoreError } from '../commit';

/** One call of an AWS service that speaks JSON: a request of a few bytes needs no client of its own in the bundle. */
export interface ServiceCall {
  /** Name of the service in its host and in signatures. */
  readonly service: 'kms' | 'secretsmanager';
  /** As the `X-Amz-Target` header has it. */
  readonly target: string;
  readonly input: Readonly<Record<string, string>>;
}

const ATTEMPTS = 3;
const TIMEOUT_MS = 5_000;

/** Calls a service with region, credentials, signer and connection of an S3 client, which are in the bundle anyway. */
export async function callService(client: S3Client, call: ServiceCall): Promise<Record<string, unknown>> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await callOnce(client, call);
    } catch (error) {
      if (!(error instanceof Retryable)) throw error;
      if (attempt === ATTEMPTS) throw error.failure;
      await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** attempt * Math.random()));
    }
  }
}

async function callOnce(client: S3Client, { service, target, input }: ServiceCall): Promise<Record<string, unknown>> {
  const region = await client.config.region();
  const url = new URL(endpointOf(service, region));
  const signer = await signerOf(client, service, region);
  const request = await signer.sign({
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port && { port: Number(url.port) }),
    path: '/',
    query: {},
    headers: { host: url.host, 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
    body: JSON.stringify(input),
  });
  const { status, requestId, text } = await send(client, request as HandlerRequest);
  const answer = parse(text);
  if (status === 200) return answer;
  const failure = new StoreError(codeOf(answer.__type), requestId);
  const passing = status >= 500 || failure.code === 'ThrottlingException';
  throw passing ? new Retryable(failure) : failure;
}

type HandlerRequest = Parameters<S3Client['config']['requestHandler']['handle']>[0];

interface Answer {
  readonly status: number;
  readonly requestId?: string;
  readonly text: string;
}

async function send({ config }: S3Client, request: HandlerRequest): Promise<Answer> {
  try {
    // The handler's own timeout for a request is a warning in its log.
    const { response } = await config.requestHandler.handle(request, { abortSignal: AbortSignal.timeout(TIMEOUT_MS) });
    const text = await textOf(response.body);
    return { status: response.statusCode, requestId: response.headers['x-amzn-requestid'], text };
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    throw new Retryable(new StoreError(codeOf(code ?? name)));
  }
}

/** Of a client made for it: the first signature would rename the service of the client that it is taken from. */
async function signerOf({ config }: S3Client, signingName: string, signingRegion: string) {
  const { credentials, requestHandler } = config;
  const { signer } = new S3Client({ region: signingRegion, credentials, requestHandler }).config;
  return signer({ name: 'sigv4', signingName, signingRegion, properties: {} });
}

class Retryable extends Error {
  constructor(public readonly failure: StoreError) {
    super(failure.code);
  }
}

/** The settings by which AWS's own clients are pointed elsewhere hold here too. */
function endpointOf(service: string, region: string): string {
  const { AWS_ENDPOINT_URL: all, [`AWS_ENDPOINT_URL_${service === 'kms' ? 'KMS' : 'SECRETS_MANAGER'}`]: own } =
    process.env;
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return own ?? all ?? `https://${service}.${region}.${suffix}`;
}

/** `com.amazonaws.kms#DisabledException` is `DisabledException`; anything that is no code stays unsaid. */
function codeOf(said: unknown): string {
  const code = typeof said === 'string' ? said.slice(said.lastIndexOf('#') + 1) : '';
  return /^\w{1,60}$/.test(code) ? code : 'UNKNOWN';
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): Record<string, unknown> {
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer === 'object' && answer !== null) return answer as Record<string, unknown>;
  } catch {
    // The parser's message would quote the answer, which holds a key.
  }
  return {};
}
