import { didYouMean } from '../suggestion';

/** One step of a rule's path, from a node to those that it selects below (or to fewer of the same). */
export type PathStep =
  /** Elements by name; `onset` stands for every type of a choice. */
  | { readonly is: 'child'; readonly name: string }
  /** The node itself and all below it, within one resource, that have the type or the name. */
  | { readonly is: 'nodes'; readonly by: 'type' | 'name'; readonly value: string }
  | { readonly is: 'as'; readonly type: string }
  | { readonly is: 'where'; readonly field: string; readonly equals: string };

export interface RulePath {
  /** Type of the resource that the path begins at; absent for any. */
  readonly start?: string;
  readonly steps: readonly PathStep[];
}

/** A path that cannot be read: the message says what must be, and how to write it. */
export class PathError extends Error {}

/** The abstract types: a path that begins with one is for every resource. */
export const ANY_RESOURCE: readonly string[] = ['Resource', 'DomainResource'];

const FUNCTIONS = ['nodesByType', 'nodesByName', 'where'];
const FORM = "a path must read like Patient.name.family, nodesByType('T'), nodesByName('n') or \"x as T\"";

/** FHIRPath has more; where ours says the same in another way, that way is named. */
const OTHER_FUNCTIONS: Readonly<Record<string, string>> = {
  ofType: 'write (x as T) instead of x.ofType(T)',
  as: 'write (x as T) instead of x.as(T)',
  extension: "write extension.where(url = '...') instead of extension('...')",
  descendants: "write nodesByType('T') or nodesByName('n') instead of descendants()",
  children: 'name the elements instead of children()',
  first: 'a rule holds for every item: leave it out',
  last: 'a rule holds for every item: leave it out',
};

type Token = { readonly kind: 'name' | 'text' | 'sign'; readonly text: string };

/**
 * Reads a path in the syntax of Microsoft's rules: `Type.a.b`, `[Type.]nodesByType('T').a`, `nodesByName('n')`,
 * `x as T`, `(x as T).a`, `x.where(field = 'literal')`.
 *
 * @throws PathError
 */
export function parsePath(text: string): RulePath {
  const parser = new PathParser(tokensOf(text));
  const steps = parser.expression();
  parser.end();
  const [first] = steps;
  if (first?.is === 'child' && /^[A-Z]/.test(first.name)) return { start: first.name, steps: steps.slice(1) };
  if (first?.is === 'nodes') return { steps };
  throw new PathError('a path must begin with a resource type or nodesBy..., got an element; write Patient.name, say');
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /\s*(?:([A-Za-z_]\w*)|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(\S))/y;
  const end = text.trimEnd();
  while (pattern.lastIndex < end.length) {
    const [, name, single, double, sign] = pattern.exec(end)!;
    const quoted = single ?? double;
    if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted.replace(/\\(.)/g, '$1') });
    else tokens.push({ kind: 'sign', text: sign });
  }
  return tokens;
}

class PathParser {
  private at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  public expression(): PathStep[] {
    const steps = this.isSign('(') ? this.parenthesised() : [this.call()];
    while (this.takeSign('.')) steps.push(this.call());
    // FHIRPath's "as" binds looser than a dot: it means all before it.
    if (this.peek()?.kind === 'name' && this.peek()!.text === 'as') {
      this.at++;
      steps.push({ is: 'as', type: this.name('a type after "as"') });
    }
    return steps;
  }

  public end(): void {
    const rest = this.peek();
    if (!rest) return;
    if (rest.text === '|') throw new PathError('a rule must have one path, got "|"; write a rule for each side');
    if (rest.text === '[') throw new PathError('a path means every item and every type, got "["; leave [...] out');
    throw new PathError(`${FORM}, got "${rest.text}" after what could be read; write one rule for one path`);
  }

  private parenthesised(): PathStep[] {
    this.sign('(');
    const steps = this.expression();
    if (!this.isSign(')')) this.end();
    this.sign(')');
    return steps;
  }

  private call(): PathStep {
    const name = this.name('an element');
    if (!this.takeSign('(')) return { is: 'child', name };
    const step = this.argumentsOf(name);
    this.sign(')');
    return step;
  }

  private argumentsOf(name: string): PathStep {
    if (name === 'nodesByType') return { is: 'nodes', by: 'type', value: this.text("a type in quotes: 'HumanName'") };
    if (name === 'nodesByName') return { is: 'nodes', by: 'name', value: this.text("an element's name in quotes") };
    if (name === 'where') return this.condition();
    const hint = OTHER_FUNCTIONS[name] ?? (didYouMean(name, FUNCTIONS) || `${FORM}`);
    throw new PathError(`the functions of a path are ${FUNCTIONS.join(', ')}, got ${name}(); ${hint}`);
  }

  private condition(): PathStep {
    const form = "where must read like where(use = 'home')";
    const field = this.name('an element', form);
    if (!this.takeSign('=')) throw new PathError(`${form}, got "${this.peek()?.text ?? 'its end'}" after ${field}`);
    const equals = this.text('a text in quotes', form);
    const next = this.peek()?.text;
    if (next === 'and' || next === 'or') {
      const hint = next === 'and' ? 'chain them: .where(a = ...).where(b = ...)' : 'write a rule for each side';
      throw new PathError(`${form}, got "${next}"; ${hint}`);
    }
    return { is: 'where', field, equals };
  }

  private peek(): Token | undefined {
    return this.tokens[this.at];
  }

  private isSign(sign: string): boolean {
    return this.peek()?.kind === 'sign' && this.peek()!.text === sign;
  }

  private takeSign(sign: string): boolean {
    if (!this.isSign(sign)) return false;
    this.at++;
    return true;
  }

  private sign(sign: string): void {
    if (!this.takeSign(sign)) throw new PathError(`${FORM}, got ${this.found()} instead of "${sign}"`);
  }

  private name(what: string, form = FORM): string {
    const token = this.peek();
    if (token?.kind !== 'name') throw new PathError(`${form}, got ${this.found()} instead of ${what}`);
    this.at++;
    return token.text;
  }

  private text(what: string, form = FORM): string {
    const token = this.peek();
    if (token?.kind !== 'text') throw new PathError(`${form}, got ${this.found()} instead of ${what}`);
    this.at++;
    return token.text;
  }

  private found(): string {
    const token = this.peek();
    return token ? `"${token.text}"` : 'its end';
  }
}
