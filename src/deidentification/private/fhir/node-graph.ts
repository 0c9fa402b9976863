import type { ElementGraph } from './element-graph';
import type { ElementField } from './element-table';
import { deathsAreDropped, sameAction } from './field-actions';
import { actionOf, DROP, type Entrance, type FhirProfile, MODIFIER, type ProfileDecision } from './profile';
import type { RuleEffects } from './rule-effects';
import { NO_RULES, type RuleAutomaton, type RuleState } from './rule-positions';
import type { ExtensionRule } from './safe-harbor';
import type { CompiledCases, CompiledField, CompiledNode, NodeKind } from './tables';

/** How the compiler came to an object: what is decided in it depends on that. */
interface Way {
  readonly state: RuleState;
  /** Whether numbers in it count years of age although nothing in the type says so. */
  readonly ages: boolean;
  /** Whether the profile enters it too; otherwise only rules keep something in it. */
  readonly entered: boolean;
}

/** Guards that judge a whole by these fields: one that a rule drops must not be judged as if it were there. */
const JUDGED: Readonly<Partial<Record<NodeKind, readonly string[]>>> = {
  coding: ['system', 'code'],
  quantity: ['value'],
  age: ['value'],
};

/** A field that a rule decides, and what the profile would have made of it. */
export interface RuleDecision {
  readonly rule: number;
  /** Whether the rule matches the field itself, and not only something that it is in. */
  readonly direct: boolean;
  readonly owner: string;
  readonly name: string;
  readonly action: CompiledField;
  readonly profile: CompiledField;
}

/** What the graph is made from. */
export interface GraphParts {
  readonly elements: ElementGraph;
  readonly profile: FhirProfile;
  /** What decides over ages as one object. */
  readonly ageProfile: FhirProfile;
  readonly automaton: RuleAutomaton;
  readonly effects: RuleEffects;
  readonly onDecision?: (decision: RuleDecision) => void;
}

/** Builds the graph of nodes: one per type, and more where the way to a type changes what is decided in it. */
export class NodeGraph {
  public readonly nodes: CompiledNode[] = [];
  public readonly extensions: Record<string, number>[] = [];
  public readonly cases: CompiledCases[] = [];
  private readonly numbers = new Map<string, number>();

  constructor(
    private readonly parts: GraphParts,
    public readonly valueSets: (readonly string[])[],
  ) {}

  public root(type: string): number {
    return this.node(type, { state: this.parts.automaton.start(type), ages: false, entered: true });
  }

  private node(type: string, way: Way): number {
    const { state, ages, entered } = way;
    const key = `${type} ${ages} ${entered} ${state.rule} ${state.waiting.join()}`;
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const { elements } = this.parts;
    const fields: Record<string, CompiledField> = {};
    const name = elements.isPrimitive(type) ? 'Element' : type;
    const number = this.nodes.push({ name, kind: 'plain', fields }) - 1;
    this.numbers.set(key, number);
    if (elements.isResource(type)) fields.resourceType = ['type'];
    for (const [fieldName, field] of Object.entries(elements.fields(type))) {
      fields[fieldName] = this.field(type, fieldName, field, way);
      const extended = elements.isPrimitive(field.type) ? this.extended(fieldName, field, way) : undefined;
      if (extended) fields[`_${fieldName}`] = extended;
    }
    if (!this.parts.profile.keeps) fields.modifierExtension ??= MODIFIER;
    this.nodes[number] = { name, kind: this.kindOf(type, way, fields), fields };
    return number;
  }

  /** Drops what a guard must not see, and says what guards the rest. */
  private kindOf(type: string, way: Way, fields: Record<string, CompiledField>): NodeKind {
    const kind = this.guardOf(type, way, fields);
    if (way.state !== NO_RULES) {
      for (const name of JUDGED[kind] ?? []) if (fields[name]?.[0] === 'drop') delete fields[name];
    }
    return kind;
  }

