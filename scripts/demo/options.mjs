import { parseArgs } from 'node:util';

import { Failure } from '../local-aws/failure.mjs';

export const HELP = `npm run demo [-- OPTIONS]

Deploys the example app to local AWS with the CDK CLI, processes a file of synthetic patients and shows the outcome.
Needs Node.js 20.16 and Python 3.10 or later; no AWS account, no Docker. Takes about two minutes.

  --headless     only the checks, for CI; --assert is the same
  --json         the checks and figures as one JSON document on standard output
  --keep         leave local AWS running at the end, until Ctrl-C
  --patients N   size of the file (default 25)
  --help         this text

Ends with "N passed, N failed, N skipped"; the exit code is 1 when a check failed or a step could not be done.`;

export function readOptions(args) {
  const options = {
    headless: { type: 'boolean', default: false },
    assert: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    patients: { type: 'string', default: '25' },
    help: { type: 'boolean', default: false },
  };
  let values;
  try {
    ({ values } = parseArgs({ args, options }));
  } catch (error) {
    throw new Failure({ what: 'unknown option', got: error.message, fix: 'npm run demo -- --help' });
  }
  const patients = Number(values.patients);
  if (!Number.isInteger(patients) || patients < 1 || patients > 10_000) {
    throw new Failure({ what: '--patients must be a whole number from 1 to 10000', got: values.patients });
  }
  return { ...values, headless: values.headless || values.assert, patients };
}
