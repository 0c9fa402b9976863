import { GetObjectCommand, ListObjectVersionsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { gunzipSync } from 'node:zlib';

import { waitFor } from './deployment.mjs';

/** Every version of every object of both buckets: equal lists mean that nothing was written. */
export async function inventory(clients, pipeline) {
  const objects = [];
  for (const bucket of [pipeline.dataBucket, pipeline.processedBucket]) {
    let page;
    do {
      const after = { KeyMarker: page?.NextKeyMarker, VersionIdMarker: page?.NextVersionIdMarker };
      page = await clients.s3.send(new ListObjectVersionsCommand({ Bucket: bucket, ...after }));
      for (const { Key, VersionId, ETag } of page.Versions ?? []) {
        objects.push({ bucket, key: Key, version: VersionId, eTag: ETag });
      }
    } while (page.IsTruncated);
  }
  return objects;
}

export function under(objects, bucket, prefix) {
  return objects.filter((object) => object.bucket === bucket && object.key.startsWith(prefix));
}

/** Puts a file as a producer does and returns what identifies it. */
export async function deliver(clients, pipeline, key, body) {
  const put = await clients.s3.send(new PutObjectCommand({ Bucket: pipeline.dataBucket, Key: key, Body: body }));
  return { key, versionId: put.VersionId, eTag: put.ETag.replaceAll('"', ''), size: body.length };
}

export async function read(clients, bucket, key) {
  const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return Buffer.from(await Body.transformToByteArray());
}

export async function readText(clients, url) {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(url);
  const bytes = await read(clients, bucket, key);
  return (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString();
}

/** The manifest that accounts for one version of a source object. */
export async function waitForManifest(clients, pipeline, source, options) {
  const seen = new Set();
  return waitFor(
    'the manifest',
    async () => {
      for (const { key } of under(await inventory(clients, pipeline), pipeline.processedBucket, 'manifests/')) {
        if (seen.has(key)) continue;
        seen.add(key);
        const manifest = JSON.parse(await read(clients, pipeline.processedBucket, key));
        if (manifest.source.versionId === source.versionId) return { key, manifest };
      }
      return undefined;
    },
    options,
  );
}
