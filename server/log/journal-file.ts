// The journal's bytes on disk: what was appended and synced stays; what was not is cut off before anything follows it.
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { besideOf, OWNER_ONLY, syncDirectoryOf, writeAll, writeBeside, type Disk } from './disk.js';

export class JournalFile {
  readonly #disk: Disk;
  readonly #path: string;
  /** Where the part ends that is safe. */
  #end: number;
  #file: FileHandle | null = null;
  /** The directory knows the file. */
  #isNameSafe = false;
  #isFailing = false;

  /** `bytes`: how much of what is there counts. Touches nothing before the first append or cut. */
  constructor(disk: Disk, path: string, bytes: number) {
    this.#disk = disk;
    this.#path = path;
    this.#end = bytes;
  }

  /** How long the part is that is safe. */
  get bytes(): number {
    return this.#end;
  }

  /** The last attempt failed. */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  /** Resolves when the text is safe. When it rejects, the next attempt begins at the last safe byte again. */
  append(text: string): Promise<void> {
    return this.#attempt(async () => {
      const added = Buffer.from(text);
      const file = await this.#opened();
      await writeAll(file, added, this.#end);
      await file.datasync();
      await this.#makeNameSafe();
      this.#end += added.length;
    });
  }

  /** Puts `head` in the place of everything before `offset`. When it rejects, one of both is there, whole. */
  cut(offset: number, head: string): Promise<void> {
    return this.#attempt(async () => {
      const rest = await this.#read(offset);
      const text = Buffer.concat([Buffer.from(head), rest]);
      await writeBeside(this.#disk, this.#path, (beside) => writeAll(beside, text));
      await this.#disk.rename(besideOf(this.#path), this.#path);
      this.#end = text.length; // from here on the new file is the journal, though its name may still be lost
      this.#isNameSafe = false;
      await this.close();
      await this.#makeNameSafe();
    });
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close();
  }

  /** After a failure the descriptor is not trusted any more: Linux tells of pages it lost only once. */
  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#isFailing = false;
    } catch (error) {
      this.#isFailing = true;
      await this.close().catch(() => undefined); // given up already: the first error is the one to tell
      throw error;
    }
  }

  /** The file, without what an earlier attempt or a crash left behind its safe part. */
  async #opened(): Promise<FileHandle> {
    if (this.#file) return this.#file;
    const file = await this.#disk.open(this.#path, constants.O_RDWR | constants.O_CREAT, OWNER_ONLY);
    this.#file = file;
    await file.chmod(OWNER_ONLY);
    const { size } = await file.stat();
    if (size < this.#end) throw new Error(this.#tooShort());
    if (size > this.#end) await file.truncate(this.#end);
    return file;
  }

  async #read(from: number): Promise<Buffer> {
    const file = await this.#opened();
    const bytes = Buffer.alloc(this.#end - from);
    for (let read = 0; read < bytes.length;) {
      const { bytesRead } = await file.read(bytes, read, bytes.length - read, from + read);
      if (bytesRead === 0) throw new Error(this.#tooShort());
      read += bytesRead;
    }
    return bytes;
  }

  #tooShort(): string {
    return `${this.#path} is shorter than the ${this.#end} bytes that were written to it: somebody changed it`;
  }

  async #makeNameSafe(): Promise<void> {
    if (this.#isNameSafe) return;
    await syncDirectoryOf(this.#disk, this.#path);
    this.#isNameSafe = true;
  }
}