  private guardOf(type: string, { state, ages, entered }: Way, fields: Record<string, CompiledField>): NodeKind {
    const { profile, ageProfile, effects, elements } = this.parts;
    if (state.rule >= 0 && effects.isAge(state.rule, type)) return ageProfile.kindOf(type, true);
    const actions = Object.values(fields).flatMap((field) => this.actionsOf(field));
    const judges = state.rule < 0 || actions.some((action) => effects.needsGuard(action));
    const kind = judges && entered && !elements.isPrimitive(type) ? profile.kindOf(type, ages) : 'plain';
    if (kind === 'mortal' && state !== NO_RULES && deathsAreDropped(fields)) return 'plain';
    return kind === 'plain' && type === 'Extension' && !profile.keeps ? 'extension' : kind;
  }

  private actionsOf(field: CompiledField): readonly CompiledField[] {
    return field[0] === 'cases' ? this.cases[field[1] as number].actions : [field];
  }

  private field(owner: string, name: string, field: ElementField, way: Way): CompiledField {
    return this.under(owner, name, field, this.profileOf(owner, name, field, way), way);
  }

  /** What the rules make of a field, case by case, where the profile would make this of it. */
  private under(owner: string, name: string, field: ElementField, profile: ProfileDecision, way: Way): CompiledField {
    if (way.state === NO_RULES) return this.decided(owner, name, field, profile, NO_RULES, way);
    const { conditions, states } = this.parts.automaton.enter(way.state, field.choice ?? name, field.type);
    const actions = states.map((state) =>
      this.decided(owner, name, field, profile, this.heard(state, field, profile), way),
    );
    const [first] = actions;
    if (actions.every((action) => sameAction(action, first))) return first;
    return ['cases', this.cases.push({ conditions, actions }) - 1];
  }

  private profileOf(owner: string, name: string, field: ElementField, { state, ages, entered }: Way): ProfileDecision {
    const { profile, ageProfile, effects } = this.parts;
    if (state.rule >= 0 && effects.isAge(state.rule, owner)) return ageProfile.decide(owner, name, field, true);
    if (entered) return profile.decide(owner, name, field, ages);
    const modifies = name === 'modifierExtension' && !profile.keeps;
    return { action: modifies ? MODIFIER : owner === 'Extension' && name === 'url' ? ['keep', 'uri'] : DROP };
  }

  /**
   * An allow-list does not know what an extension says: only rules that name it decide in it. Without this, a rule for
   * every `HumanName` would keep the names in extensions that nobody has thought of.
   */
  private heard(state: RuleState, field: ElementField, profile: ProfileDecision): RuleState {
    if (field.type !== 'Extension' || this.parts.profile.keeps || 'extensions' in profile || state.direct) return state;
    return this.isNamed(state) ? state : { ...state, waiting: [] };
  }

  private decided(
    owner: string,
    name: string,
    field: ElementField,
    profile: ProfileDecision,
    state: RuleState,
    from: Way,
  ): CompiledField {
    const { elements, effects } = this.parts;
    if (elements.isResource(field.type)) return this.resource(field.type, state);
    if (!elements.isPrimitive(field.type)) {
      return state.rule < 0
        ? this.byProfile(field.type, profile, state)
        : this.byRule(owner, name, field.type, profile, state);
    }
    const before = actionOf(profile);
    if (state.rule < 0) return before;
    // An age is one with its unit and comparator, and judged by the profile that knows ages.
    const isPartOfAge = from.state.rule === state.rule && effects.isAge(state.rule, owner);
    const action = isPartOfAge ? before : effects.primitive(state.rule, owner, name, field.type, before);
    this.parts.onDecision?.({ rule: state.rule, direct: state.direct, owner, name, action, profile: before });
    return action;
  }

  /** A rule stops at another resource, unless it removes that very one. */
  private resource(type: string, state: RuleState): CompiledField {
    if (state.direct && this.parts.effects.drops(state.rule)) return DROP;
    return type === 'Resource' ? ['resource'] : ['walk', this.root(type)];
  }

