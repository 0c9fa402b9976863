import { logLines, waitFor } from './deployment.mjs';

/** The metrics documents (embedded metric format) among the function's log lines. */
export function metricsOf(lines) {
  return lines.flatMap((line) => {
    const json = line.slice(line.indexOf('{'));
    try {
      const document = JSON.parse(json);
      return document._aws ? [document] : [];
    } catch {
      return [];
    }
  });
}

export function sumOf(lines, metric) {
  return metricsOf(lines).reduce((sum, document) => sum + (Number(document[metric]) || 0), 0);
}

/** Waits until the function has reported one more of a metric than `before`. */
export async function waitForMetric(clients, pipeline, metric, before = 0) {
  await waitFor(
    `the function to report ${metric}`,
    async () => sumOf(await logLines(clients, pipeline), metric) > before,
  );
}
