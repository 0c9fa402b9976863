const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)';
const FORMS = [
  /^(?<one>\d\d?)([-/])(?<other>\d\d?)\2(\d\d|\d{4})$/,
  /^(?<one>\d\d?)\.(?<other>\d\d?)\.\d{4}$/,
  /^\d{4}([-/.])(?<one>\d\d?)\1(?<other>\d\d?)$/,
  new RegExp(`^(?<one>\\d\\d?)([-/.]?)${MONTH}\\2(\\d\\d|\\d{4})$`, 'i'),
  new RegExp(`^\\d{4}([-/.]?)${MONTH}\\1(?<one>\\d\\d?)$`, 'i'),
];

/** Whether a text is a day as people write one, the slow way. */
export function isWrittenDay(text: string): boolean {
  return FORMS.some((form) => {
    const groups = form.exec(text)?.groups;
    if (!groups) return false;
    const { one, other = '1' } = groups;
    return (
      [one, other].every((part) => Number(part) >= 1 && Number(part) <= 31) &&
      (Number(one) <= 12 || Number(other) <= 12)
    );
  });
}
