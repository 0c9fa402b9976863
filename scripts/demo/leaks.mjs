import { logLines } from './deployment.mjs';
import { inventory, readText } from './objects.mjs';
import { countOccurring, identifyingValues } from './synthetic-file.mjs';

/**
 * After all runs, good and bad: nothing that identifies a person may be on the processed side or in the function's log,
 * not even in an object's key.
 */
export async function checkNothingLeaks({ check }, { clients, pipeline }, { records, source }) {
  const values = identifyingValues(records);
  const processed = (await inventory(clients, pipeline)).filter(({ bucket }) => bucket === pipeline.processedBucket);
  const texts = await Promise.all(processed.map(({ bucket, key }) => readText(clients, `s3://${bucket}/${key}`)));
  const inside = [...processed.map(({ key }) => key), ...texts].join('\n');
  const log = (await logLines(clients, pipeline)).join('\n');

  check(`none of ${values.length} identifying values is in the processed bucket`, countOccurring(values, inside), 0);
  check(`none of ${values.length} identifying values is in the function's log`, countOccurring(values, log), 0);
  const name = source.key.split('/').at(-1);
  check("the source's name is neither in the log nor on the processed side", (log + inside).includes(name), false);
}
