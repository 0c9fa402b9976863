import type { ElementGraph } from './element-graph';
import { problemOfPrimitive } from './primitive-form';
import { isObject } from '../policy-file';
import { didYouMean } from '../suggestion';
import type { Json } from '../value-rule';

/** The constant that stands in for a value of this type; undefined where it cannot. */
export function substituteFor(graph: ElementGraph, type: string, given: unknown): Json | undefined {
  return problemOfSubstitute(graph, type, given) === undefined ? converted(graph, type, given) : undefined;
}

/** Why a constant cannot stand in for a value of this type; undefined where it can. */
export function problemOfSubstitute(graph: ElementGraph, type: string, given: unknown): string | undefined {
  if (!graph.isPrimitive(type)) return isObject(given) ? problemOfObject(graph, type, given) : `${type} is an object`;
  return problemOfPrimitive(type, converted(graph, type, given));
}

function problemOfObject(
  graph: ElementGraph,
  type: string,
  given: Readonly<Record<string, unknown>>,
): string | undefined {
  const fields = graph.fields(type);
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(fields, name)) {
      return `${type} has no ${name}; ${didYouMean(name, Object.keys(fields)) || 'its elements are those of R4'}`;
    }
    const { type: inner, many } = fields[name];
    if (Array.isArray(value) !== (many ?? false)) return `${type}.${name} is ${many ? 'a list' : 'no list'}`;
    if (isEmpty(value)) return `${type}.${name} is empty; leave it out`;
    for (const item of many ? (value as unknown[]) : [value]) {
      if (isEmpty(item)) return `${type}.${name} is empty; leave it out`;
      const problem = problemOfSubstitute(graph, inner, item);
      if (problem) return `${type}.${name}: ${problem}`;
    }
  }
  return undefined;
}

/** FHIR has no empty text, list or object within another. */
function isEmpty(value: unknown): boolean {
  return value === '' || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}

/** Microsoft's files write every constant as a text: a number's text is taken as the number. */
function converted(graph: ElementGraph, type: string, given: unknown): Json {
  if (typeof given !== 'string' || !graph.isPrimitive(type)) return given as Json;
  if (type === 'boolean') return given === 'true' ? true : given === 'false' ? false : given;
  const isNumber = ['decimal', 'integer', 'unsignedInt', 'positiveInt'].includes(type);
  return isNumber && /^-?\d+(\.\d+)?$/.test(given) ? Number(given) : given;
}
