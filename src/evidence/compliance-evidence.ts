import * as fs from 'fs';
import * as path from 'path';
import { attachCustomSynthesis, CfnElement, ISynthesisSession, Stack, Stage } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import {
  AcknowledgementDeclaration,
  DECLARATION,
  OpenItemDeclaration,
  UnusedGrantDeclaration,
  WildcardDeclaration,
} from '../private/declarations';

/** Where the evidence lies in the cloud assembly. */
const FILE = path.join('hipaa-evidence', 'evidence.json');
const SCHEMA_VERSION = 1;

/**
 * Writes at synth what a security officer must know beside the template: every wildcard resource, every grant that the
 * project's own code does not use, every acknowledged rule and every safeguard that stands open, each with its reason
 * or with what closes it. One file for an assembly: `hipaa-evidence/evidence.json`.
 *
 * `HipaaPipeline` adds it; parts used alone call `ComplianceEvidence.of(part)`.
 *
 * @example
 * ComplianceEvidence.of(this);
 */
export class ComplianceEvidence extends Construct {
  /** The evidence of the stage that a construct is in; made at the first call. */
  public static of(scope: Construct): ComplianceEvidence {
    const id = 'HipaaEvidence';
    const stage = Stage.of(scope) ?? scope.node.root;
    return (
      (stage.node.tryFindChild(id) as ComplianceEvidence | undefined) ?? new ComplianceEvidence(stage as Construct, id)
    );
  }

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    attachCustomSynthesis(this, { onSynthesize: (session) => this.write(session) });
  }

  private write(session: ISynthesisSession): void {
    const file = path.join(session.assembly.outdir, FILE);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, `${JSON.stringify(this.collect(), undefined, 2)}\n`);
  }

  private collect(): object {
    const stacks = this.node
      .scope!.node.findAll()
      .filter((node): node is Stack => Stack.isStack(node) && Stage.of(node) === this.node.scope);
    return {
      schemaVersion: SCHEMA_VERSION,
      stacks: stacks
        .map(collectStack)
        .filter((stack) => stack.wildcards.length + stack.acknowledgements.length + stack.openItems.length > 0),
    };
  }
}

function collectStack(stack: Stack) {
  const own = stack.node.findAll().filter((node) => Stack.of(node) === stack);
  const declared = <T extends object>(type: string) =>
    own.flatMap((node) =>
      node.node.metadata
        .filter((entry) => entry.type === type)
        .map((entry) => ({ ...place(stack, node), ...resolve<T>(stack, entry.data) })),
    );
  return {
    stack: stack.stackName,
    wildcards: declared<WildcardDeclaration>(DECLARATION.wildcard),
    unusedGrants: declared<UnusedGrantDeclaration>(DECLARATION.unusedGrant),
    acknowledgements: declared<AcknowledgementDeclaration>(DECLARATION.acknowledgement),
    openItems: declared<OpenItemDeclaration>(DECLARATION.openItem),
  };
}

function resolve<T>(stack: Stack, data: unknown): T {
  return stack.resolve(data) as T;
}

function place(stack: Stack, node: IConstruct): { readonly path: string; readonly logicalId?: string } {
  const resource = CfnElement.isCfnElement(node) ? node : node.node.defaultChild;
  const logicalId =
    resource && CfnElement.isCfnElement(resource) ? (stack.resolve(resource.logicalId) as string) : undefined;
  return { path: node.node.path, ...(logicalId && { logicalId }) };
}
