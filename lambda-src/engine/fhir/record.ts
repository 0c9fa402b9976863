import { LOWER_N, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from '../ascii';
import { JsonTape } from './json-tape';
import type { LoadedTables } from './loaded-tables';
import { END, FIELD, NEXT, TOKEN } from './token';
import { ValueMemory } from './value-memory';
import type { ByteDictionary } from '../values/byte-dictionary';
import { asciiOf, encoded, textOf } from '../values/encoded';

/** One record and its tokens: what the walk over it reads. */
export class RecordView {
  /** The text that `text` has opened: `textBytes[textFrom, textTo)`, without quotes and escapes. */
  public textBytes: Uint8Array = new Uint8Array(0);
  public textFrom = 0;
  public textTo = 0;
  public readonly tape: JsonTape;
  public readonly memory: ValueMemory;

  /** @param isPure by field, whether field and bytes alone decide what becomes of its value */
  constructor(
    private readonly tables: LoadedTables,
    isPure: (field: number) => boolean,
  ) {
    this.tape = new JsonTape(tables);
    this.memory = new ValueMemory(this.tape, tables.names.length, isPure);
  }

  /** The memory that holds the record, and more. */
  public get bytes(): Uint8Array {
    return this.tape.bytes;
  }

  public get tokens(): Int32Array {
    return this.tape.tokens;
  }

  /** Of the same memory, for reading several at once. */
  public get view(): DataView {
    return this.tape.view;
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

  public isContainer(token: number): boolean {
    const first = this.first(token);
    return first === OPEN_OBJECT || first === OPEN_ARRAY;
  }

  public isNull(token: number): boolean {
    return this.first(token) === LOWER_N;
  }

  /** The token after a value and all in it. */
  public next(token: number): number {
    return Math.abs(this.tape.tokens[token + NEXT]);
  }

  /** Opens the text of a string or a key. */
  public text(token: number): void {
    const { tokens } = this.tape;
    if (tokens[token + NEXT] < 0) {
      this.decode(tokens[token], tokens[token + END]);
      return;
    }
    if (this.textBytes !== this.tape.bytes) this.textBytes = this.tape.bytes;
    this.textFrom = tokens[token] + 1;
    this.textTo = tokens[token + END] - 1;
  }

  /** Opens the text of a string or a key; returns its number among words, -1 where it is none of them. */
  public find(token: number, words: ByteDictionary): number {
    this.text(token);
    return words.find(this.textBytes, this.textFrom, this.textTo);
  }

  /** Whether the text that is open is `word`, in ASCII. */
  public textIs(word: string): boolean {
    if (this.textTo - this.textFrom !== word.length) return false;
    for (let i = 0; i < word.length; i++) if (this.textBytes[this.textFrom + i] !== word.charCodeAt(i)) return false;
    return true;
  }

  /** The text that is open, as a string: for what is rare. */
  public textString(): string {
    return textOf(this.textBytes, this.textFrom, this.textTo);
  }

  public number(token: number): number {
    const { tokens } = this.tape;
    return Number(asciiOf(this.bytes, tokens[token], tokens[token + END]));
  }

  /** The value of the first member of an object whose name is `name`, -1 if it has none. */
  public member(object: number, name: string): number {
    const end = this.tape.tokens[object + NEXT];
    for (let key = object + TOKEN; key < end; key = this.next(key + TOKEN)) {
      this.text(key);
      if (this.textIs(name)) return key + TOKEN;
    }
    return -1;
  }

  /** Looks up the keys of an object that the scanner could not: it did not know the node, or one of the keys is escaped. */
  public findKeys(object: number, node: number): void {
    const { tokens } = this;
    const end = tokens[object + NEXT];
    tokens[object + FIELD] = node;
    if (this.tape.kernel.resolve(object, node) === 0) return;
    for (let key = object + TOKEN; key < end; key = this.next(key + TOKEN)) {
      if (tokens[key + NEXT] > 0) continue;
      this.text(key);
      tokens[key + FIELD] = this.tables.fieldNamed(node, this.textString());
    }
  }

  private decode(from: number, to: number): void {
    this.textBytes = encoded(JSON.parse(textOf(this.bytes, from, to)) as string);
    this.textFrom = 0;
    this.textTo = this.textBytes.length;
  }
}
