import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * What a part has to say of itself beside its resources. Every room declares; the evidence collects.
 */
export interface WildcardDeclaration {
  /** Sid of the statement whose `Resource` holds a `*`. */
  readonly sid: string;
  /** Why AWS leaves no narrower form, or why the narrower form would be the same. */
  readonly reason: string;
}

/** A grant that the project's own code does not use. */
export interface UnusedGrantDeclaration {
  readonly sid: string;
  readonly reason: string;
}

/** A finding of a rule pack that a default cannot satisfy. */
export interface AcknowledgementDeclaration {
  readonly rule: string;
  readonly reason: string;
}

/** A safeguard that stands open, and what closes it. */
export interface OpenItemDeclaration {
  /** Stable, kebab-case. */
  readonly id: string;
  /** 45 CFR 164 citations it touches, as `164.312(b)`. */
  readonly controls: string[];
  readonly what: string;
  /** The prop, statement or action that closes it. */
  readonly close: string;
  /** What to add to a part that was brought, where something must be: a policy statement, a list of them, a selector. */
  readonly statement?: unknown;
}

export const DECLARATION = {
  wildcard: 'cdk-hipaa-pipeline:wildcard',
  unusedGrant: 'cdk-hipaa-pipeline:unused-grant',
  acknowledgement: 'cdk-hipaa-pipeline:acknowledgement',
  openItem: 'cdk-hipaa-pipeline:open-item',
} as const;

export function declareWildcard(construct: IConstruct, sid: string, reason: string): void {
  const declaration: WildcardDeclaration = { sid, reason };
  construct.node.addMetadata(DECLARATION.wildcard, declaration);
}

export function declareUnusedGrant(construct: IConstruct, sid: string, reason: string): void {
  const declaration: UnusedGrantDeclaration = { sid, reason };
  construct.node.addMetadata(DECLARATION.unusedGrant, declaration);
}

/** Acknowledges a rule on a construct, for the rule pack and for the evidence alike. */
export function acknowledge(construct: IConstruct, rule: string, reason: string): void {
  const declaration: AcknowledgementDeclaration = { rule, reason };
  construct.node.addMetadata(DECLARATION.acknowledgement, declaration);
  Validations.of(construct).acknowledge({ id: rule, reason });
}

export function declareOpenItem(construct: IConstruct, declaration: OpenItemDeclaration): void {
  construct.node.addMetadata(DECLARATION.openItem, declaration);
}
