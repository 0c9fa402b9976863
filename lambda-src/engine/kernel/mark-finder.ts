import { WASM } from './generated/marks';
import { Kernel, type KernelMemory } from './kernel';

interface Exports extends KernelMemory {
  size(): number;
  text(): number;
  marks(): number;
  lines(): number;
  lineCount(): number;
  emptyCount(): number;
  find(length: number, at: number, behind: number, one: number, other: number): number;
}

/** The kernel with its memory, which holds one window of a text. There is one for all finders. */
class Window {
  public readonly size: number;
  public readonly marks: Int32Array<ArrayBuffer>;
  public readonly lines: Int32Array<ArrayBuffer>;
  /** The finder that has used it last. */
  public user: MarkFinder | undefined;
  private readonly text: Uint8Array;

  constructor(public readonly kernel: Exports) {
    const { buffer } = kernel.memory;
    this.size = kernel.size();
    this.text = new Uint8Array(buffer, kernel.text(), this.size);
    this.marks = new Int32Array(buffer, kernel.marks(), this.size + 1);
    this.lines = new Int32Array(buffer, kernel.lines(), this.size * 2 + 2);
  }

  /** Goes through `bytes[from, to)`, ahead of which one of the bytes that are looked for stands or not. */
  public find(bytes: Uint8Array, from: number, to: number, behind: boolean, one: number, other: number): number {
    this.text.set(bytes.subarray(from, to));
    return this.kernel.find(to - from, from, behind ? 1 : 0, one, other);
  }
}

const KERNEL = new Kernel<Exports>(WASM);
let loaded: Window | undefined;

/** Finds the ends of lines in a text, and two bytes that separate its parts. */
export class MarkFinder {
  /** Their places and, behind them, the end of the text, which ends the last line. */
  public marks: Int32Array<ArrayBuffer>;
  /** For each end of a line its number among the marks, and how many of these, up to it, stand right behind another. */
  public lines: Int32Array<ArrayBuffer>;
  /** Where the text ends. */
  public end = 0;
  private readonly window = (loaded ??= new Window(KERNEL.instance()));
  private count = 0;
  private lineCount = 0;
  private empty = 0;
  /** Marks that the text at hand can have: each of its bytes, and its end. */
  private most = 0;
  /** Of texts that are longer than a window. */
  private manyMarks = new Int32Array(0);
  private manyLines = new Int32Array(0);

  constructor() {
    this.marks = this.window.marks;
    this.lines = this.window.lines;
  }

  /** Whether what was found is still there: another finder may have looked for something. */
  public get isCurrent(): boolean {
    return this.window.user === this;
  }

  /** Goes through the text `bytes[from, to)`; that of a window costs least for each byte. */
  public find(bytes: Uint8Array, from: number, to: number, one: number, other = one): void {
    const { window } = this;
    window.user = this;
    this.end = to;
    if (to - from <= window.size) {
      this.marks = window.marks;
      this.lines = window.lines;
      this.count = window.find(bytes, from, to, false, one, other);
      this.lineCount = window.kernel.lineCount();
      this.empty = window.kernel.emptyCount();
    } else {
      this.count = this.lineCount = this.empty = 0;
      this.most = to - from + 1;
      for (let at = from; at < to; at += window.size) {
        const behind = this.count > 0 && this.manyMarks[this.count - 1] === at - 1;
        this.append(window.find(bytes, at, Math.min(to, at + window.size), behind, one, other));
      }
      this.marks = this.manyMarks;
      this.lines = this.manyLines;
    }
    this.close();
  }

  /** Takes what was found in a window, which is not the last. */
  private append(count: number): void {
    const { marks, lines, kernel } = this.window;
    const lineCount = kernel.lineCount();
    this.manyMarks = withRoom(this.manyMarks, this.count + count + 1, this.most);
    this.manyLines = withRoom(this.manyLines, (this.lineCount + lineCount + 1) * 2, this.most * 2);
    this.manyMarks.set(marks.subarray(0, count), this.count);
    let to = this.lineCount * 2;
    for (let i = 0; i < lineCount * 2; i += 2) {
      this.manyLines[to++] = lines[i] + this.count;
      this.manyLines[to++] = lines[i + 1] + this.empty;
    }
    this.count += count;
    this.lineCount += lineCount;
    this.empty += kernel.emptyCount();
  }

  private close(): void {
    const { marks, lines, count, lineCount, empty, end } = this;
    marks[count] = end;
    lines[lineCount * 2] = count;
    lines[lineCount * 2 + 1] = count > 0 && marks[count - 1] === end - 1 ? empty + 1 : empty;
  }
}

/**
 * Room for a length, and for the most that the text at hand can need: to grow step by step would hold all of it twice, and
 * what is never written costs no memory.
 */
function withRoom(numbers: Int32Array<ArrayBuffer>, length: number, most: number): Int32Array<ArrayBuffer> {
  if (length <= numbers.length) return numbers;
  const all = new Int32Array(most);
  all.set(numbers);
  return all;
}
