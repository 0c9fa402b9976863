import * as fs from 'node:fs';
import * as path from 'node:path';
import { renderTemplate, TEMPLATES } from './template';

const folder = process.argv[2];
if (!folder) throw new Error('one folder must be given, got none; run `npx projen patient-records`');
fs.mkdirSync(folder, { recursive: true });
for (const name of Object.keys(TEMPLATES)) fs.writeFileSync(path.join(folder, name), renderTemplate(name));
