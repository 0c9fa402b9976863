import type { RawTemplate, Value } from './deploy';
import { weakenedStatements } from './mutants-of-statements';

export interface Mutant {
  readonly name: string;
  readonly template: RawTemplate;
}

type Path = (string | number)[];

/** A change that weakens nothing, and why; everything else that can be taken away must be missed. */
const HARMLESS: [RegExp, string][] = [
  [/^Resources\.\w+\.Properties\.(Group)?Description( |$)/, 'a text for people'],
  [/\.Version( |$)/, 'without policy variables both versions of the policy language say the same'],
  [/\.Sid( |$)/, 'a name; that of an allowed wildcard is held by the list'],
  [
    /^Conditions\.HasVpc\.Fn::And\.[01]\.Fn::Not\.0\.Fn::Equals\.1 changed/,
    'by the rules, VPC and subnets come together',
  ],
  [/^Resources\.\w+\.Type /, 'another type is another template'],
];

/** Everything in a template that can be taken away or turned round, one thing at a time, under one of its members. */
export function mutantsUnder(template: RawTemplate, section: keyof RawTemplate, id: string): Mutant[] {
  const root = [section, id];
  return [
    removal(template, root),
    ...pathsUnder(at(template, root), root).flatMap((path) => [removal(template, path), ...changes(template, path)]),
    ...weakenedStatements(template, root).map(({ path, value, how }) => replacement(template, path, value, how)),
  ].filter(({ name }) => !HARMLESS.some(([pattern]) => pattern.test(name)));
}

/** Every member of every object and list below, policies included. */
function pathsUnder(value: Value, path: Path): Path[] {
  if (typeof value !== 'object' || value === null || isReference(value)) return [];
  const keys = Array.isArray(value) ? value.map((_item, index) => index) : Object.keys(value);
  return keys.flatMap((key) => {
    const inner = [...path, key];
    return [inner, ...pathsUnder((value as Record<string | number, Value>)[key], inner)];
  });
}

const isReference = (value: Value) => {
  const keys = Object.keys(value);
  return keys.length === 1 && (keys[0] === 'Ref' || keys[0] === 'Fn::GetAtt' || keys[0] === 'Fn::Sub');
};

/** Another value of the same kind. Inside a policy only removals are tried here: its words are changed with their meaning. */
function changes(template: RawTemplate, path: Path): Mutant[] {
  if (path.some((key) => /PolicyDocument$|^KeyPolicy$/.test(String(key)))) return [];
  const value = at(template, path);
  if (typeof value === 'boolean') return [replacement(template, path, !value, 'turned round')];
  if (typeof value === 'number') return [replacement(template, path, value * 10 + 1, 'changed')];
  if (typeof value !== 'string' || path[0] === 'Rules') return [];
  const last = String(path.at(-1));
  if (last === 'DeletionPolicy' || last === 'UpdateReplacePolicy') {
    const other = value === 'Retain' ? 'Delete' : 'Retain';
    return [
      replacement(template, path, other, 'turned round'),
      replacement(template, path, { Ref: 'EnvironmentSuffix' }, 'no literal'),
    ];
  }
  if (['Description', 'ConstraintDescription', 'AllowedPattern'].includes(last)) return [];
  return [replacement(template, path, `${value}-changed`, 'changed')];
}

function at(template: RawTemplate, path: Path): Value {
  return path.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], template) as Value;
}

/** Of this realm, unlike `structuredClone` in Jest: comparisons are strict. */
export const copyOf = (template: RawTemplate) => JSON.parse(JSON.stringify(template)) as RawTemplate;

function removal(template: RawTemplate, path: Path): Mutant {
  const copy = copyOf(template);
  const parent = at(copy, path.slice(0, -1)) as Record<string | number, Value>;
  const key = path.at(-1)!;
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
  return { name: `${path.join('.')} removed`, template: copy };
}

function replacement(template: RawTemplate, path: Path, value: Value, how: string): Mutant {
  const copy = copyOf(template);
  (at(copy, path.slice(0, -1)) as Record<string | number, Value>)[path.at(-1)!] = value;
  return { name: `${path.join('.')} ${how}`, template: copy };
}
