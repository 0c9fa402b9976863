import type { ElementField, ElementTable } from './element-table';
import type { ExtensionRule } from './safe-harbor';
import type { CompiledField, NodeKind } from './tables';

/** A profile goes into an object; its fields are judged one by one. */
export interface Entrance {
  /** Whether a number in it counts years of age although nothing in the type says so. */
  readonly ages: boolean;
  /** Whether the code of the object around it may say so. */
  readonly byCode: boolean;
}

/** What a profile makes of a field that no rule decides. */
export type ProfileDecision =
  { readonly action: CompiledField } | { readonly enter: Entrance } | { readonly extensions: readonly ExtensionRule[] };

/** What becomes of fields where no rule decides. */
export interface FhirProfile {
  /** Whether fields that it says nothing about are kept. */
  readonly keeps: boolean;
  kindOf(type: string, ages: boolean): NodeKind;
  decide(owner: string, name: string, field: ElementField, ages: boolean): ProfileDecision;
}

export const DROP: CompiledField = ['drop'];
export const MODIFIER: CompiledField = ['modifier'];

/** What a profile alone makes of a primitive. */
export function actionOf(profile: ProfileDecision): CompiledField {
  return 'action' in profile ? profile.action : DROP;
}

/** `unmatched: keep`: all that R4 knows. Names that it does not know are dropped, for no rule could have meant them. */
export class KeepProfile implements FhirProfile {
  public readonly keeps = true;

  constructor(private readonly table: ElementTable) {}

  public kindOf(): NodeKind {
    return 'plain';
  }

  public decide(_owner: string, _name: string, { type }: ElementField): ProfileDecision {
    if (type === 'Resource') return { action: ['resource'] };
    if (this.table.types[type].kind === 'primitive') return { action: ['any'] };
    return { enter: { ages: false, byCode: false } };
  }
}
