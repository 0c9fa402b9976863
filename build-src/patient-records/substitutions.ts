/** CDK concatenates by `Fn::Join`; a person reads `arn:${AWS::Partition}:s3:::...`. Everything else stays as it is. */
export function asSubstitutions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asSubstitutions);
  if (typeof value !== 'object' || value === null) return value;
  const text = joinedText(value);
  if (text !== undefined) return text.includes('${') ? { 'Fn::Sub': text } : text;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asSubstitutions(item)]));
}

/** What a join without a delimiter says, or undefined where a part of it has no place in a substitution. */
function joinedText(value: object): string | undefined {
  const join = (value as Record<string, unknown>)['Fn::Join'];
  if (!Array.isArray(join) || join[0] !== '' || !Array.isArray(join[1])) return undefined;
  const parts = join[1].map(partText);
  return parts.every((part) => part !== undefined) ? parts.join('') : undefined;
}

function partText(part: unknown): string | undefined {
  if (typeof part === 'string') return part.replaceAll('${', '${!');
  const [name, argument] = Object.entries(part as object)[0] as [string, unknown];
  if (name === 'Ref') return `\${${String(argument)}}`;
  if (name === 'Fn::GetAtt' && Array.isArray(argument)) return `\${${argument.join('.')}}`;
  if (name === 'Fn::Sub' && typeof argument === 'string') return argument;
  return joinedText(part as object);
}
