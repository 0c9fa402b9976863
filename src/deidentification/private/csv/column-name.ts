/** Tables differ in how they write one name: case, spaces, `_`, `-` and `.` mean nothing. */
export function plainName(column: string): string {
  return column.toLowerCase().replace(/[ _.-]/g, '');
}
