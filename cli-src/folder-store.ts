import * as fs from 'node:fs';
import * as path from 'node:path';
import {
  NO_SUCH_UPLOAD,
  PRECONDITION_FAILED,
  StoreError,
  type ObjectHead,
  type ObjectStore,
  type OpenObject,
  type UploadedPart,
} from '../lambda-src/commit';

/** A file that stands in the bucket under a key, without being in the folder. */
export interface MountedFile {
  readonly key: string;
  readonly head: ObjectHead;
  readonly open: () => AsyncIterable<Uint8Array>;
}

/** Beginnings of objects; a name starts with the id of the process that writes it. */
const UPLOADS = '.uploads';
/** Rejects are PHI, so only the owner may read what is written. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/**
 * A bucket that is a folder: an object appears whole or not at all, and never over another one. What was begun is
 * removed however the process ends; after a kill, by the next one.
 */
export class FolderStore implements ObjectStore {
  private readonly begun = new Set<string>();
  private serial = 0;

  constructor(
    public readonly bucket: string,
    private readonly root: string,
    private readonly mounted?: MountedFile,
  ) {
    this.discardAbandoned();
  }

  public async head(key: string): Promise<ObjectHead | undefined> {
    if (key === this.mounted?.key) return this.mounted.head;
    const found = statOf(this.pathOf(key));
    return found && { eTag: `"${found.size}-${found.mtimeMs}"`, size: found.size, lastModified: found.mtime };
  }

  public async get(key: string): Promise<OpenObject | undefined> {
    if (key === this.mounted?.key) {
      return { size: this.mounted.head.size, body: this.mounted.open(), close: () => undefined };
    }
    const found = statOf(this.pathOf(key));
    if (!found) return undefined;
    const body = fs.createReadStream(this.pathOf(key));
    return { size: found.size, body, close: () => body.destroy() };
  }

  public async putIfAbsent(key: string, body: Uint8Array): Promise<void> {
    const file = this.begin();
    fs.writeFileSync(file, body, { mode: FILE_MODE, flag: 'wx' });
    this.publish(file, key);
  }

  public async createUpload(): Promise<string> {
    const file = this.begin();
    fs.writeFileSync(file, '', { mode: FILE_MODE, flag: 'wx' });
    return path.basename(file);
  }

  /** Parts come one after the other, so that each is appended. */
  public async uploadPart(_: string, uploadId: string, partNumber: number, body: Uint8Array): Promise<UploadedPart> {
    await fs.promises.appendFile(this.uploadPath(uploadId), body);
    return { partNumber, eTag: '' };
  }

  public async completeIfAbsent(key: string, uploadId: string): Promise<void> {
    this.publish(this.uploadPath(uploadId), key);
  }

  public async abortUpload(_: string, uploadId: string): Promise<void> {
    this.discard(this.uploadPath(uploadId));
  }

  /** Removes what was begun and not completed; at once, so that a signal handler can call it. */
  public discardBegun(): void {
    for (const file of [...this.begun]) this.discard(file);
  }

  private pathOf(key: string): string {
    return path.join(this.root, ...key.split('/'));
  }

  private get uploads(): string {
    return path.join(this.root, UPLOADS);
  }

  private uploadPath(uploadId: string): string {
    const file = path.join(this.uploads, uploadId);
    if (!this.begun.has(file)) throw new StoreError(NO_SUCH_UPLOAD);
    return file;
  }

  private begin(): string {
    fs.mkdirSync(this.uploads, { recursive: true, mode: FOLDER_MODE });
    const file = path.join(this.uploads, `${process.pid}-${Date.now()}-${++this.serial}`);
    this.begun.add(file);
    return file;
  }

  /** A link, unlike a rename, fails where the name is taken. */
  private publish(file: string, key: string): void {
    const target = this.pathOf(key);
    try {
      fs.mkdirSync(path.dirname(target), { recursive: true, mode: FOLDER_MODE });
      fs.linkSync(file, target);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new StoreError(PRECONDITION_FAILED);
      throw error;
    } finally {
      this.discard(file);
    }
  }

  private discard(file: string): void {
    fs.rmSync(file, { force: true });
    this.begun.delete(file);
    removeIfEmpty(this.uploads);
  }

  private discardAbandoned(): void {
    for (const name of fs.existsSync(this.uploads) ? fs.readdirSync(this.uploads) : []) {
      if (!isAlive(Number(name.split('-')[0]))) fs.rmSync(path.join(this.uploads, name), { force: true });
    }
    removeIfEmpty(this.uploads);
  }
}

function statOf(file: string): fs.Stats | undefined {
  const found = fs.statSync(file, { throwIfNoEntry: false });
  return found?.isFile() ? found : undefined;
}

function removeIfEmpty(folder: string): void {
  try {
    fs.rmdirSync(folder);
  } catch {
    // Another process is writing there, or it was never made.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
