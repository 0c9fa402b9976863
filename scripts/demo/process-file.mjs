import { compareRecords } from './before-and-after.mjs';
import { logLines } from './deployment.mjs';
import { sumOf, waitForMetric } from './function-log.mjs';
import { deliver, inventory, read, readText, under, waitForManifest } from './objects.mjs';
import { sendEvent } from './queues.mjs';
import { parseLines } from './synthetic-file.mjs';

// Producers put names into object keys: this one must not come out on the other side.
const KEY = 'incoming/2026/Doe Jane patients.ndjson';

/** A good file with one broken line: results, a reject and a manifest that accounts for both. */
export async function processFile(screen, { check }, { clients, pipeline, file }) {
  const source = await screen.step(`put ${file.lines.length} lines (1 broken) into incoming/`, () =>
    deliver(clients, pipeline, KEY, file.body),
  );
  const { key, manifest } = await screen.step('wait for the manifest', () =>
    waitForManifest(clients, pipeline, source),
  );
  await waitForMetric(clients, pipeline, 'ObjectsProcessed');

  const objects = await inventory(clients, pipeline);
  const results = (await readText(clients, manifest.output[0].url)).split('\n').filter(Boolean);
  const rejects = (await readText(clients, manifest.error[0].url))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const records = parseLines(file.lines);
  const { counts } = manifest;

  showRecord(
    screen,
    records,
    results.map((line) => JSON.parse(line)),
  );
  screen.heading('The manifest (s3://' + `${pipeline.processedBucket}/${key})`);
  JSON.stringify(manifest, undefined, 2).split('\n').forEach(screen.text);
  screen.heading('Counts');
  screen.table(
    ['read', 'written', 'dropped', 'rejected', 'redacted', 'hashed', 'generalized'],
    [
      [
        counts.read,
        counts.written,
        counts.dropped,
        counts.rejected,
        manifest.deid.redacted,
        manifest.deid.hashed,
        manifest.deid.generalized,
      ],
    ],
  );
  screen.heading('The broken line stays on the PHI side, in the data bucket');
  const { code, index, byteOffset, length } = rejects[0];
  screen.table(
    ['where', 'code', 'record', 'byte', 'length'],
    [[manifest.error[0].url, code, index, byteOffset, length]],
  );
  screen.heading('What is in the buckets');
  screen.table(
    ['bucket', 'key'],
    objects.map((object) => [object.bucket, object.key]),
  );

  check(
    'every line is accounted for: read = written + dropped + rejected',
    [counts.read, counts.written + counts.dropped + counts.rejected],
    [file.lines.length, file.lines.length],
  );
  check('a file with one broken line completes with errors', manifest.status, 'COMPLETED_WITH_ERRORS');
  check('the broken line is the one reject', [counts.rejected, counts.byError], [1, { REC_SYNTAX: 1 }]);
  check('the results hold as many records as the manifest says', results.length, counts.written);
  check(
    'the reject lies in the data bucket, not in the processed one',
    [
      under(objects, pipeline.dataBucket, 'rejected/').length,
      under(objects, pipeline.processedBucket, 'rejected/').length,
    ],
    [1, 0],
  );
  check('the pseudonym key was made, once', under(objects, pipeline.dataBucket, 'keys/').length, 1);
  return { source, key, manifest, records };
}

/** One patient, element by element. */
function showRecord(screen, records, results) {
  const index = records.findIndex((record) => record.resourceType === 'Patient');
  screen.heading('One synthetic patient, before and after');
  screen.table(['element', 'before', 'after'], compareRecords(records[index], results[index] ?? {}));
}

/** The same event again, as a queue may deliver it: nothing is written twice. */
export async function deliverTwice(screen, { check }, { clients, pipeline }, first) {
  const before = await inventory(clients, pipeline);
  const duplicates = sumOf(await logLines(clients, pipeline), 'ObjectsDuplicate');
  await screen.step('deliver the same event a second time', async () => {
    await sendEvent(clients, pipeline, first.source);
    await waitForMetric(clients, pipeline, 'ObjectsDuplicate', duplicates);
  });
  const after = await inventory(clients, pipeline);
  screen.text(`objects before and after: ${before.length} and ${after.length}, the same versions`);
  check('a second delivery writes nothing: every object and version is as before', after, before);
  const body = JSON.parse(await read(clients, pipeline.processedBucket, first.key));
  check('the manifest of the first delivery stands', body, first.manifest);
}