  private byProfile(type: string, profile: ProfileDecision, state: RuleState): CompiledField {
    if ('action' in profile) {
      const open = state.waiting.length > 0 && profile.action[0] !== 'modifier';
      return open ? ['walk', this.node(type, { state, ages: false, entered: false })] : profile.action;
    }
    if ('extensions' in profile) {
      // What a rule names is no longer looked up by the URLs that the profile knows.
      if (state.direct || this.isNamed(state)) return ['walk', this.node(type, { state, ages: false, entered: false })];
      return ['extension', this.extensionSet(profile.extensions, state)];
    }
    return this.entrance(type, state, profile.enter);
  }

  private byRule(owner: string, name: string, type: string, profile: ProfileDecision, state: RuleState): CompiledField {
    const { effects, profile: whole } = this.parts;
    // What a rule around an extension keeps or changes, it does not mean in an extension that nobody has named.
    const isMeant = state.direct || whole.keeps || type !== 'Extension' || owner === 'Extension';
    // Without it the rest would say something else.
    if (name === 'modifierExtension' && !whole.keeps && !(isMeant && effects.keeps(state.rule))) return MODIFIER;
    if (!isMeant && state.waiting.length === 0) {
      const isKnown = 'extensions' in profile && effects.keeps(state.rule);
      return isKnown ? ['extension', this.extensionSet(profile.extensions, NO_RULES)] : DROP;
    }
    const instead = effects.object(state.rule, type);
    if (instead) return this.substituted(type, instead, state);
    if ('enter' in profile) return this.entrance(type, state, profile.enter);
    return ['walk', this.node(type, { state, ages: false, entered: false })];
  }

  private entrance(type: string, state: RuleState, { ages, byCode }: Entrance): CompiledField {
    const node = this.node(type, { state, ages, entered: true });
    return byCode ? ['walk', node, this.node(type, { state, ages: true, entered: true })] : ['walk', node];
  }

  /** A constant stands in for an object, but not for what an earlier rule decides in it. */
  private substituted(type: string, instead: CompiledField, state: RuleState): CompiledField {
    if (state.waiting.length === 0) return instead;
    const node = this.node(type, { state, ages: false, entered: false });
    return instead === DROP ? ['walk', node] : [...instead, node];
  }

  /** `_birthDate`: the id and the extensions of a primitive. They follow its rules; a profile alone drops them. */
  private extended(name: string, field: ElementField, way: Way): CompiledField | undefined {
    const { automaton, effects, profile } = this.parts;
    if (way.state === NO_RULES && !profile.keeps) return undefined;
    const [state] = automaton.enter(way.state, field.choice ?? name, field.type).states;
    if (state.rule >= 0 && effects.object(state.rule, field.type)) return undefined;
    if (!profile.keeps && !this.isNamed(state)) return undefined;
    return ['walk', this.node(field.type, { state, ages: false, entered: profile.keeps && way.entered })];
  }

  private isNamed({ waiting }: RuleState): boolean {
    return waiting.some((position) => this.parts.automaton.isNamed(position));
  }

  private extensionSet(rules: readonly ExtensionRule[], state: RuleState): number {
    const set: Record<string, number> = {};
    const number = this.extensions.push(set) - 1;
    for (const rule of rules) set[rule.url] = this.knownExtension(rule, state);
    return number;
  }

  private knownExtension(rule: ExtensionRule, state: RuleState): number {
    const known = this.parts.elements.fields('Extension');
    const fields: Record<string, CompiledField> = { url: ['keep', 'uri'], modifierExtension: MODIFIER };
    const way = { state, ages: false, entered: true };
    for (const name of rule.values) {
      const codes = rule.codes && name === 'valueCode' ? rule.codes : undefined;
      const profile: ProfileDecision = codes
        ? { action: ['code', this.valueSets.push(codes) - 1] }
        : { enter: { ages: false, byCode: false } };
      fields[name] = this.under('Extension', name, known[name], profile, way);
    }
    if (rule.parts) {
      fields.extension = this.under('Extension', 'extension', known.extension, { extensions: rule.parts }, way);
    }
    return this.nodes.push({ name: 'Extension', kind: 'extension', fields }) - 1;
  }
}
