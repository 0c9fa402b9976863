import { unknownFormat } from '../source-error';
import { JsonScanner, Treatment } from './json-scanner';
import type { RecordHandler, RecordReader } from './record-reader';
import { RecordSpan } from './record-span';

const enum Depth {
  DOCUMENT,
  BUNDLE_MEMBER,
  ENTRY,
  ENTRY_MEMBER,
}

/**
 * The resources of one or more Bundles, each as soon as its entry is complete, whatever the order of keys. A Bundle may
 * be larger than memory. One that is not whole, or that turns out to be none, fails the source: nothing of it may stay.
 */
export class BundleReader implements RecordReader {
  private readonly scanner: JsonScanner;
  private readonly resource: RecordSpan;
  private chunk: Uint8Array = new Uint8Array(0);
  private types = 0;
  private entryLists = 0;
  private resources = 0;
  private fullUrl: string | undefined;

  constructor(
    private readonly handler: RecordHandler,
    maxRecordBytes: number,
    private offset: number,
  ) {
    this.resource = new RecordSpan(maxRecordBytes);
    this.scanner = new JsonScanner({
      begin: (depth, key, first, at) => this.begin(depth, key, first, at),
      end: (depth, key, end, text) => this.valueEnds(depth, key, end, text),
    });
  }

  public push(chunk: Uint8Array): void {
    this.chunk = chunk;
    this.scanner.push(chunk);
    this.resource.suspend(chunk);
    this.offset += chunk.length;
  }

  public end(): void {
    this.scanner.end();
  }

  private begin(depth: number, key: string, first: number, at: number): Treatment {
    switch (depth) {
      case Depth.DOCUMENT:
        this.types = 0;
        this.entryLists = 0;
        return Treatment.ENTER;
      case Depth.BUNDLE_MEMBER:
        if (key === 'resourceType') return Treatment.TEXT;
        if (key !== 'entry') return Treatment.SKIP;
        // Readers differ in which of two lists they take: no choice of ours would be safe.
        if (first !== 0x5b || ++this.entryLists > 1) throw unknownFormat();
        return Treatment.ENTER;
      case Depth.ENTRY:
        this.resource.clear();
        this.resources = 0;
        this.fullUrl = undefined;
        if (first === 0x7b) return Treatment.ENTER;
        this.resource.open(at, this.offset + at);
        return Treatment.SKIP;
      default:
        if (key === 'fullUrl') return Treatment.TEXT;
        // The first of two resources stands for the entry, which is rejected.
        if (key === 'resource' && ++this.resources === 1) this.resource.open(at, this.offset + at);
        return Treatment.SKIP;
    }
  }

  private valueEnds(depth: number, key: string, end: number, text: string | undefined): void {
    switch (depth) {
      case Depth.DOCUMENT:
        if (this.types === 0) throw unknownFormat();
        break;
      case Depth.BUNDLE_MEMBER:
        if (key !== 'resourceType') break;
        if (text !== 'Bundle' || ++this.types > 1) throw unknownFormat();
        break;
      case Depth.ENTRY:
        if (this.resource.isOpen) this.resource.close(this.chunk, end);
        this.entryEnds();
        break;
      case Depth.ENTRY_MEMBER:
        if (key === 'fullUrl') this.fullUrl = text;
        else if (this.resource.isOpen) this.resource.close(this.chunk, end);
    }
  }

  private entryEnds(): void {
    if (!this.resource.isClosed) this.handler.dropped();
    else if (this.resources > 1) this.handler.reject('FHIR_DUPLICATE_KEY', this.resource);
    else this.handler.record(this.resource, idOfFullUrl(this.fullUrl));
    this.resource.clear();
  }
}

const FULL_URL = /^(?:urn:(?:uuid|oid):|(?:.*\/)?[A-Za-z]+\/)([A-Za-z0-9.-]{1,64})(?:\/_history\/[A-Za-z0-9.-]+)?$/;

/** `urn:uuid:X`, `urn:oid:X`, `http://server/Type/X` and `Type/X`, with a version or without, name the id X. */
function idOfFullUrl(fullUrl: string | undefined): string | undefined {
  return fullUrl === undefined ? undefined : FULL_URL.exec(fullUrl)?.[1];
}
