import type { CompiledTables } from '../../../src/deidentification/private/compiled-tables';
import type { SourceFormat } from '../contract';
import { BundleReader } from './bundle-reader';
import { LayoutDetector, type Layout } from './detect';
import { DocumentReader } from './document-reader';
import { NdjsonReader } from './ndjson-reader';
import type { RecordHandler, RecordReader } from './record-reader';
import { CsvReader } from '../csv/csv-reader';
import { Hl7Reader } from '../hl7v2/hl7-reader';

const READERS = {
  ndjson: NdjsonReader,
  documents: DocumentReader,
  bundle: BundleReader,
  csv: CsvReader,
  hl7v2: Hl7Reader,
};

/** What the layouts are called in a manifest. Documents are NDJSON with more white space. */
const FORMATS: Readonly<Record<Layout, SourceFormat>> = {
  ndjson: 'fhir-ndjson',
  documents: 'fhir-ndjson',
  bundle: 'fhir-bundle',
  csv: 'csv',
  hl7v2: 'hl7v2',
};

/** The reader for whatever comes: it finds out the layout from the first bytes. */
export class DetectingReader implements RecordReader {
  private reader: RecordReader | undefined;
  private detector: LayoutDetector | undefined;

  constructor(
    private readonly handler: RecordHandler,
    private readonly tables: CompiledTables,
    private readonly onFormat: (format: SourceFormat) => void,
  ) {
    this.detector = new LayoutDetector(tables);
  }

  public push(buffer: Uint8Array): void {
    // A plain array: code that meets Buffers beside its own arrays is slower.
    const chunk = new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
    if (this.detector) this.detect(this.detector, chunk, false);
    else this.reader!.push(chunk);
  }

  public end(): void {
    if (this.detector) this.detect(this.detector, new Uint8Array(0), true);
    this.reader!.end();
  }

  private detect(detector: LayoutDetector, chunk: Uint8Array, last: boolean): void {
    const layout = detector.push(chunk, last);
    if (layout === undefined) return;
    this.onFormat(FORMATS[layout]);
    this.reader = new READERS[layout](this.handler, this.tables.limits.maxRecordBytes, detector.skip);
    // It has kept what it has seen: let go of that.
    this.detector = undefined;
    this.reader.push(detector.content);
  }
}
