import model from 'fhirpath/fhir-context/r4';

interface R4Model {
  readonly type2Parent: Readonly<Record<string, string>>;
  readonly path2Type: Readonly<Record<string, unknown>>;
  readonly choiceTypePaths: Readonly<Record<string, unknown>>;
  readonly pathsDefinedElsewhere: Readonly<Record<string, unknown>>;
}

const { type2Parent, path2Type, choiceTypePaths, pathsDefinedElsewhere } = model as unknown as R4Model;

/**
 * Whether an element is one of R4: the definitions that the table is made from have parts of later versions in some
 * types, which a policy must not take for known.
 *
 * @param path `ResearchStudy.label`; a choice without `[x]`
 */
export function isR4Element(path: string): boolean {
  const dot = path.lastIndexOf('.');
  const owner = path.slice(0, dot);
  const name = path.slice(dot + 1);
  if (owner.includes('.') && !isR4Element(owner)) return false;
  // What an element of a resource has by itself stands with the types that all of them are.
  const owners = owner.includes('.') ? [owner, 'BackboneElement', 'Element'] : ancestry(owner);
  return owners.some((type) =>
    [path2Type, choiceTypePaths, pathsDefinedElsewhere].some((known) => `${type}.${name}` in known),
  );
}

function ancestry(type: string): string[] {
  const types: string[] = [];
  for (let at: string | undefined = type; at !== undefined; at = type2Parent[at]) types.push(at);
  return types;
}
