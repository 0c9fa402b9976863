import type { ElementTable } from '../../src/deidentification/private/fhir/element-table';
import { FHIR_IDENTIFIERS } from '../../src/deidentification/private/fhir/identifiers';
import type { CompiledField, CompiledFhir, CompiledNode } from '../../src/deidentification/private/fhir/tables';
import type { IdentifierLetter } from '../../src/deidentification/private/identifiers';

/** What an action leaves of a primitive, in words. */
const EFFECTS: Readonly<Partial<Record<CompiledField[0], string>>> = {
  drop: 'removed',
  modifier: 'the record is rejected',
  year: 'year',
  id: 'keyed code',
  ref: 'keyed code of the id',
  state: 'state',
  zip3: 'three digits, or `000`',
  system: 'URL of a published code system',
  coded: 'code',
  unit: 'unit',
  code: 'code of its value set',
  keep: 'as written',
};

/** What the compiled policy does to each place where FHIR holds an identifier, in words. */
export function fhirCell(letter: IdentifierLetter, table: ElementTable, compiled: CompiledFhir): string {
  return FHIR_IDENTIFIERS[letter].map((selector) => describe(selector, table, compiled)).join('; ');
}

function describe(selector: string, table: ElementTable, compiled: CompiledFhir): string {
  if (selector.includes('.')) return `\`${selector}\` ${effectOf(actionAt(selector, compiled), compiled)}`;
  const places = Object.entries(table.types).flatMap(([owner, { fields }]) =>
    Object.entries(fields)
      .filter(([, { type }]) => type === selector)
      .map(([name]) => `${owner}.${name}`),
  );
  const effects = new Map<string, number>();
  for (const place of places) {
    const action = actionAt(place, compiled, false);
    if (action === undefined) continue;
    const effect = effectOf(action, compiled);
    effects.set(effect, (effects.get(effect) ?? 0) + 1);
  }
  if (effects.size === 0) throw new Error(`${selector} must be a type of elements that are read, got none`);
  const parts = [...effects].sort(([, one], [, other]) => other - one);
  const words = parts.length === 1 ? parts[0][0] : parts.map(([effect, count]) => `${effect} (${count})`).join(', ');
  return `\`${selector}\` ${words}`;
}

/** The action of an element by its path; a data type or a resource that is never entered has none. */
function actionAt(path: string, compiled: CompiledFhir): CompiledField;
function actionAt(path: string, compiled: CompiledFhir, required: false): CompiledField | undefined;
function actionAt(path: string, compiled: CompiledFhir, required = true): CompiledField | undefined {
  const at = path.lastIndexOf('.');
  const node = compiled.nodes.find(({ name }) => name === path.slice(0, at));
  const action = node?.fields[path.slice(at + 1)];
  if (required && !action) throw new Error(`${path} must be an element that the policy decides over, got none`);
  return action;
}

function effectOf(field: CompiledField, compiled: CompiledFhir): string {
  const [action, argument] = field;
  if (action === 'extension') return 'removed, but US Core race, ethnicity, birth sex, sex and gender identity';
  if (action === 'keep' && argument === 'uri') return 'URL of a known extension';
  if (action === 'resource') return 'judged as a resource of its own';
  if (action !== 'walk') return EFFECTS[action]!;
  const node = compiled.nodes[argument as number];
  if (node.kind === 'age') return 'years up to 89, above them `>89`';
  const kept = keptOf(node);
  return kept.length === 0 ? 'removed' : `only ${kept.join(', ')}`;
}

function keptOf({ fields }: CompiledNode): string[] {
  return Object.entries(fields)
    .filter(([, [action]]) => action !== 'drop' && action !== 'modifier')
    .map(([name, [action]]) => (action === 'zip3' ? `\`${name}\` (${EFFECTS.zip3})` : `\`${name}\``));
}
