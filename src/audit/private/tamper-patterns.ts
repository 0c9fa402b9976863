/*
 * CloudWatch Logs filter patterns over the trail's log group. A pattern has at most 1024 characters.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */

/** Calls by which a trail stops recording, records less, or records elsewhere. */
const TRAIL_EVENTS = ['StopLogging', 'DeleteTrail', 'UpdateTrail', 'PutEventSelectors'];

/** Calls by which a key stops serving, or serves others. */
const KEY_EVENTS = ['DisableKey', 'ScheduleKeyDeletion', 'PutKeyPolicy', 'DisableKeyRotation'];

const anyOf = (field: string, values: string[]) =>
  `(${values.map((value) => `($.${field} = "${value}")`).join(' || ')})`;

export function trailTampering(): string {
  return `{ ($.eventSource = "cloudtrail.amazonaws.com") && ${anyOf('eventName', TRAIL_EVENTS)} }`;
}

/** Calls on any key of the account: a rule per key would miss the key of a part that was brought. */
export function keyTampering(): string {
  return `{ ($.eventSource = "kms.amazonaws.com") && ${anyOf('eventName', KEY_EVENTS)} }`;
}
