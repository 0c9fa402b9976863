const encoder = new TextEncoder();

/** A text in UTF-8. */
export function encoded(text: string): Uint8Array {
  return encoder.encode(text);
}

/** The text `bytes[from, to)`, in UTF-8. */
export function textOf({ buffer, byteOffset }: Uint8Array, from: number, to: number): string {
  return Buffer.from(buffer, byteOffset + from, to - from).toString('utf8');
}

/** The same of what is ASCII, or no matter where it is not. */
export function asciiOf({ buffer, byteOffset }: Uint8Array, from: number, to: number): string {
  return Buffer.from(buffer, byteOffset + from, to - from).toString('latin1');
}
