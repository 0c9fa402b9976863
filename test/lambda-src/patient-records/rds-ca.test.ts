import { X509Certificate } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';

const FILE = path.join(__dirname, '../../../lambda-src/patient-records/rds-ca.pem');
const TEXT = fs.readFileSync(FILE, 'utf8');
const CERTIFICATES = TEXT.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)!.map(
  (pem) => new X509Certificate(pem),
);
const NAME = /^CN=Amazon RDS ([a-z]{2}-[a-z]+-\d) Root CA (ECC384|RSA2048|RSA4096) G1$/m;

test('B4 the authorities are those of Amazon RDS, three for each region', () => {
  const regions = new Map<string, string[]>();
  for (const { subject } of CERTIFICATES) {
    const [, region, kind] = NAME.exec(subject)!;
    regions.set(region, [...(regions.get(region) ?? []), kind]);
  }
  for (const kinds of regions.values()) expect(kinds.sort()).toEqual(['ECC384', 'RSA2048', 'RSA4096']);
  expect(TEXT).toContain(`each of ${regions.size} regions`);
  expect([...regions.keys()]).toEqual(expect.arrayContaining(['us-east-1', 'us-east-2', 'us-west-2', 'eu-central-1']));
});

test('B4 each is a root that vouches for itself, and for longer than this software', () => {
  for (const certificate of CERTIFICATES) {
    expect(certificate.ca).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(new Date(certificate.validTo).getUTCFullYear()).toBeGreaterThan(2060);
  }
  expect(new Set(CERTIFICATES.map(({ fingerprint256 }) => fingerprint256)).size).toBe(CERTIFICATES.length);
});
