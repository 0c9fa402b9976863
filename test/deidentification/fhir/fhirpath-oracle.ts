import * as fhirpath from 'fhirpath';
import * as r4 from 'fhirpath/fhir-context/r4';

/** What of fhirpath.js's nodes is used here. */
interface Node {
  readonly parentResNode: Node | null;
  readonly propName: string | null;
  readonly index: number | null;
  readonly path: string | null;
  readonly data: unknown;
  readonly _data: unknown;
  readonly fhirNodeDataType: string | null;
}

interface Model {
  readonly choiceTypePaths: Readonly<Record<string, unknown>>;
}

interface Internals {
  readonly util: { makeChildResNodes(context: unknown, parent: Node, name: string, model: Model): Node[] };
}

const { util } = fhirpath as unknown as Internals;
const model = r4 as unknown as Model;

/**
 * Where the nodes are that a path selects in a resource, by fhirpath.js and its own model of R4: `name[0].given[1]`, with
 * `''` for the resource.
 */
export function selectedBy(path: string, resource: Readonly<Record<string, unknown>>): Set<string> {
  const [, start, rest] = /^\(*([A-Z]\w*)?(.*)$/.exec(path)!;
  const anywhere = start === undefined || start === 'Resource' || start === 'DomainResource';
  if (!anywhere && resource.resourceType !== start) return new Set();
  if (anywhere && rest === '') return new Set(['']);
  // `as` takes one item only; a rule means each of them.
  const expression = path
    .replace(/ as (\w+)\)/g, ').ofType($1)')
    .replace(/ as (\w+)$/, '.ofType($1)')
    // An element whose name is a word of FHIRPath.
    .replace(/\.(div|contains|is|in)\b/g, '.`$1`');
  const options = { resolveInternalTypes: false, userInvocationTable: { nodesByType, nodesByName } };
  const evaluate = fhirpath.evaluate as (...args: unknown[]) => unknown[];
  return new Set((evaluate(resource, expression, undefined, r4, options) as Node[]).map(locationOf));
}

function locationOf(node: Node): string {
  if (!node.parentResNode) return '';
  const before = locationOf(node.parentResNode);
  return `${before}${before === '' ? '' : '.'}${node.propName!}${node.index === null ? '' : `[${node.index}]`}`;
}

const nodesByType = walkFor((node, wanted) => typeOf(node) === wanted);
const nodesByName = walkFor((node, wanted) => node.propName === wanted);

/** A function for fhirpath.js: the nodes themselves and all below them, within their resource. */
function walkFor(isWanted: (node: Node, wanted: string) => boolean): object {
  return {
    fn(this: unknown, inputs: readonly Node[], wanted: string): Node[] {
      const found: Node[] = [];
      const visit = (node: Node, isStart: boolean): void => {
        if (isWanted(node, wanted)) found.push(node);
        if (isStart || !isResource(node)) for (const child of childrenOf(this, node)) visit(child, false);
      };
      for (const node of inputs) visit(node, true);
      return [...new Map(found.map((node) => [locationOf(node), node])).values()];
    },
    arity: { 1: ['String'] },
    internalStructures: true,
  };
}

function typeOf(node: Node): string | null {
  // FHIRPath does not tell a resource's id from any other text that is no element.
  if (node.fhirNodeDataType === 'System.String') {
    return node.parentResNode && isResource(node.parentResNode) ? 'id' : 'string';
  }
  if (node.parentResNode && isResource(node)) return 'Resource';
  return node.fhirNodeDataType ?? node.path;
}

function isResource({ data }: Node): boolean {
  return isObject(data) && 'resourceType' in data;
}

function childrenOf(context: unknown, node: Node): Node[] {
  const names = [node.data, node._data]
    .filter(isObject)
    .flatMap((value) => Object.keys(value))
    .filter((name) => name !== 'resourceType')
    .map((name) => withoutType(node, name.replace(/^_/, '')));
  return [...new Set(names)].flatMap((name) => util.makeChildResNodes(context, node, name, model));
}

/** `value` for `valueString`. */
function withoutType({ path }: Node, name: string): string {
  for (let end = name.length - 1; end > 0; end--) {
    if (model.choiceTypePaths[`${path}.${name.slice(0, end)}`]) return name.slice(0, end);
  }
  return name;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
