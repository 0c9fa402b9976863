import { BACKSLASH, CLOSE_ARRAY, CLOSE_OBJECT, COLON, COMMA, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from '../ascii';
import { ByteWriter } from '../byte-writer';
import { SourceError, unknownFormat } from '../source-error';

/** How the scanner treats a value. */
export const enum Treatment {
  /** Looks inside. */
  ENTER,
  /** Steps over it. */
  SKIP,
  /** Steps over it and hands out its text; strings only. */
  TEXT,
}

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
const enum Kind {
  OTHER,
  BLANK,
  STRING,
  OPEN,
  CLOSE,
}
const KINDS = new Uint8Array(256);
for (const byte of [0x20, 0x09, 0x0a, 0x0d]) KINDS[byte] = Kind.BLANK;
KINDS[QUOTE] = Kind.STRING;
KINDS[OPEN_OBJECT] = KINDS[OPEN_ARRAY] = Kind.OPEN;
KINDS[CLOSE_OBJECT] = KINDS[CLOSE_ARRAY] = Kind.CLOSE;

/** What comes next. */
const enum State {
  DOCUMENT,
  FIRST_KEY,
  KEY,
  AFTER_KEY,
  VALUE,
  FIRST_ELEMENT,
  AFTER,
  IN_KEY,
  IN_TEXT,
  IN_CONTAINER,
  IN_SCALAR,
}

/**
 * Walks the upper levels of a stream of JSON documents, chunk by chunk, and steps over all that its visitor does not
 * enter. It checks the grammar of what it enters only: a record is checked by the transform, which can reject it alone.
 * What it steps over is balanced by counting brackets of either kind, so that one wrong bracket stays one wrong record.
 */
export class JsonScanner {
  private state: State = State.DOCUMENT;
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
        case State.IN_CONTAINER:
          at = this.skipContainer(bytes, at);
          break;
        case State.IN_KEY:
        case State.IN_TEXT:
          at = this.readText(bytes, at);
          break;
        case State.IN_SCALAR:
          at = this.skipScalar(bytes, at);
          break;
        default:
          if (KINDS[bytes[at]] === Kind.BLANK) at++;
          else at = this.structure(bytes[at], at);
      }
    }
  }

  /** @throws SourceError when a document is not complete */
  public end(): void {
    if (this.state !== State.DOCUMENT) throw new SourceError('SRC_TRUNCATED');
  }

  /** One byte that is neither blank nor inside a value. */
  private structure(byte: number, at: number): number {
    const inner = this.containers[this.containers.length - 1];
    switch (this.state) {
      case State.DOCUMENT:
        if (byte !== OPEN_OBJECT) throw unknownFormat();
        return this.beginValue(byte, at);
      case State.FIRST_KEY:
      case State.KEY:
        if (byte === CLOSE_OBJECT && this.state === State.FIRST_KEY) return this.leave(at);
        if (byte !== QUOTE) throw unknownFormat();
        this.beginText(State.IN_KEY, true);
        return at + 1;
      case State.AFTER_KEY:
        if (byte !== COLON) throw unknownFormat();
        this.state = State.VALUE;
        return at + 1;
      case State.FIRST_ELEMENT:
        if (byte === CLOSE_ARRAY) return this.leave(at);
        return this.beginValue(byte, at);
      case State.VALUE:
        return this.beginValue(byte, at);
      default:
        if (byte === COMMA) {
          this.state = inner === OPEN_OBJECT ? State.KEY : State.VALUE;
          return at + 1;
        }
        // Opening and closing brackets of a kind are two apart in ASCII.
        if (byte !== inner + 2) throw unknownFormat();
        return this.leave(at);
    }
  }

  private beginValue(first: number, at: number): number {
    const kind = KINDS[first];
    if (kind === Kind.CLOSE || first === COMMA || first === COLON) throw unknownFormat();
    const depth = this.containers.length;
    const treatment = this.visitor.begin(depth, this.keys[depth], first, at);
    if (kind === Kind.STRING) {
      this.beginText(State.IN_TEXT, treatment === Treatment.TEXT);
    } else if (kind !== Kind.OPEN) {
      this.state = State.IN_SCALAR;
    } else if (treatment === Treatment.ENTER) {
      this.containers.push(first);
      this.keys[depth + 1] = '';
      this.state = first === OPEN_OBJECT ? State.FIRST_KEY : State.FIRST_ELEMENT;
    } else {
      this.nesting = 1;
      this.inString = false;
      this.escaped = false;
      this.state = State.IN_CONTAINER;
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
    this.state = depth === 0 ? State.DOCUMENT : State.AFTER;
    this.visitor.end(depth, this.keys[depth], end, text);
  }

  private beginText(state: State.IN_KEY | State.IN_TEXT, kept: boolean): void {
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
    if (this.state === State.IN_KEY) {
      this.keys[this.containers.length] = text ?? '';
      this.state = State.AFTER_KEY;
    } else {
      this.endValue(at + 1, text);
    }
    return at + 1;
  }

  private skipScalar(bytes: Uint8Array, start: number): number {
    let at = start;
    while (at < bytes.length) {
      const byte = bytes[at];
      if (byte === COMMA || KINDS[byte] === Kind.BLANK || KINDS[byte] === Kind.CLOSE) {
        this.endValue(at, undefined);
        return at;
      }
      if (KINDS[byte] !== Kind.OTHER) throw unknownFormat();
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
