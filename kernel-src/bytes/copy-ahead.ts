/** Copies a text, sixteen bytes at once: some behind it are read, and written ahead. */
// @ts-ignore: decorator
@inline
export function copyAhead(to: usize, from: usize, length: usize): void {
  for (let at: usize = 0; at < length; at += 16) v128.store(to + at, v128.load(from + at));
}
