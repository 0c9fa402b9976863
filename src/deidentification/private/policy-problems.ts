/** Where in a policy file something stands: `fhir.fhirPathRules[3]` is written as rule 4 of the section. */
export interface PolicyPlace {
  readonly section: 'file' | 'fhir' | 'hl7v2' | 'csv';
  /** Counted from 1 within the section. */
  readonly rule?: number;
  /** The rule's path or column, as written: no data, only the policy's own text. */
  readonly path?: string;
}

export type PolicyProblemCode =
  | 'POLICY_INVALID'
  | 'POLICY_UNKNOWN_PATH'
  /** Of warnings: the policy is taken as it is. */
  | 'POLICY_ADVICE';

export interface PolicyProblem extends PolicyPlace {
  readonly code: PolicyProblemCode;
  readonly severity: 'error' | 'warning';
  /** What must be, what was found, how to mend it. */
  readonly message: string;
}

/** All that is wrong with a policy: its author mends it in one go, not error by error. */
export class PolicyProblems {
  private readonly found: PolicyProblem[] = [];

  public error(
    place: PolicyPlace,
    message: string,
    code: Exclude<PolicyProblemCode, 'POLICY_ADVICE'> = 'POLICY_INVALID',
  ): void {
    this.found.push({ ...place, code, severity: 'error', message });
  }

  public warning(place: PolicyPlace, message: string): void {
    this.found.push({ ...place, code: 'POLICY_ADVICE', severity: 'warning', message });
  }

  public get all(): readonly PolicyProblem[] {
    return this.found;
  }

  public get errors(): readonly PolicyProblem[] {
    return this.found.filter(({ severity }) => severity === 'error');
  }

  public get warnings(): readonly PolicyProblem[] {
    return this.found.filter(({ severity }) => severity === 'warning');
  }
}

/** One line: code, file, rule, what is wrong. */
export function describeProblem(problem: PolicyProblem, file: string): string {
  const { code, section, rule, path, message } = problem;
  const place = [section === 'file' ? '' : section, rule === undefined ? '' : `rule ${rule}`, path ? `(${path})` : ''];
  const where = place.filter((part) => part !== '').join(' ');
  return `${code} ${file}${where === '' ? '' : `: ${where}`}: ${message}`;
}
