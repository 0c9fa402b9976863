import * as fc from 'fast-check';

process.env.CDK_VALIDATION = 'false';

/** One seed for all, so that a red run tells of a change and not of the day; `PROPERTY_SEED=random npm test` looks further. */
const { PROPERTY_SEED = '1' } = process.env;
if (PROPERTY_SEED !== 'random') fc.configureGlobal({ seed: Number(PROPERTY_SEED) });
