import type { ByteWriter } from '../../lambda-src/engine/byte-writer';
import { NOTHING_CHANGED, type DeidCounts, type RecordErrorCode } from '../../lambda-src/engine/contract';
import type { RecordTransform } from '../../lambda-src/engine/record-transform';

/** Writes every JSON object as it is, so that a test sees what the framing alone does. */
export class PassThrough implements RecordTransform {
  public lastType: string | undefined;
  public lastPath: string | undefined;
  public readonly recordEnd = 0x0a;
  public readonly entryIds: (string | undefined)[] = [];

  public counts(): DeidCounts {
    return NOTHING_CHANGED;
  }

  public transform(
    bytes: Uint8Array,
    start: number,
    end: number,
    out: ByteWriter,
    entryId?: string,
  ): RecordErrorCode | undefined {
    this.lastType = undefined;
    this.entryIds.push(entryId);
    const text = Buffer.from(bytes.subarray(start, end)).toString('utf8');
    let parsed: { resourceType?: unknown };
    try {
      parsed = JSON.parse(text) as { resourceType?: unknown };
    } catch {
      return 'REC_SYNTAX';
    }
    if (typeof parsed.resourceType !== 'string') return 'FHIR_NO_TYPE';
    this.lastType = parsed.resourceType;
    const line = new TextEncoder().encode(JSON.stringify(parsed));
    out.copy(line, 0, line.length);
    return undefined;
  }
}
