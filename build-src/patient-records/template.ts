import { App } from 'aws-cdk-lib';
import { importable, type Sections } from './importable';
import { inReadingOrder } from './order';
import { pretty } from './pretty';
import { PatientRecordsStack } from './stack';
import { asSubstitutions } from './substitutions';
import type { Variant } from './variant';

export const TEMPLATES: Readonly<Record<string, () => Sections>> = {
  'patient-records.json': () => synthesize({ retain: true }),
  'patient-records-test.json': () => synthesize({ retain: false }),
  'patient-records-import.json': () => importable(synthesize({ retain: true })),
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
export function renderTemplate(name: string): string {
  const render = TEMPLATES[name];
  if (!render) throw new Error(`name must be one of ${Object.keys(TEMPLATES).join(', ')}, got ${name}; choose one`);
  const all = render();
  const unknown = Object.keys(all).filter((section) => !SECTIONS.includes(section));
  if (unknown.length > 0) {
    throw new Error(`sections must be of a plain template, got ${unknown.join(', ')}; find what made them`);
  }
  const ordered = SECTIONS.filter((section) => section in all).map((section) => [section, all[section]]);
  return `${pretty(inReadingOrder(Object.fromEntries(ordered)))}\n`;
}

function synthesize(variant: Variant): Sections {
  const app = new App({ analyticsReporting: false, treeMetadata: false });
  const stack = new PatientRecordsStack(app, 'PatientRecords', variant);
  const made: unknown = app.synth().getStackArtifact(stack.artifactId).template;
  return { AWSTemplateFormatVersion: '2010-09-09', ...(asSubstitutions(made) as Sections) };
}
