import type { CompiledFhir, CompiledField, CompiledNode } from './tables';

type Graph = Pick<CompiledFhir, 'resources' | 'nodes' | 'extensions' | 'cases'>;

const DROP: CompiledField = ['drop'];

/**
 * The same decisions in fewer nodes: objects of which nothing is kept are dropped where they stand, and nodes that
 * decide alike are one.
 */
export function smallerGraph(graph: Graph): Graph {
  return merged(withoutDeadEnds(graph));
}

function withoutDeadEnds(graph: Graph): Graph {
  const alive = aliveNodes(graph);
  const isAlive = (action: CompiledField): boolean => leavesSomething(action, graph, alive);
  const alone = (action: CompiledField): CompiledField =>
    action[0] === 'whole' && !alive.has(action[2] as number) ? ['whole', action[1]] : action;
  const cases = graph.cases.map(({ conditions, actions }) => ({
    conditions,
    actions: actions.map((action) => (isAlive(action) || action[0] === 'modifier' ? alone(action) : DROP)),
  }));
  const nodes = graph.nodes.map((node) => {
    const fields: Record<string, CompiledField> = {};
    for (const [name, action] of Object.entries(node.fields)) {
      if (isAlive(action) || action[0] === 'modifier') fields[name] = alone(action);
      // Known names stay, so that one that comes twice is noticed.
      else if (!name.startsWith('_')) fields[name] = DROP;
    }
    return { ...node, fields };
  });
  return { ...graph, nodes, cases };
}

/** Nodes under which something may be kept: the least set that says so of itself. */
function aliveNodes(graph: Graph): Set<number> {
  const alive = new Set<number>();
  for (let before = -1; before < alive.size;) {
    before = alive.size;
    graph.nodes.forEach(({ fields }, number) => {
      if (!alive.has(number) && Object.entries(fields).some(([name, action]) => keeps(name, action))) alive.add(number);
    });
  }
  return alive;

  function keeps(name: string, action: CompiledField): boolean {
    // An extension's URL alone says nothing.
    return !(name === 'url' && action[0] === 'keep') && leavesSomething(action, graph, alive);
  }
}

function leavesSomething([action, first, second]: CompiledField, graph: Graph, alive: ReadonlySet<number>): boolean {
  switch (action) {
    case 'drop':
    case 'modifier':
      return false;
    case 'walk':
      return alive.has(first as number) || alive.has(second as number);
    case 'cases':
      return graph.cases[first as number].actions.some((one) => leavesSomething(one, graph, alive));
    default:
      return true;
  }
}

/** Splits classes of nodes until those of one class decide alike, down to all that they lead to; then one stands for all. */
function merged(graph: Graph): Graph {
  let classes = numbered(graph.nodes.map(({ name, kind }) => `${name} ${kind}`));
  for (let before = 0; before < count(classes);) {
    before = count(classes);
    classes = numbered(graph.nodes.map((node, number) => `${classes[number]} ${signature(node, graph, classes)}`));
  }
  return renumbered(graph, classes);
}

function signature(node: CompiledNode, graph: Graph, classes: readonly number[]): string {
  return Object.entries(node.fields)
    .map(([name, action]) => `${name}:${contentOf(action, graph, classes)}`)
    .join();
}

function contentOf([action, ...args]: CompiledField, graph: Graph, classes: readonly number[]): string {
  const [first] = args;
  if (action === 'walk') return `walk ${args.map((node) => classes[node as number]).join(' ')}`;
  if (action === 'whole') {
    return `whole ${first} ${args
      .slice(1)
      .map((node) => classes[node as number])
      .join()}`;
  }
  if (action === 'extension') {
    const set = graph.extensions[first as number];
    return `extension ${Object.entries(set).map(([url, node]) => `${url} ${classes[node]}`)}`;
  }
  if (action !== 'cases') return `${action} ${args.join(' ')}`;
  const { conditions, actions } = graph.cases[first as number];
  return JSON.stringify([conditions, actions.map((one) => contentOf(one, graph, classes))]);
}

function numbered(keys: readonly string[]): number[] {
  const known = new Map<string, number>();
  return keys.map((key) => {
    const number = known.get(key) ?? known.size;
    known.set(key, number);
    return number;
  });
}

function count(classes: readonly number[]): number {
  return new Set(classes).size;
}

/** Copies what is reached from the roots, once per class, in the order in which it is reached. */
function renumbered(graph: Graph, classes: readonly number[]): Graph {
  const nodes: CompiledNode[] = [];
  const extensions: Record<string, number>[] = [];
  const cases: { conditions: Graph['cases'][number]['conditions']; actions: CompiledField[] }[] = [];
  const numbers = new Map<number, number>();
  const known = { extension: new Map<string, number>(), cases: new Map<string, number>() };
  const resources = Object.fromEntries(Object.entries(graph.resources).map(([type, node]) => [type, copyNode(node)]));
  return { resources, nodes, extensions, cases };

  function copyNode(node: number): number {
    const done = numbers.get(classes[node]);
    if (done !== undefined) return done;
    const { name, kind, fields } = graph.nodes[node];
    const copied: Record<string, CompiledField> = {};
    const number = nodes.push({ name, kind, fields: copied }) - 1;
    numbers.set(classes[node], number);
    for (const [field, action] of Object.entries(fields)) copied[field] = copyAction(action);
    return number;
  }

  function copyAction(action: CompiledField): CompiledField {
    const [what, first, ...rest] = action;
    if (what === 'walk') return ['walk', ...new Set([first, ...rest].map((node) => copyNode(node as number)))];
    if (what === 'whole') return ['whole', first, ...rest.map((node) => copyNode(node as number))];
    if (what !== 'extension' && what !== 'cases') return action;
    const content = contentOf(action, graph, classes);
    const number = known[what].get(content);
    if (number !== undefined) return [what, number];
    if (what === 'extension') {
      const set: Record<string, number> = {};
      known.extension.set(content, extensions.push(set) - 1);
      for (const [url, node] of Object.entries(graph.extensions[first as number])) set[url] = copyNode(node);
    } else {
      const { conditions, actions } = graph.cases[first as number];
      const copy = { conditions, actions: [] as CompiledField[] };
      known.cases.set(content, cases.push(copy) - 1);
      copy.actions.push(...actions.map(copyAction));
    }
    return [what, known[what].get(content)!];
  }
}
