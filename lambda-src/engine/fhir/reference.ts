import { HASH, SLASH } from '../ascii';
import type { ByteDictionary } from '../values/byte-dictionary';
import { startsWith } from '../values/code-grammar';
import { isId } from '../values/pseudonyms';

const URN_UUID = 'urn:uuid:';
const URN_OID = 'urn:oid:';
const HISTORY = '_history';

/** The parts of a literal reference: what is written before the id's code, and the id. */
export class ReferenceParts {
  /** Written first; otherwise what stands in the text from `headFrom` to `headTo`: a resource type, `#`, `urn:uuid:`. */
  public prefix = '';
  public headFrom = 0;
  public headTo = 0;
  public idFrom = 0;
  public idTo = 0;

  constructor(private readonly types: ByteDictionary) {}

  /**
   * Takes `bytes[from, to)` apart; false where it is not a reference to one resource by its id (a search, a URL of
   * anything else). The host and the version are left out: the first names a provider, the second cannot be resolved.
   */
  public parse(bytes: Uint8Array, from: number, to: number): boolean {
    this.prefix = '';
    if (to === from) return false;
    if (bytes[from] === HASH) {
      // `#` alone is the resource around a contained one.
      return this.found(from, from + 1, from + 1, to) && (to === from + 1 || isId(bytes, from + 1, to));
    }
    if (startsWith(bytes, from, to, URN_UUID)) {
      const id = from + URN_UUID.length;
      return this.found(from, id, id, to) && isId(bytes, id, to);
    }
    if (startsWith(bytes, from, to, URN_OID)) {
      const id = from + URN_OID.length;
      this.prefix = URN_UUID;
      return this.found(id, id, id, to) && isId(bytes, id, to);
    }
    return this.parsePath(bytes, from, to);
  }

  private parsePath(bytes: Uint8Array, from: number, to: number): boolean {
    let end = to;
    let slash = lastSlash(bytes, from, end);
    const before = slash < 0 ? -1 : lastSlash(bytes, from, slash);
    if (before >= 0 && slash - before - 1 === HISTORY.length && startsWith(bytes, before + 1, slash, HISTORY)) {
      end = before;
      slash = lastSlash(bytes, from, end);
    }
    if (!isId(bytes, slash < 0 ? from : slash + 1, end)) return false;
    if (slash < 0) return end === to && this.found(from, from, from, end);
    const typeFrom = lastSlash(bytes, from, slash) + 1 || from;
    if (this.types.find(bytes, typeFrom, slash) < 0) return false;
    if (typeFrom > from && !startsWith(bytes, from, to, 'http://') && !startsWith(bytes, from, to, 'https://')) {
      return false;
    }
    for (let i = from; i < typeFrom; i++) if (bytes[i] === 0x3f || bytes[i] === 0x23) return false;
    return this.found(typeFrom, slash + 1, slash + 1, end);
  }

  private found(headFrom: number, headTo: number, idFrom: number, idTo: number): true {
    this.headFrom = headFrom;
    this.headTo = headTo;
    this.idFrom = idFrom;
    this.idTo = idTo;
    return true;
  }
}

/** Index of the last slash in `bytes[from, to)`, or -1. */
function lastSlash(bytes: Uint8Array, from: number, to: number): number {
  for (let i = to - 1; i >= from; i--) if (bytes[i] === SLASH) return i;
  return -1;
}
