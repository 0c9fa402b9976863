/** What every part is named by. The facade hands the same values to all of them. */
export interface NamingProps {
  /**
   * Environment that every name ends with; two environments can live in one account.
   * Lower-case letters, digits and inner hyphens, at most 16 characters.
   *
   * @default - context `environmentSuffix`, else `dev`
   */
  readonly environmentSuffix?: string;

  /**
   * What every name begins with. Lower-case letters, digits and inner hyphens, at most 20 characters.
   *
   * @default 'healthcare'
   */
  readonly namePrefix?: string;
}
