/**
 * What CloudFormation would make of a template and its parameters, as far as our templates go: it checks parameters and
 * rules, leaves out what conditions leave out, and puts values in place of references. Whatever it does not know is an
 * error, never a guess.
 */

export type Value = string | number | boolean | Value[] | { [key: string]: Value };
export type Properties = Record<string, Value>;

export interface RawResource {
  Type: string;
  Properties: Properties;
  Condition?: string;
  DependsOn?: string[];
  DeletionPolicy?: Value;
  UpdateReplacePolicy?: Value;
}

export interface RawParameter {
  Type: string;
  Description?: string;
  Default?: string | number;
  AllowedPattern?: string;
  AllowedValues?: string[];
  MinValue?: number;
  MaxValue?: number;
  ConstraintDescription?: string;
  NoEcho?: boolean;
}

export interface RawTemplate {
  Parameters: Record<string, RawParameter>;
  Rules: Record<string, { RuleCondition?: Value; Assertions: { Assert: Value; AssertDescription: string }[] }>;
  Conditions: Record<string, Value>;
  Resources: Record<string, RawResource>;
  Outputs: Record<string, { Description?: string; Value: Value; Condition?: string }>;
}

export interface Deployment {
  readonly resources: Record<string, { readonly type: string; readonly properties: Properties }>;
  readonly outputs: Record<string, Value>;
}

export const ACCOUNT = '111122223333';
export const REGION = 'us-east-2';
const PSEUDO: Record<string, string> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Region': REGION,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
};
const NO_VALUE = Symbol('AWS::NoValue');
type Resolved = Value | typeof NO_VALUE;

/** Why CloudFormation would not even begin; empty where it would. */
export function refusals(template: RawTemplate, given: Record<string, string>): string[] {
  const unknown = Object.keys(given).filter((name) => !(name in template.Parameters));
  const constraints = Object.entries(template.Parameters).flatMap(([name, parameter]) =>
    constraintBroken(parameter, given[name] ?? parameter.Default) ? [`parameter ${name}`] : [],
  );
  if (unknown.length + constraints.length > 0) return [...unknown.map((name) => `unknown ${name}`), ...constraints];
  const resolver = new Resolver(template, given);
  return Object.entries(template.Rules)
    .filter(([, { RuleCondition }]) => RuleCondition === undefined || resolver.isTrue(RuleCondition))
    .flatMap(([name, { Assertions }]) =>
      Assertions.filter(({ Assert }) => !resolver.isTrue(Assert)).map(() => `rule ${name}`),
    );
}

function constraintBroken(parameter: RawParameter, value: string | number | undefined): boolean {
  if (value === undefined) return true;
  const { AllowedPattern, AllowedValues, MinValue = -Infinity, MaxValue = Infinity } = parameter;
  if (parameter.Type === 'Number' && !(Number(value) >= MinValue && Number(value) <= MaxValue)) return true;
  if (AllowedValues && !AllowedValues.includes(String(value))) return true;
  return AllowedPattern !== undefined && !new RegExp(`^(?:${AllowedPattern})$`).test(String(value));
}

/** Throws where a value leads nowhere. */
export function deploy(template: RawTemplate, given: Record<string, string>): Deployment {
  const resolver = new Resolver(template, given);
  const resources = Object.entries(template.Resources)
    .filter(([, { Condition }]) => Condition === undefined || resolver.condition(Condition))
    .map(([id, { Type, Properties }]) => [id, { type: Type, properties: resolver.value(Properties) }]);
  const outputs = Object.entries(template.Outputs)
    .filter(([, { Condition }]) => Condition === undefined || resolver.condition(Condition))
    .map(([id, { Value: value }]) => [id, resolver.value(value)]);
  return { resources: Object.fromEntries(resources), outputs: Object.fromEntries(outputs) } as Deployment;
}

class Resolver {
  constructor(
    private readonly template: RawTemplate,
    private readonly given: Record<string, string>,
  ) {}

  public value(value: Value): Resolved {
    if (Array.isArray(value)) return value.map((item) => this.value(item)).filter((item) => item !== NO_VALUE);
    if (typeof value !== 'object') return value;
    const [[key, argument] = ['', ''], ...more] = Object.entries(value);
    if (more.length === 0 && (key === 'Ref' || key.startsWith('Fn::'))) return this.call(key, argument);
    const members = Object.entries(value).map(([name, item]) => [name, this.value(item)]);
    return Object.fromEntries(members.filter(([, item]) => item !== NO_VALUE)) as Properties;
  }

