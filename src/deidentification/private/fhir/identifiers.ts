import type { IdentifierLetter } from '../identifiers';

/**
 * Where FHIR R4 holds each identifier of 45 CFR 164.514(b)(2)(i): data types, and elements by path. The
 * documentation's table is made from it and from the compiled policy, which must remove or coarsen every one of them.
 */
export const FHIR_IDENTIFIERS: Readonly<Record<IdentifierLetter, readonly string[]>> = {
  A: ['HumanName', 'ContactDetail', 'Annotation', 'Reference.display', 'Organization.name', 'Group.name'],
  B: ['Address', 'Location.position', 'Location.name', 'Location.description'],
  C: ['date', 'dateTime', 'instant', 'time', 'Age'],
  D: ['ContactPoint'],
  E: ['ContactPoint'],
  F: ['ContactPoint'],
  G: ['Identifier'],
  H: ['Identifier'],
  I: ['Identifier', 'Coverage.subscriberId', 'Coverage.dependent'],
  J: ['Identifier', 'Account.name'],
  K: ['Identifier', 'Signature'],
  L: ['Identifier'],
  M: [
    'Identifier',
    'Device.udiCarrier',
    'Device.distinctIdentifier',
    'Device.serialNumber',
    'Device.lotNumber',
    'Device.deviceName',
  ],
  N: ['url', 'uri', 'canonical', 'Attachment', 'Endpoint.address'],
  O: ['AuditEvent.agent.network', 'Endpoint.address'],
  P: ['Attachment', 'base64Binary', 'SampledData'],
  Q: ['Attachment', 'Patient.photo', 'Media.content'],
  R: ['Identifier', 'id', 'oid', 'uuid', 'string', 'markdown', 'Narrative', 'Meta', 'Extension'],
};
