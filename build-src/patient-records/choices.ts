import {
  CfnCondition,
  CfnRule,
  Fn,
  type ICfnConditionExpression,
  type ICfnRuleConditionExpression,
  type Stack,
} from 'aws-cdk-lib';
import type { ParameterName } from './parameters';

const ref = (name: ParameterName) => Fn.ref(name);
const isGiven = (name: ParameterName) => Fn.conditionNot(Fn.conditionEquals(ref(name), ''));

/** What is left out of a stack that does not ask for it. */
export interface Choices {
  readonly reservesConcurrency: CfnCondition;
  readonly hasVpc: CfnCondition;
  readonly makesEndpoint: CfnCondition;
  readonly hasDatabase: CfnCondition;
  readonly hasDatabaseGroup: CfnCondition;
  readonly hasReader: CfnCondition;
}

export function declareChoices(stack: Stack): Choices {
  const condition = (id: string, expression: ICfnConditionExpression) => new CfnCondition(stack, id, { expression });
  // The rules see to it that they come together. Named here as well, so that a linter sees it too.
  const hasVpc = condition('HasVpc', Fn.conditionAnd(isGiven('VpcId'), isGiven('SubnetIds')));
  return {
    reservesConcurrency: condition('ReservesConcurrency', Fn.conditionEquals(ref('ReserveConcurrency'), 'true')),
    hasVpc,
    makesEndpoint: condition('MakesEndpoint', Fn.conditionAnd(hasVpc, isGiven('RouteTableIds'))),
    hasDatabase: condition('HasDatabase', isGiven('DatabaseHost')),
    hasDatabaseGroup: condition('HasDatabaseGroup', isGiven('DatabaseSecurityGroupId')),
    hasReader: condition('HasReader', isGiven('ReaderAccountId')),
  };
}

/** Combinations that would deploy half of what was meant are refused before anything is made. */
export function declareRules(stack: Stack): void {
  needs(stack, 'VpcNeedsItsParts', given('VpcId'), 'SubnetIds', 'S3PrefixListId');
  needs(stack, 'SubnetsNeedVpc', given('SubnetIds'), 'VpcId');
  needs(stack, 'PrefixListNeedsVpc', given('S3PrefixListId'), 'VpcId');
  needs(stack, 'RouteTablesNeedVpc', given('RouteTableIds'), 'VpcId');
  needs(stack, 'DatabaseGroupNeedsVpc', given('DatabaseSecurityGroupId'), 'VpcId');
  needs(stack, 'DatabaseNeedsSecret', given('DatabaseHost'), 'DatabaseSecretArn');
  needs(stack, 'SecretNeedsDatabase', given('DatabaseSecretArn'), 'DatabaseHost');
  needs(stack, 'DatabaseInVpcNeedsGroup', given('VpcId', 'DatabaseHost'), 'DatabaseSecurityGroupId');
  needs(stack, 'ReaderNeedsExternalId', given('ReaderAccountId'), 'ReaderExternalId');
  needs(stack, 'ExternalIdNeedsReader', given('ReaderExternalId'), 'ReaderAccountId');
}

interface Given {
  readonly names: ParameterName[];
  readonly condition: ICfnRuleConditionExpression;
}

function given(...names: ParameterName[]): Given {
  const each = names.map(isGiven);
  return { names, condition: each.length === 1 ? each[0] : Fn.conditionAnd(...each) };
}

function needs(stack: Stack, id: string, { names, condition }: Given, ...needed: ParameterName[]): void {
  new CfnRule(stack, id, {
    ruleCondition: condition,
    assertions: needed.map((name) => ({
      assert: isGiven(name),
      assertDescription: `${name} must be given with ${names.join(' and ')}; give it, or leave ${names[0]} empty`,
    })),
  });
}
