import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';

/** A certificate authority made for a test, by the command line of OpenSSL. */
export class Authority {
  /** The authority's own certificate, PEM. */
  public readonly ca: string;

  constructor(private readonly folder: string) {
    fs.mkdirSync(folder, { recursive: true });
    const names = ['-subj', '/CN=Test authority', '-addext', 'basicConstraints=critical,CA:TRUE'];
    this.openssl('req', '-x509', ...NEW_KEY, ...names, '-keyout', 'ca.key', '-out', 'ca.crt', '-days', '2');
    this.ca = fs.readFileSync(path.join(folder, 'ca.crt'), 'utf8');
  }

  /** Certifies a server under a host name. */
  public certify(host: string): { readonly certificate: string; readonly key: string } {
    this.openssl('req', ...NEW_KEY, '-subj', `/CN=${host}`, '-keyout', 'server.key', '-out', 'server.csr');
    fs.writeFileSync(path.join(this.folder, 'names'), `subjectAltName=DNS:${host}\n`);
    const signer = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
    this.openssl('x509', '-req', '-in', 'server.csr', ...signer, '-out', 'server.crt');
    const read = (file: string) => fs.readFileSync(path.join(this.folder, file), 'utf8');
    return { certificate: read('server.crt'), key: read('server.key') };
  }

  private openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe' });
  }
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