  public isTrue(expression: Value): boolean {
    const [[key, argument]] = Object.entries(expression);
    const list = argument as Value[];
    requireArguments(key, list);
    switch (key) {
      case 'Condition':
        return this.condition(String(argument));
      case 'Fn::Not':
        return !this.isTrue(list[0]);
      case 'Fn::And':
        return list.every((item) => this.isTrue(item));
      case 'Fn::Equals':
        return String(this.value(list[0])) === String(this.value(list[1]));
      default:
        throw new Error(`condition must be Condition, Not, And or Equals, got ${key}; teach the resolver`);
    }
  }

  public condition(name: string): boolean {
    const expression = this.template.Conditions[name];
    if (expression === undefined) throw new Error(`condition ${name} must exist, got none`);
    return this.isTrue(expression);
  }

  private call(key: string, argument: Value): Resolved {
    const list = argument as Value[];
    requireArguments(key, list);
    switch (key) {
      case 'Ref':
        return this.ref(String(argument));
      case 'Fn::GetAtt':
        return this.attribute(String(list[0]), String(list[1]));
      case 'Fn::Sub':
        return String(argument).replace(/\$\{([^!}]+)\}/g, (_whole, name: string) => this.substitute(name));
      case 'Fn::If':
        return this.value(this.condition(String(list[0])) ? list[1] : list[2]);
      case 'Fn::Split':
        return String(this.value(list[1])).split(String(list[0]));
      default:
        throw new Error(`function must be one that our templates use, got ${key}; teach the resolver`);
    }
  }

  private substitute(name: string): string {
    const [id, attribute] = name.split('.');
    return String(attribute === undefined ? this.ref(id) : this.attribute(id, attribute));
  }

  private ref(name: string): Resolved {
    if (name === 'AWS::NoValue') return NO_VALUE;
    if (name in PSEUDO) return PSEUDO[name];
    const parameter = this.template.Parameters[name];
    if (parameter) return this.given[name] ?? parameter.Default ?? missing(`value of ${name}`);
    const { Type, Properties } = this.made(name);
    if (Type === 'AWS::KMS::Key') return `id-of-${name}`;
    if (Type === 'AWS::SQS::Queue') {
      return `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${this.name(Properties.QueueName)}`;
    }
    if (Type === 'AWS::IAM::ManagedPolicy') {
      return `arn:aws:iam::${ACCOUNT}:policy/${this.name(Properties.ManagedPolicyName)}`;
    }
    const nameProperty = {
      'AWS::S3::Bucket': 'BucketName',
      'AWS::Lambda::Function': 'FunctionName',
      'AWS::Logs::LogGroup': 'LogGroupName',
    }[Type];
    return this.name(Properties[nameProperty ?? missing(`reference to ${Type}`)]);
  }

  private attribute(id: string, attribute: string): string {
    const { Type, Properties } = this.made(id);
    switch (`${Type}.${attribute}`) {
      case 'AWS::S3::Bucket.Arn':
        return `arn:aws:s3:::${this.name(Properties.BucketName)}`;
      case 'AWS::Lambda::Function.Arn':
        return `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${this.name(Properties.FunctionName)}`;
      case 'AWS::SQS::Queue.Arn':
        return `arn:aws:sqs:${REGION}:${ACCOUNT}:${this.name(Properties.QueueName)}`;
      case 'AWS::IAM::Role.Arn':
        return `arn:aws:iam::${ACCOUNT}:role/${this.name(Properties.RoleName)}`;
      case 'AWS::KMS::Key.Arn':
        return `arn:aws:kms:${REGION}:${ACCOUNT}:key/id-of-${id}`;
      case 'AWS::EC2::SecurityGroup.GroupId':
        return 'sg-0fedcba9876543210';
      default:
        return missing(`${Type}.${attribute}`);
    }
  }

  private made(id: string): RawResource {
    const resource = this.template.Resources[id];
    if (!resource) return missing(`resource ${id}`);
    if (resource.Condition !== undefined && !this.condition(resource.Condition)) {
      missing(`resource ${id}, left out here`);
    }
    return resource;
  }

  private name(value: Value | undefined): string {
    return value === undefined ? missing('name') : String(this.value(value));
  }
}

/** How many arguments CloudFormation wants, at least and at most. */
const ARGUMENTS: Record<string, [number, number]> = {
  'Fn::Not': [1, 1],
  'Fn::And': [2, 10],
  'Fn::Equals': [2, 2],
  'Fn::If': [3, 3],
  'Fn::Split': [2, 2],
  'Fn::GetAtt': [2, 2],
};

function requireArguments(name: string, list: Value[]): void {
  const [least, most] = ARGUMENTS[name] ?? [0, Infinity];
  if (least === 0 || (list?.length >= least && list.length <= most)) return;
  throw new Error(`${name} must have ${least} to ${most} arguments, got ${list?.length}; mend the template`);
}

function missing(what: string): never {
  throw new Error(`template must lead to a ${what}, got nothing there`);
}
