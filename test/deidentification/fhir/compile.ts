import { compileFhir } from '../../../src/deidentification/private/fhir/compile-fhir';
import { readElementTable } from '../../../src/deidentification/private/fhir/element-table';
import type { CompiledFhir, CompiledField } from '../../../src/deidentification/private/fhir/tables';
import { type PolicyProblem, PolicyProblems } from '../../../src/deidentification/private/policy-problems';
import type { ProfileSettings } from '../../../src/deidentification/private/profile';

export const table = readElementTable();

type Rules = readonly unknown[];
type Parameters = Readonly<Record<string, unknown>>;

export function settings(
  name: ProfileSettings['name'] = 'ms-r4-compat',
  unmatched?: 'keep' | 'redact',
): ProfileSettings {
  return {
    name,
    unmatched: unmatched ?? (name === 'ms-r4-compat' ? 'keep' : 'redact'),
    ids: 'hash',
    restrictedZip3: [],
  };
}

export class Compiled {
  public readonly fhir: CompiledFhir;
  private readonly problems = new PolicyProblems();

  constructor(profile: ProfileSettings, rules: Rules, parameters: Parameters = {}) {
    this.fhir = compileFhir(table, profile, rules, parameters, this.problems);
  }

  public get errors(): readonly PolicyProblem[] {
    return this.problems.errors;
  }

  public get warnings(): readonly PolicyProblem[] {
    return this.problems.warnings;
  }

  /** What the tables hold at the end of a way of JSON names; `drop` where they lead no further. */
  public at(path: string): CompiledField {
    const [type, ...names] = path.split('.');
    let action: CompiledField = ['walk', this.fhir.resources[type]];
    for (const name of names) {
      if (action[0] === 'drop') return action;
      if (action[0] !== 'walk') throw new Error(`${path} leads on to ${name} from ${JSON.stringify(action)}`);
      action = this.fhir.nodes[action[1] as number].fields[name] ?? ['drop'];
    }
    return action;
  }

  /** The value rule that an action names. */
  public ruleAt(path: string): unknown {
    const [action, number] = this.at(path);
    return action === 'rule' || action === 'whole' ? this.fhir.rules[number as number] : action;
  }

  public kindAt(path: string): string {
    return this.fhir.nodes[this.at(path)[1] as number].kind;
  }
}

export function compat(rules: Rules, parameters?: Parameters): Compiled {
  return new Compiled(settings(), rules, parameters);
}

export function safeHarbor(rules: Rules): Compiled {
  return new Compiled(settings('safe-harbor'), rules);
}

export function rule(path: string, method: string, rest: object = {}): object {
  return { path, method, ...rest };
}
