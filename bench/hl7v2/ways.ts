/** `engine` writes no gzip, as the way beside it. */
export type Hl7WayName = 'engine' | 'medplum';

export const HL7_WAYS: readonly Hl7WayName[] = ['engine', 'medplum'];
