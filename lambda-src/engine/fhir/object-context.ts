/** What the siblings of a field say about it; one per depth of nesting, reused. */
export class ObjectContext {
  /** The object itself. */
  public token = 0;
  /** Whether the object's code says that it holds an age. */
  public aged = false;
  /** The earliest year of birth that may be shown. */
  public birthFloor = 0;
  /** Whether a date of death is in the source. */
  public died = false;
}
