import { BACKSLASH, CLOSE_ARRAY, CLOSE_OBJECT, COLON, COMMA, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from '../ascii';
import { ByteWriter } from '../byte-writer';
import { SourceError, unknownFormat } from '../source-error';

/** How the scanner treats a value: look inside, step over it, or step over it and hand out its text (strings only). */
export type Treatment = 'enter' | 'skip' | 'text';

export interface ScanVisitor {
  /**
   * A value begins.
   *
   * @param depth how many entered containers it is in: 0 is a document
   * @param key its member name, decoded; '' in an array and at depth 0
   * @param first its first byte
   * @param at where in the chunk at hand
   */
  begin(depth: number, key: string, first: number, at: number): Treatment;
  /** A value has ended before position `end` of the chunk at hand. Text too long to matter is `undefined`. */
  end(depth: number, key: string, end: number, text: string | undefined): void;
}

/** Names and URLs that mean something to a reader are short; what is longer is not kept. */
const MAX_TEXT = 4096;

/** What a byte means outside strings. */
const OTHER = 0;
const BLANK = 1;
const STRING = 2;
const OPEN = 3;
const CLOSE = 4;
const KIND = new Uint8Array(256);
for (const byte of [0x20, 0x09, 0x0a, 0x0d]) KIND[byte] = BLANK;
KIND[QUOTE] = STRING;
KIND[OPEN_OBJECT] = KIND[OPEN_ARRAY] = OPEN;
KIND[CLOSE_OBJECT] = KIND[CLOSE_ARRAY] = CLOSE;

/** What comes next. */
type State =
  | 'document'
  | 'first-key'
  | 'key'
  | 'colon'
  | 'value'
  | 'first-element'
  | 'after'
  | 'in-key'
  | 'in-text'
  | 'in-container'
  | 'in-scalar';

/**
 * Walks the upper levels of a stream of JSON documents, chunk by chunk, and steps over all that its visitor does not
 * enter. It checks the grammar of what it enters only: a record is checked by the transform, which can reject it alone.
 * What it steps over is balanced by counting brackets of either kind, so that one wrong bracket stays one wrong record.
 */
export class JsonScanner {
  private state: State = 'document';
  /** First byte of each entered container, and the key of the value at hand on each level. */
  private readonly containers: number[] = [];
  private readonly keys: string[] = [''];
  private readonly text = new ByteWriter(MAX_TEXT);
  private textIsKept = false;
  /** ASCII without escapes, as nearly all are. */
  private textIsPlain = true;
  /** State of the value being stepped over. */
  private nesting = 0;
  private inString = false;
  private escaped = false;

  constructor(private readonly visitor: ScanVisitor) {}

  /** @throws SourceError where the levels that are entered are not JSON */
  public push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      switch (this.state) {
        case 'in-container':
          at = this.skipContainer(bytes, at);
          break;
        case 'in-key':
        case 'in-text':
          at = this.readText(bytes, at);
          break;
        case 'in-scalar':
          at = this.skipScalar(bytes, at);
          break;
        default:
          if (KIND[bytes[at]] === BLANK) at++;
          else at = this.structure(bytes[at], at);
      }
    }
  }

  /** @throws SourceError when a document is not complete */
  public end(): void {
    if (this.state !== 'document') throw new SourceError('SRC_TRUNCATED');
  }

  /** One byte that is neither blank nor inside a value. */
  private structure(byte: number, at: number): number {
    const inner = this.containers[this.containers.length - 1];
    switch (this.state) {
      case 'document':
        if (byte !== OPEN_OBJECT) throw unknownFormat();
        return this.beginValue(byte, at);
      case 'first-key':
      case 'key':
        if (byte === CLOSE_OBJECT && this.state === 'first-key') return this.leave(at);
        if (byte !== QUOTE) throw unknownFormat();
        this.beginText('in-key', true);
        return at + 1;
      case 'colon':
        if (byte !== COLON) throw unknownFormat();
        this.state = 'value';
        return at + 1;
      case 'first-element':
        if (byte === CLOSE_ARRAY) return this.leave(at);
        return this.beginValue(byte, at);
      case 'value':
        return this.beginValue(byte, at);
      default:
        if (byte === COMMA) {
          this.state = inner === OPEN_OBJECT ? 'key' : 'value';
          return at + 1;
        }
        // Opening and closing brackets of a kind are two apart in ASCII.
        if (byte !== inner + 2) throw unknownFormat();
        return this.leave(at);
    }
  }

  private beginValue(first: number, at: number): number {
    const kind = KIND[first];
    if (kind === CLOSE || first === COMMA || first === COLON) throw unknownFormat();
    const depth = this.containers.length;
    const treatment = this.visitor.begin(depth, this.keys[depth], first, at);
    if (kind === STRING) {
      this.beginText('in-text', treatment === 'text');
    } else if (kind !== OPEN) {
      this.state = 'in-scalar';
    } else if (treatment === 'enter') {
      this.containers.push(first);
      this.keys[depth + 1] = '';
      this.state = first === OPEN_OBJECT ? 'first-key' : 'first-element';
    } else {
      this.nesting = 1;
      this.inString = false;
      this.escaped = false;
      this.state = 'in-container';
    }
    return at + 1;
  }

  private leave(at: number): number {
    this.containers.pop();
    this.endValue(at + 1, undefined);
    return at + 1;
  }

  private endValue(end: number, text: string | undefined): void {
    const depth = this.containers.length;
    this.state = depth === 0 ? 'document' : 'after';
    this.visitor.end(depth, this.keys[depth], end, text);
  }

  private beginText(state: 'in-key' | 'in-text', kept: boolean): void {
    this.state = state;
    this.text.truncate(0);
    this.textIsKept = kept;
    this.textIsPlain = true;
    this.escaped = false;
  }

  private readText(bytes: Uint8Array, start: number): number {
    let at = start;
    for (; at < bytes.length; at++) {
      const byte = bytes[at];
      if (this.escaped) this.escaped = false;
      else if (byte === QUOTE) break;
      else if (byte === BACKSLASH) this.escaped = true;
      if (byte === BACKSLASH || byte > 0x7f) this.textIsPlain = false;
    }
    if (this.textIsKept) {
      if (this.text.length + at - start > MAX_TEXT) this.textIsKept = false;
      else this.text.copy(bytes, start, at);
    }
    if (at === bytes.length) return at;
    const text = this.textIsKept ? this.decode() : undefined;
    if (this.state === 'in-key') {
      this.keys[this.containers.length] = text ?? '';
      this.state = 'colon';
    } else {
      this.endValue(at + 1, text);
    }
    return at + 1;
  }

  private skipScalar(bytes: Uint8Array, start: number): number {
    let at = start;
    while (at < bytes.length) {
      const byte = bytes[at];
      if (byte === COMMA || KIND[byte] === BLANK || KIND[byte] === CLOSE) {
        this.endValue(at, undefined);
        return at;
      }
      if (KIND[byte] !== OTHER) throw unknownFormat();
      at++;
    }
    return at;
  }

  /** The hot loop: nearly every byte of a Bundle passes here. */
  private skipContainer(bytes: Uint8Array, start: number): number {
    const length = bytes.length;
    let at = start;
    let nesting = this.nesting;
    let inString = this.inString;
    if (this.escaped) {
      this.escaped = false;
      at++;
    }
    while (at < length) {
      if (inString) {
        for (; at < length; at++) {
          const byte = bytes[at];
          if (byte === QUOTE) break;
          if (byte === BACKSLASH) at++;
        }
        if (at >= length) break;
        inString = false;
        at++;
      }
      while (at < length) {
        const byte = bytes[at++];
        if (byte === QUOTE) {
          inString = true;
          break;
        }
        if (byte < OPEN_ARRAY) continue;
        if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
          nesting++;
        } else if ((byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) && --nesting === 0) {
          this.endValue(at, undefined);
          return at;
        }
      }
    }
    this.escaped = at > length;
    this.inString = inString;
    this.nesting = nesting;
    return length;
  }

  private decode(): string | undefined {
    const { bytes, length } = this.text;
    const raw = Buffer.from(bytes.buffer, bytes.byteOffset, length);
    if (this.textIsPlain) return raw.toString('latin1');
    try {
      return JSON.parse(`"${raw.toString('utf8')}"`) as string;
    } catch {
      return undefined;
    }
  }
}
