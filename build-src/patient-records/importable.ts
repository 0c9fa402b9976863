/** A template by section. */
export type Sections = Record<string, unknown>;

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DependsOn?: string[];
  readonly DeletionPolicy?: string;
}

/**
 * What of a template CloudFormation can import when its resources outlived their stack: those that were retained, less
 * what leads to others. (Nothing can be imported beside something that is made; the next deployment makes the rest. A
 * queue's policy has no name to import it by, and is written over.)
 */
export function importable(sections: Sections): Sections {
  const resources = Object.entries(sections.Resources as Record<string, Resource>)
    .filter(([, { Type, DeletionPolicy }]) => DeletionPolicy === 'Retain' && Type !== 'AWS::SQS::QueuePolicy')
    .map(([id, { DependsOn: _DependsOn, Properties, ...rest }]) => {
      const { NotificationConfiguration: _NotificationConfiguration, ...properties } = Properties;
      return [id, { ...rest, Properties: properties }];
    });
  const { EnvironmentSuffix } = sections.Parameters as Record<string, unknown>;
  return {
    AWSTemplateFormatVersion: sections.AWSTemplateFormatVersion,
    Description: 'Patient records: what outlived its stack, to be imported before the next deployment',
    Parameters: { EnvironmentSuffix },
    Resources: Object.fromEntries(resources),
  };
}
