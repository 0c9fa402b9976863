/**
 * Writes the documentation's table of the eighteen identifiers from the policy that runs:
 *
 *     tsx build-src/identifier-table.ts OUT
 */
import { writeFileSync } from 'node:fs';
import { identifierPage } from './identifier-table/page';
import { DeidPolicy } from '../src/deidentification/deid-policy';

writeFileSync(process.argv[2], identifierPage(DeidPolicy.safeHarbor()._compile()));
