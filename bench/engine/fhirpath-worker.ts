import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import * as fhirpath from 'fhirpath';
import * as r4 from 'fhirpath/fhir-context/r4';
import { measured } from '../measure';

/**
 * Paths of the sample configuration of Microsoft's tool, of the types that Synthea writes. A tool that takes rules as
 * FHIRPath evaluates each of them on every record; what it then does to the nodes that were found is not measured.
 */
const PATHS = [
  'Patient.name', 'Patient.telecom', 'Patient.address', 'Patient.birthDate', 'Patient.deceased', 'Patient.contact',
  'Patient.identifier.value', 'Encounter.period', 'Encounter.participant.individual.display', 'Encounter.identifier.value',
  'Condition.onset', 'Condition.abatement', 'Condition.recordedDate', 'Condition.note',
  'Observation.value', 'Observation.effective', 'Observation.issued', 'Observation.component.value',
  'Procedure.performed', 'Claim.created',
]; // prettier-ignore

type Rule = (resource: object) => unknown;

/** Of each path a rule: parsed once, or anew for each record, as `evaluate` does. */
const RULES: Readonly<Record<string, (path: string) => Rule>> = {
  fhirpath: (path) => (resource) => fhirpath.evaluate(resource, path, undefined, r4 as fhirpath.Model),
  'fhirpath-compiled': (path) => fhirpath.compile(path, r4 as fhirpath.Model) as Rule,
};

/** Reads `bytes` of the file: at this speed, more would only take longer. */
async function evaluate(way: string, file: string, bytes: number): Promise<number> {
  const rules = PATHS.map(RULES[way]);
  let records = 0;
  let found = 0;
  let line: string | undefined;
  for await (const next of createInterface(createReadStream(file, { end: bytes - 1 }))) {
    // The last line is cut.
    if (line !== undefined) {
      const resource = JSON.parse(line) as object;
      for (const rule of rules) found += (rule(resource) as unknown[]).length;
      records++;
    }
    line = next;
  }
  if (found < records) throw new Error(`at least ${records} nodes must be found, got ${found}; look at the paths`);
  return records;
}

measured(() => evaluate(process.argv[2], process.argv[3], Number(process.argv[4])));
