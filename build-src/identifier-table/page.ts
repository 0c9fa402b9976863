import { csvCell, csvKept } from './csv';
import { fhirCell } from './fhir';
import { hl7Cell, hl7Kept } from './hl7v2';
import type { CompiledTables } from '../../src/deidentification/private/compiled-tables';
import { readElementTable } from '../../src/deidentification/private/fhir/element-table';
import { type IdentifierLetter, IDENTIFIERS } from '../../src/deidentification/private/identifiers';

/** The page that maps each identifier to elements, fields and columns; what it says is read from the compiled policy. */
export function identifierPage(tables: CompiledTables): string {
  const letters = Object.keys(IDENTIFIERS) as IdentifierLetter[];
  const elements = readElementTable();
  return [
    '# The eighteen identifiers of Safe Harbor',
    '',
    '<!-- Generated from the compiled policy: npx projen identifier-table -->',
    '',
    'What `DeidPolicy.safeHarbor()` does to each identifier of 45 CFR 164.514(b)(2)(i), in each format. The policy is an allow-list:',
    'elements, fields and columns that are named nowhere are removed too. Numbers in brackets count elements.',
    `Policy \`${tables.policy.profile}\`, SHA-256 \`${tables.policy.sha256}\`.`,
    '',
    'One element, field or column may hold several identifiers; ask `cdk-hipaa-pipeline policy explain` for any one of them.',
    '',
    ...letters.flatMap((letter) => [
      `## (${letter}) ${IDENTIFIERS[letter]}`,
      '',
      table(
        ['format', 'where, and what becomes of it'],
        [
          ['FHIR R4', fhirCell(letter, elements, tables.fhir)],
          ['HL7 v2', hl7Cell(letter, tables.hl7v2)],
          ['tables', csvCell(letter, tables.csv)],
        ],
      ),
      '',
    ]),
    '## What stays of HL7 v2 messages',
    '',
    'By segment and field. Everything else is removed; the segment itself stays, if the standard or a site (`Z...`) has named it.',
    '',
    table(['segment', 'fields'], hl7Kept(tables.hl7v2)),
    '',
    '## What stays of tables',
    '',
    'Names are compared without case, blanks, `_`, `-` and `.`; a column that is not known disappears.',
    '',
    table(['what', 'columns', 'becomes'], csvKept(tables.csv)),
    '',
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
