import { createHash } from 'node:crypto';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';

interface StoredObject {
  readonly body: Buffer;
  readonly versionId: string;
}

/** A stand-in for S3 on the wire, for one bucket whose policy asks every put for AES256. Single puts only. */
export class StandInS3 {
  public static async start(): Promise<StandInS3> {
    const s3 = new StandInS3();
    await new Promise<void>((resolve) => s3.server.listen(0, '127.0.0.1', resolve));
    return s3;
  }

  public readonly objects = new Map<string, StoredObject>();
  /** Method and key of each request that would change something. */
  public readonly writes: string[] = [];
  private readonly server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => this.answer(request, Buffer.concat(chunks), response));
  });

  public get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public put(key: string, body: string | Buffer): void {
    this.objects.set(key, { body: Buffer.from(body), versionId: `v${this.objects.size + 1}` });
  }

  public keys(prefix = ''): string[] {
    return [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  public text(key: string): string {
    return this.objects.get(key)!.body.toString('utf8');
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer({ method, url, headers }: http.IncomingMessage, body: Buffer, response: http.ServerResponse): void {
    const { pathname, searchParams } = new URL(url ?? '/', this.endpoint);
    const key = decodeURIComponent(pathname.split('/').slice(2).join('/'));
    const found = this.objects.get(key);
    const refuse = (status: number, code: string): void => void response.writeHead(status).end(refusal(code));
    if (searchParams.has('versions')) return void response.end(this.versions(searchParams.get('prefix') ?? ''));
    if (method === 'PUT') {
      this.writes.push(`PUT ${key}`);
      if (headers['x-amz-server-side-encryption'] !== 'AES256') return refuse(403, 'AccessDenied');
      if (headers['if-none-match'] === '*' && found) return refuse(412, 'PreconditionFailed');
      this.put(key, body);
      return void response.setHeader('etag', eTagOf(body)).end();
    }
    if (method !== 'GET' && method !== 'HEAD') {
      this.writes.push(`${method} ${key}`);
      return refuse(501, 'NotImplemented');
    }
    const version = searchParams.get('versionId');
    if (!found || (version && version !== found.versionId)) return refuse(404, 'NoSuchKey');
    response.writeHead(200, {
      etag: eTagOf(found.body),
      'content-length': found.body.length,
      'last-modified': 'Tue, 05 Mar 2024 12:00:00 GMT',
      'x-amz-version-id': found.versionId,
    });
    response.end(method === 'GET' ? found.body : undefined);
  }

  private versions(prefix: string): string {
    const listed = this.keys(prefix).map((key) => {
      const { body, versionId } = this.objects.get(key)!;
      return `<Version><Key>${key}</Key><VersionId>${versionId}</VersionId><ETag>${eTagOf(body)}</ETag></Version>`;
    });
    return `<ListVersionsResult>${listed.join('')}</ListVersionsResult>`;
  }
}

function eTagOf(body: Buffer): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}

function refusal(code: string): string {
  return `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`;
}
