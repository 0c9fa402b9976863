/** What decides over the columns of a delimited table. */
export interface CompiledCsv {
  readonly columns: Readonly<Record<string, never>>;
}
