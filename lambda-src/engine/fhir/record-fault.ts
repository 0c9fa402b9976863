import type { RecordErrorCode } from '../contract';

/** Ends a record. Made once per code: a file of nothing but bad records must not pay for stack traces. */
export class RecordFault extends Error {
  constructor(readonly code: RecordErrorCode) {
    super(code);
  }
}

export const NO_TYPE = new RecordFault('FHIR_NO_TYPE');
export const UNKNOWN_TYPE = new RecordFault('FHIR_UNKNOWN_TYPE');
export const BAD_PRIMITIVE = new RecordFault('FHIR_BAD_PRIMITIVE');
export const DUPLICATE_KEY = new RecordFault('FHIR_DUPLICATE_KEY');
export const MODIFIER_EXTENSION = new RecordFault('FHIR_MODIFIER_EXTENSION');
/** No fault of the record: something in it was taken from memory that has to be walked after all. */
export const STALE = new RecordFault('DEID_FAILED');
