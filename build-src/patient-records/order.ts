/** CDK writes policies by the alphabet; a person wants to know first what a statement is called and what it does. */
const STATEMENT = ['Sid', 'Effect', 'Principal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'];
const DOCUMENT = ['Version', 'Statement'];
const RESOURCE = ['Type', 'Condition', 'DependsOn', 'DeletionPolicy', 'UpdateReplacePolicy', 'Properties'];

/** The same value, its members in the order above where it is one of the three; all others stay where they were. */
export function inReadingOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inReadingOrder);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, item]): [string, unknown] => [key, inReadingOrder(item)]);
  const order = [STATEMENT, DOCUMENT, RESOURCE].find(
    (keys) => keys[0] in value && members.every(([key]) => keys.includes(key)),
  );
  if (order) members.sort(([one], [other]) => order.indexOf(one) - order.indexOf(other));
  return Object.fromEntries(members);
}
