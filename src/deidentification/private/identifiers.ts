/** Letters of the identifiers that 45 CFR 164.514(b)(2)(i) lists. */
export type IdentifierLetter =
  'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G' | 'H' | 'I' | 'J' | 'K' | 'L' | 'M' | 'N' | 'O' | 'P' | 'Q' | 'R';

/** The eighteen identifiers of the individual or of relatives, employers, or household members; shortened. */
export const IDENTIFIERS: Readonly<Record<IdentifierLetter, string>> = {
  A: 'Names',
  B: 'Geographic subdivisions smaller than a state, but the first three digits of a ZIP code where more than 20,000 people share them',
  C: 'Elements of dates (except year) directly related to an individual, and all ages over 89',
  D: 'Telephone numbers',
  E: 'Fax numbers',
  F: 'Electronic mail addresses',
  G: 'Social security numbers',
  H: 'Medical record numbers',
  I: 'Health plan beneficiary numbers',
  J: 'Account numbers',
  K: 'Certificate or license numbers',
  L: 'Vehicle identifiers and serial numbers, license plate numbers included',
  M: 'Device identifiers and serial numbers',
  N: 'Web Universal Resource Locators (URLs)',
  O: 'Internet Protocol (IP) address numbers',
  P: 'Biometric identifiers, finger and voice prints included',
  Q: 'Full-face photographs and comparable images',
  R: 'Any other unique identifying number, characteristic, or code',
};
