/**
 * Takes out of a CloudFormation template what local AWS lacks. Pure: returns the new template and the exact list of
 * what was taken out, so that a test can hold the list to what was expected.
 */
export function filterTemplate(template, { supportedTypes, ignoredProperties }) {
  const supported = new Set(supportedTypes);
  const dropped = {};
  const kept = {};
  for (const [id, resource] of Object.entries(template.Resources ?? {})) {
    (isSupported(resource, supported) ? kept : dropped)[id] = resource;
  }
  const report = {
    dropped: Object.entries(dropped).map(([id, resource]) => `${resource.Type} ${id}`),
    replacedReferences: [],
    ignored: countIgnored(kept, ignoredProperties),
  };
  const context = { dropped, resources: template.Resources ?? {}, replaced: report.replacedReferences };
  const filtered = { ...template, Resources: {} };
  for (const [id, resource] of Object.entries(kept)) {
    filtered.Resources[id] = rewrite(withoutDependsOn(resource, dropped), `${id}`, context);
  }
  if (template.Outputs) filtered.Outputs = rewrite(template.Outputs, 'Outputs', context);
  // Local AWS refuses every template with a transform; that of a dropped resource is of no use any more.
  delete filtered.Transform;
  if (template.Transform) report.dropped.push(`Transform ${JSON.stringify(template.Transform)}`);

  report.dropped.sort();
  report.replacedReferences.sort();
  return { template: filtered, report };
}

function isSupported(resource, supported) {
  // An alarm on a metric expression.
  if (resource.Type === 'AWS::CloudWatch::Alarm' && resource.Properties?.Metrics) return false;
  return resource.Type.startsWith('Custom::') || supported.has(resource.Type);
}

function withoutDependsOn(resource, dropped) {
  const { DependsOn: before, ...rest } = resource;
  const after = [before ?? []].flat().filter((id) => !(id in dropped));
  return after.length > 0 ? { ...rest, DependsOn: after } : rest;
}

function rewrite(value, where, context) {
  if (Array.isArray(value)) return value.map((item, index) => rewrite(item, `${where}[${index}]`, context));
  if (value === null || typeof value !== 'object') return value;
  return (
    replaceReference(value, where, context) ??
    Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rewrite(item, `${where}.${key}`, context)]))
  );
}

/** The replacement of a Ref, Fn::GetAtt or Fn::Sub that local AWS cannot resolve; undefined for anything else. */
function replaceReference(value, where, { dropped, resources, replaced }) {
  const note = (target, by) => {
    replaced.push(`${target} by ${by} in ${where}`);
    return by;
  };
  if (value.Ref in dropped) return note(`Ref ${value.Ref}`, `dropped-${value.Ref}`);

  const [id, attribute] = [value['Fn::GetAtt'] ?? []].flat().join('.').split('.');
  if (id in dropped) return note(`GetAtt ${id}.${attribute}`, `dropped-${id}`);
  if (attribute === 'CidrBlock' && resources[id]?.Type === 'AWS::EC2::VPC') {
    return note(`GetAtt ${id}.CidrBlock`, resources[id].Properties.CidrBlock);
  }

  const sub = [value['Fn::Sub'] ?? []].flat();
  const names = [...String(sub[0] ?? '').matchAll(/\$\{([^}.!]+)[^}]*\}/g)].filter(([, name]) => name in dropped);
  if (names.length === 0) return undefined;
  const text = names.reduce((all, [whole, name]) => all.replace(whole, note(whole, `dropped-${name}`)), sub[0]);
  return { 'Fn::Sub': sub.length > 1 ? [text, sub[1]] : text };
}

/** Properties that local AWS takes and then ignores: they deploy, and prove nothing. */
function countIgnored(resources, ignoredProperties) {
  const counts = {};
  for (const resource of Object.values(resources)) {
    for (const property of ignoredProperties[resource.Type] ?? []) {
      if (resource.Properties?.[property] !== undefined) {
        const name = `${resource.Type} ${property}`;
        counts[name] = (counts[name] ?? 0) + 1;
      }
    }
  }
  return Object.fromEntries(Object.entries(counts).sort());
}
