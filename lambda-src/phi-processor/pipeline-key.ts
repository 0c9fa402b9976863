import type { S3Client } from '@aws-sdk/client-s3';
import { KEY_SOURCE, KMS_KEY_MESSAGE, KMS_MAC_ALGORITHM } from '../../src/processing/private/handler-contract';
import { CommitError, KEY_BYTES, loadPseudonymKey, type VersionedStore } from '../commit';
import { callService } from './service-call';
import { StartError, type Settings } from './settings';

/** The pipeline's 256-bit pseudonym key, from where the settings say; once per cold start. */
export async function loadPipelineKey(
  { keySource, keyName }: Settings,
  data: VersionedStore,
  client: S3Client,
): Promise<Uint8Array> {
  switch (keySource) {
    case KEY_SOURCE.object:
      return loadPseudonymKey(data, keyName);
    case KEY_SOURCE.kmsHmac:
      return fromKms(client, keyName);
    case KEY_SOURCE.secret:
      return fromSecret(client, keyName);
    default:
      throw new StartError('CONFIG_INVALID', `the source of the pseudonym key must be one of ${SOURCES}`);
  }
}

const SOURCES = Object.values(KEY_SOURCE).join(', ');

/** The HMAC key never leaves KMS; what it makes of a fixed message is the pipeline's key. */
async function fromKms(client: S3Client, keyArn: string): Promise<Uint8Array> {
  const { Mac } = await callService(client, {
    service: 'kms',
    target: 'TrentService.GenerateMac',
    input: {
      KeyId: keyArn,
      Message: Buffer.from(KMS_KEY_MESSAGE).toString('base64'),
      MacAlgorithm: KMS_MAC_ALGORITHM,
    },
  });
  const key = Buffer.from(typeof Mac === 'string' ? Mac : '', 'base64');
  if (key.length !== KEY_BYTES) throw new CommitError('KEY_INVALID');
  return key;
}

async function fromSecret(client: S3Client, secretArn: string): Promise<Uint8Array> {
  const { SecretString } = await callService(client, {
    service: 'secretsmanager',
    target: 'secretsmanager.GetSecretValue',
    input: { SecretId: secretArn },
  });
  const hex = typeof SecretString === 'string' ? SecretString.trim() : '';
  if (!/^[0-9a-fA-F]{64}$/.test(hex)) throw new CommitError('KEY_INVALID');
  return Buffer.from(hex, 'hex');
}
