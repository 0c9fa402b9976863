import { App } from 'aws-cdk-lib';
import { inReadingOrder } from './order';
import { pretty } from './pretty';
import { PatientRecordsStack } from './stack';
import { asSubstitutions } from './substitutions';
import type { Variant } from './variant';

export const TEMPLATES: Readonly<Record<string, Variant>> = {
  'patient-records.json': { retain: true },
  'patient-records-test.json': { retain: false },
};

/** In the order in which a person reads: what it is, what it asks, what it makes, what it tells. */
const SECTIONS = [
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Rules',
  'Conditions',
  'Resources',
  'Outputs',
];

/** The text of one template, ending in a line break. */
export function renderTemplate(variant: Variant): string {
  const app = new App({ analyticsReporting: false, treeMetadata: false });
  const stack = new PatientRecordsStack(app, 'PatientRecords', variant);
  const made = app.synth().getStackArtifact(stack.artifactId).template as Record<string, unknown>;
  const unknown = Object.keys(made).filter((section) => !SECTIONS.includes(section));
  if (unknown.length > 0) {
    throw new Error(`sections must be of a plain template, got ${unknown.join(', ')}; find what made them`);
  }
  const all = { AWSTemplateFormatVersion: '2010-09-09', ...made };
  const sections = Object.fromEntries(SECTIONS.map((section) => [section, all[section as keyof typeof all]]));
  return `${pretty(inReadingOrder(asSubstitutions(sections)))}\n`;
}
