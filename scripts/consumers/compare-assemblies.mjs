import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { Failure } from '../local-aws/failure.mjs';

const STACK = 'ClaimsStack';

/** What must not depend on the language. The asset manifest and the template hold the hashes of the assets. */
const DOCUMENTS = [
  { file: `${STACK}.template.json`, what: 'template' },
  { file: `${STACK}.assets.json`, what: 'asset manifest' },
  { file: path.join('hipaa-evidence', 'evidence.json'), what: 'evidence' },
];

/** One test for each document, of `language` against `reference`. */
export async function compareAssemblies(context, reference, language, assemblies) {
  for (const { file, what } of DOCUMENTS) {
    await context.report.test(language, `the ${what} is the one that ${reference} gets`, () => {
      for (const name of [reference, language]) {
        if (!assemblies[name]) throw new Failure({ what: `there is no assembly of ${name}` });
        requireRelease(assemblies[name], context.cdkRelease);
      }
      const [expected, got] = [reference, language].map((name) => withoutMetadata(read(assemblies[name], file)));
      if (canonical(expected) !== canonical(got)) {
        throw new Failure({ what: `${file} differs`, got: firstDifference(expected, got, reference, language) });
      }
    });
  }
}

/** Guards against comparing two releases of CDK, or one with itself by mistake. */
function requireRelease(assembly, release) {
  const { version } = read(assembly, 'tree.json').tree.constructInfo;
  if (version !== release) {
    throw new Failure({ what: `${assembly} must come from aws-cdk-lib ${release}`, got: version });
  }
}

function read(assembly, file) {
  const full = path.join(assembly, file);
  if (!existsSync(full)) throw new Failure({ what: `${full} must exist`, got: 'no such file' });
  return JSON.parse(readFileSync(full, 'utf8'));
}

/** CDKMetadata lists the packages of the program, and the language with them. */
function withoutMetadata(document) {
  delete document.Resources?.CDKMetadata;
  delete document.Conditions?.CDKMetadataAvailable;
  return document;
}

/** JSON with sorted keys; the order of a list counts. */
function canonical(value) {
  return JSON.stringify(value, (_key, inner) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function firstDifference(expected, got, reference, language, at = '$') {
  const bothObjects = [expected, got].every((value) => value && typeof value === 'object');
  if (bothObjects && Array.isArray(expected) === Array.isArray(got)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(got)])) {
      if (canonical(expected[key]) !== canonical(got[key])) {
        return firstDifference(expected[key], got[key], reference, language, `${at}.${key}`);
      }
    }
  }
  const show = (value) => (canonical(value) ?? 'nothing').slice(0, 200);
  return `${at}\n${reference}: ${show(expected)}\n${language}: ${show(got)}`;
}
