import type { LoadedTables } from './loaded-tables';
import { ByteDictionary, sameBytes, slotOf } from '../values/byte-dictionary';
import { isKnownCode, isStrangeCode, isSystem, isUnit, MAX_SYSTEM, startsWith } from '../values/code-grammar';

/** What a code system is to the policy. */
export const enum SystemClass {
  /** No URI that may be shown, or one that numbers people. */
  REFUSED,
  STRANGE,
  KNOWN,
  UNITS,
}

const CACHED = 512;

/** Classes of code systems: few in a file, but one in each coding. */
export class SystemClasses {
  private readonly texts: (Uint8Array | undefined)[] = new Array<undefined>(CACHED).fill(undefined);
  private readonly classes: SystemClass[] = new Array<SystemClass>(CACHED).fill(SystemClass.REFUSED);

  constructor(private readonly tables: LoadedTables) {}

  public classOf(bytes: Uint8Array, from: number, to: number): SystemClass {
    const length = to - from;
    // Not remembered: the cache must not grow with what a file has in the place of systems.
    if (length > MAX_SYSTEM) return SystemClass.REFUSED;
    // The end of a system's URL differs most.
    const slot = slotOf(bytes, Math.max(from, to - 12), to, CACHED);
    const text = this.texts[slot];
    if (text?.length === length && sameBytes(text, 0, bytes, from, length)) return this.classes[slot];
    this.texts[slot] = bytes.slice(from, to);
    return (this.classes[slot] = this.judge(bytes, from, to));
  }

  private judge(bytes: Uint8Array, from: number, to: number): SystemClass {
    const { codings } = this.tables.policy.fhir;
    if (!isSystem(bytes, from, to)) return SystemClass.REFUSED;
    if (to - from === codings.unitSystem.length && startsWith(bytes, from, to, codings.unitSystem)) {
      return SystemClass.UNITS;
    }
    const identifiers = longest(codings.identifierSystems, bytes, from, to);
    const known = longest(codings.knownSystems, bytes, from, to);
    if (identifiers > known) return SystemClass.REFUSED;
    return known > 0 ? SystemClass.KNOWN : SystemClass.STRANGE;
  }
}

/** Whether a code may be shown beside its system. */
export function showsCode(
  system: SystemClass,
  units: ByteDictionary,
  bytes: Uint8Array,
  from: number,
  to: number,
): boolean {
  switch (system) {
    case SystemClass.UNITS:
      return units.find(bytes, from, to) >= 0 || isUnit(bytes, from, to);
    case SystemClass.KNOWN:
      return isKnownCode(bytes, from, to);
    case SystemClass.STRANGE:
      return isStrangeCode(bytes, from, to);
    default:
      return false;
  }
}

/** Length of the longest entry that matches: whole, or as a prefix if it ends like one. */
function longest(entries: readonly string[], bytes: Uint8Array, from: number, to: number): number {
  let length = 0;
  for (const entry of entries) {
    const open = '/:.-'.includes(entry[entry.length - 1]);
    if ((open || entry.length === to - from) && startsWith(bytes, from, to, entry)) {
      length = Math.max(length, entry.length);
    }
  }
  return length;
}
