const encoder = new TextEncoder();

/** A text in UTF-8. */
export function encoded(text: string): Uint8Array {
  return encoder.encode(text);
}
