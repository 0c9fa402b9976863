import os from 'node:os';
import path from 'node:path';

import { projectRoot } from './paths.mjs';

export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';

/**
 * The environment of everything that talks to local AWS. The reader's own AWS settings are taken out: with them a demo
 * could reach a real account.
 */
export function localEnvironment(endpoint, folder) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(AWS|CDK|BOTO|MINISTACK|LOCALSTACK)_/i.test(name)),
  );
  const noProxy = [env.NO_PROXY ?? env.no_proxy, '127.0.0.1', 'localhost'].filter(Boolean).join(',');
  return {
    ...env,
    NO_PROXY: noProxy,
    no_proxy: noProxy,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_S3: endpoint,
    // A 12-digit access key is the account id in local AWS.
    AWS_ACCESS_KEY_ID: ACCOUNT,
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: os.devNull,
    AWS_SHARED_CREDENTIALS_FILE: os.devNull,
    // No telemetry, no notices, no files in the reader's home.
    CDK_HOME: path.join(folder, 'cdk-home'),
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    DISABLE_VERSION_CHECK: '1',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    CI: 'true',
    NO_COLOR: '1',
  };
}

/** What local AWS itself needs on top; the functions that it runs inherit it. */
export function serverEnvironment(env, { port, temp }) {
  return {
    ...env,
    BIND_HOST: '127.0.0.1',
    MINISTACK_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    // Listeners on fixed ports, which two runs side by side would fight for.
    SFTP_ENABLED: '0',
    IOT_MTLS_ENABLED: '0',
    TMPDIR: temp,
    // The function behind CDK's closed default security group expects the SDK that Lambda's runtime carries.
    NODE_PATH: path.join(projectRoot, 'node_modules'),
  };
}
