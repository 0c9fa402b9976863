import type { PolicySource } from './compile-policy';
import { explainColumn } from './explain-csv';
import { explainFhir, type Explanation } from './explain-fhir';
import { explainField, isHl7Path } from './explain-hl7v2';
import { readElementTable } from './fhir/element-table';

const COLUMN = 'csv:';

/**
 * What a policy does with an element of FHIR (`Patient.name`), a field of HL7 v2 (`PID-5`) or a column (`csv:ZIP`); an
 * answer for each type of a choice, and for each case of a condition.
 *
 * @throws Error for a path that FHIR R4 or HL7 v2 does not know
 */
export function explain(source: PolicySource, path: string): readonly Explanation[] {
  const { settings } = source;
  if (path.startsWith(COLUMN)) return [explainColumn(settings, source.csv, path.slice(COLUMN.length))];
  if (isHl7Path(path)) return [explainField(settings, source.hl7v2, path)];
  return explainFhir(readElementTable(), settings, source.fhirPathRules, source.parameters, path);
}
