import { JsonTape, TOKEN } from './json-tape';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const OPEN_OBJECT = 0x7b;
const LOWER_N = 0x6e;

/** One record and its tokens: what the walk over it reads. */
export class RecordView {
  public bytes: Uint8Array = new Uint8Array(0);
  /** The text that `text` has opened: `textBytes[textFrom, textTo)`, without quotes and escapes. */
  public textBytes: Uint8Array = this.bytes;
  public textFrom = 0;
  public textTo = 0;
  public readonly tape = new JsonTape();

  public get tokens(): Int32Array {
    return this.tape.tokens;
  }

  /** First byte of a token: tells its kind. */
  public first(token: number): number {
    return this.bytes[this.tape.tokens[token]];
  }

  public isString(token: number): boolean {
    return this.first(token) === QUOTE;
  }

  public isObject(token: number): boolean {
    return this.first(token) === OPEN_OBJECT;
  }

  public isArray(token: number): boolean {
    return this.first(token) === OPEN_ARRAY;
  }

  public isNull(token: number): boolean {
    return this.first(token) === LOWER_N;
  }

  /** The token after a value and all in it. */
  public next(token: number): number {
    return Math.abs(this.tape.tokens[token + 2]);
  }

  /** Opens the text of a string, or of a key that has not been resolved. */
  public text(token: number): void {
    if (this.tape.tokens[token + 2] < 0) {
      this.open(token, true);
      return;
    }
    this.textBytes = this.bytes;
    this.textFrom = this.tape.tokens[token] + 1;
    this.textTo = this.tape.tokens[token + 1] - 1;
  }

  /** Opens the text of a string whose third number is no longer the scanner's. */
  public open(token: number, escaped: boolean): void {
    const from = this.tape.tokens[token];
    const to = this.tape.tokens[token + 1];
    if (escaped) {
      const { buffer, byteOffset } = this.bytes;
      const quoted = Buffer.from(buffer, byteOffset + from, to - from).toString('utf8');
      this.textBytes = Buffer.from(JSON.parse(quoted) as string);
      this.textFrom = 0;
      this.textTo = this.textBytes.length;
    } else {
      this.textBytes = this.bytes;
      this.textFrom = from + 1;
      this.textTo = to - 1;
    }
  }

  /** Whether a key has escapes, once it is resolved and the scanner's note is gone. */
  public keyIsEscaped(token: number): boolean {
    const { tokens } = this.tape;
    return this.bytes.subarray(tokens[token], tokens[token + 1]).includes(BACKSLASH);
  }

  /** Whether the text that is open is `word`, in ASCII. */
  public textIs(word: string): boolean {
    if (this.textTo - this.textFrom !== word.length) return false;
    for (let i = 0; i < word.length; i++) if (this.textBytes[this.textFrom + i] !== word.charCodeAt(i)) return false;
    return true;
  }

  /** The text that is open, as a string: for what is rare. */
  public textString(): string {
    const { buffer, byteOffset } = this.textBytes;
    return Buffer.from(buffer, byteOffset + this.textFrom, this.textTo - this.textFrom).toString('utf8');
  }

  public number(token: number): number {
    const { buffer, byteOffset } = this.bytes;
    const from = this.tape.tokens[token];
    return Number(Buffer.from(buffer, byteOffset + from, this.tape.tokens[token + 1] - from).toString('latin1'));
  }

  /** The value of the first member of an object whose name is `name`, before its keys were resolved; -1 if it has none. */
  public member(object: number, name: string): number {
    const end = this.tape.tokens[object + 2];
    for (let key = object + TOKEN; key < end; key = this.next(key + TOKEN)) {
      this.text(key);
      if (this.textIs(name)) return key + TOKEN;
    }
    return -1;
  }
}
