import { isAllowed } from './support/access';
import { deploy } from './support/deploy';
import { EVERYTHING_GIVEN, LEAST_GIVEN, readTemplate } from './support/examples';
import { expectations } from './support/expectations';
import { placesOf } from './support/places';

/*
 * What the policies of a deployed stack allow, decided by an evaluator of IAM policies that is not ours.
 */

describe.each([
  [
    'patient-records.json with every option',
    'patient-records.json',
    EVERYTHING_GIVEN,
    'prod',
    { guarded: true, options: true },
  ],
  ['patient-records.json with none', 'patient-records.json', LEAST_GIVEN, 'dev', { guarded: true, options: false }],
  [
    'patient-records-test.json',
    'patient-records-test.json',
    EVERYTHING_GIVEN,
    'prod',
    { guarded: false, options: true },
  ],
] as const)('%s', (_title, file, given, suffix, kind) => {
  const deployment = deploy(readTemplate(file), given);

  test.each(Object.entries(expectations(placesOf(suffix), kind)))('%s', async (_name, attempts) => {
    expect(attempts.map(({ may }) => may)).toContain(true);
    expect(attempts.map(({ may }) => may)).toContain(false);
    for (const attempt of attempts) {
      expect({ ...attempt, may: await isAllowed(deployment, attempt) }).toEqual(attempt);
    }
  });
});
