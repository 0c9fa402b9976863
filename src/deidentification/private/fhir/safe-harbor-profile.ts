import type { ElementField, ElementTable } from './element-table';
import { DROP, type FhirProfile, MODIFIER, type ProfileDecision } from './profile';
import * as harbor from './safe-harbor';
import type { CompiledField, NodeKind } from './tables';

/** Fields with a guard of their own, by type and name. Their siblings decide too, so the node has a kind. */
const GUARDED: Readonly<Record<string, CompiledField>> = {
  'Coding.system': ['system'],
  'Coding.code': ['coded'],
  'Address.state': ['state'],
  'Address.postalCode': ['zip3'],
  'Reference.reference': ['ref'],
};

const KINDS: Readonly<Record<string, NodeKind>> = {
  Coding: 'coding',
  Reference: 'reference',
  Address: 'address',
  Age: 'age',
};

/** 45 CFR 164.514(b)(2) as an allow-list, resolved field by field. */
export class SafeHarborProfile implements FhirProfile {
  public readonly keeps = false;

  /** @param resourceTypes number of the value set that holds the names of resource types */
  constructor(
    private readonly table: ElementTable,
    private readonly resourceTypes: number,
  ) {}

  public kindOf(type: string, ages: boolean): NodeKind {
    const { fields } = this.table.types[type];
    if (KINDS[type]) return KINDS[type];
    if (harbor.QUANTITY_TYPES.includes(type)) return ages ? 'age' : 'quantity';
    if (fields.deceasedBoolean) return 'mortal';
    if (harbor.MEASURES[type]) return 'observed';
    if (harbor.ANSWERS.includes(type)) return 'answer';
    return fields.code?.type === 'CodeableConcept' && (fields.valueQuantity || fields.valueRange)
      ? 'observed'
      : 'plain';
  }

  public decide(owner: string, name: string, field: ElementField, ages: boolean): ProfileDecision {
    const { type } = field;
    const path = `${owner}.${name}`;
    // No data type of R4 has one of its own, but a source that writes one means it.
    if (name === 'modifierExtension') return { action: MODIFIER };
    if (path === 'Patient.extension') return { extensions: harbor.PATIENT_EXTENSIONS };
    if (harbor.DROPPED_PATHS.includes(path) || harbor.DROPPED_TYPES.includes(type) || type === 'Extension') {
      return { action: DROP };
    }
    const guarded = GUARDED[path];
    if (guarded) return { action: guarded };
    if (path === 'Reference.type') return { action: ['code', this.resourceTypes] };
    if (harbor.QUANTITY_TYPES.includes(owner) || owner === 'Age') {
      if (name === 'unit' || name === 'system') return { action: [name] };
      if (name === 'code') return { action: ['coded'] };
    }
    if (type === 'Resource') return { action: ['resource'] };
    if (this.table.types[type].kind !== 'primitive') return this.entrance(owner, name, field, ages);
    if (type === 'id') return { action: name === 'id' ? ['id'] : DROP };
    return { action: primitive(field, this.isMeasured(owner, field) || harbor.ANSWERS.includes(owner)) };
  }

  private entrance(owner: string, name: string, field: ElementField, ages: boolean): ProfileDecision {
    const spans = ['Range', 'Ratio', ...harbor.QUANTITY_TYPES].includes(field.type);
    const counted = spans && (ages || (field.type === 'Range' && harbor.AGE_RANGES.includes(field.choice ?? name)));
    return { enter: { ages: counted, byCode: spans && this.isMeasured(owner, field) } };
  }

  /** Whether a code in the object says what the value of the field is. */
  private isMeasured(owner: string, { choice }: ElementField): boolean {
    return choice === (harbor.MEASURES[owner] ?? 'value') && this.kindOf(owner, false) === 'observed';
  }
}

/** @param measured whether the value may be an age: the object's code says so, or nothing says what else it is */
function primitive(field: ElementField, measured: boolean): CompiledField {
  if (field.type === 'code') return field.valueSet === undefined ? DROP : ['code', field.valueSet];
  if (harbor.YEAR_PRIMITIVES.includes(field.type)) return ['year', field.type];
  if (!harbor.KEPT_PRIMITIVES.includes(field.type)) return DROP;
  const aged = measured && field.type !== 'boolean';
  return aged ? ['keep', field.type, 'age'] : ['keep', field.type];
}
