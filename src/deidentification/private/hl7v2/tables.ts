/** What decides over the fields of HL7 v2 messages. */
export interface CompiledHl7v2 {
  readonly segments: Readonly<Record<string, never>>;
}
