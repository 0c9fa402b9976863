import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/*
 * What the guide promises of its commands. A promise belongs to the block that holds its words; `before` sets what local
 * AWS leaves out.
 */

const FUNCTION_STATE = 'aws lambda get-function-configuration --function-name $FUNCTION --query';

/** Where a secret must not stand, whoever asks CloudFormation. */
const TOLD = [
  'aws cloudformation describe-stacks --stack-name $STACK',
  'aws cloudformation get-template --stack-name $STACK',
  'aws cloudformation describe-stack-events --stack-name $STACK',
];

async function telling(shell, text) {
  for (const command of TOLD) {
    const { output } = await shell.run(command);
    if (output.includes(text)) return true;
  }
  return false;
}

const password = async (shell) => (await shell.run(`${FUNCTION_STATE} Environment.Variables.DATABASE_PASSWORD --output text`)).output;

export const PROMISES = [
  {
    words: 'incoming/first delivery.ndjson" > event.json',
    check: async ({ check, output }) => check('a second delivery writes nothing', output.includes('nothing was written')),
  },
  {
    words: 'cat > patients.ndjson',
    check: async ({ check, output }) => {
      check('the manifest says COMPLETED', /"status":\s*"COMPLETED"/.test(output));
      check('the record has lost its name and the rest of its ZIP code', /"postalCode":"430"/.test(output) && !/Example|43004|1980-02/.test(output));
    },
  },
  {
    words: 'no record at all',
    check: async ({ check, output }) => check('a file without records fails for good', /"status":\s*"FAILED"/.test(output) && output.includes('SRC_UNKNOWN_FORMAT')),
  },
  {
    words: 'deploy DatabaseHost=$DATABASE_HOST',
    check: async ({ check, shell }) => {
      check('the secret reaches the function by reference', await password(shell), 'to be rotated');
      check('CloudFormation tells it nobody', await telling(shell, 'to be rotated'), false);
    },
  },
  {
    words: 'deploy ConfigVersion=2',
    // Local AWS looks for changes in the template's text, and not in the values that parameters bring.
    before: async ({ folder }) => {
      const file = path.join(folder, 'patient-records.json');
      writeFileSync(file, readFileSync(file, 'utf8').replace('De-identifies new patient records', 'De-identifies patient records'));
    },
    check: async ({ check, shell }) => check('a new ConfigVersion has the secret read again', await password(shell), 'rotated'),
  },
  {
    words: 'incoming/second.ndjson',
    before: async ({ shell }) =>
      shell.run(
        'aws lambda update-function-configuration --function-name $FUNCTION --query FunctionName --dead-letter-config ' +
          'TargetArn=$(aws sqs get-queue-attributes --queue-url $QUEUE --attribute-names QueueArn --query Attributes.QueueArn --output text)',
      ),
    check: async ({ check, shell }) => {
      check('the object whose event failed is where it was', (await shell.run('aws s3api head-object --bucket $BUCKET --key incoming/second.ndjson --query ContentLength')).ok);
      check('no result was written for it', (await shell.run('manifests | wc -w')).output, '2');
    },
  },
  {
    words: 'aws sqs receive-message',
    check: async ({ check, folder }) => {
      const file = path.join(folder, 'event.json');
      const event = JSON.parse(readFileSync(file, 'utf8'));
      // Local AWS wraps it as for a destination; AWS sends the event as it came.
      const asItCame = event.requestPayload ?? event;
      writeFileSync(file, JSON.stringify(asItCame));
      check('the failure queue holds the notification', asItCame.Records?.[0]?.s3?.object?.key, 'incoming/second.ndjson');
    },
  },
  {
    words: '--query FunctionError',
    check: async ({ check, output }) => check('the kept event is processed', output.split('\n').includes('None')),
  },
  {
    words: 'deploy CodeKey=$CODE_KEY',
    check: async ({ check, shell }) => {
      const parameter = "Stacks[0].Parameters[?ParameterKey=='ConfigVersion'].ParameterValue";
      const { output } = await shell.run(`aws cloudformation describe-stacks --stack-name $STACK --query "${parameter}" --output text`);
      check('what a deployment does not name stays as it was', output, '2');
    },
  },
  {
    words: 'aws sts assume-role',
    check: async ({ check, output }) => check('the reader sees manifests', /processed\/manifests\/.*\.json/.test(output)),
  },
  {
    words: 'aws kms get-key-rotation-status',
    check: async ({ check, output }) => {
      check('the bucket is versioned, encrypted and closed', /Enabled/.test(output) && /AES256/.test(output) && (output.match(/: true/g) ?? []).length >= 5);
      check('logs stay 90 days under the key of the stack', /90,\s*"arn:aws:kms:/.test(output));
    },
  },
  {
    words: 'aws cloudformation delete-stack --stack-name $STACK\naws cloudformation wait',
    unless: 'patient-records-test.json',
    check: async ({ check, shell }) => {
      check('the function is gone', (await shell.run(`${FUNCTION_STATE} FunctionName 2>&1 || echo GONE`)).output.includes('GONE'));
      check('records, results and the pseudonym key are retained', Number((await shell.run('aws s3 ls --recursive s3://$BUCKET | wc -l')).output) >= 8);
    },
  },
  {
    words: 'patient-records-test.json',
    check: async ({ check, shell }) => {
      const bucket = 'aws s3api head-bucket --bucket patient-records-$ACCOUNT-test 2>&1 || echo GONE';
      check('the stack for tests is gone with its bucket', (await shell.run(bucket)).output.includes('GONE'));
    },
  },
];
