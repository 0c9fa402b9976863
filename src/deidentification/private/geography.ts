/**
 * What Safe Harbor may show of an address in the United States: the state, and three digits of the ZIP code where
 * enough people share them (45 CFR 164.514(b)(2)(i)(B)).
 */

/** Prefixes of 20,000 people or fewer: the union of the lists published for the censuses of 2000, 2010 and 2020. */
export const RESTRICTED_ZIP3 = [
  '036',
  '059',
  '063',
  '102',
  '203',
  '205',
  '369',
  '556',
  '692',
  '790',
  '821',
  '823',
  '830',
  '831',
  '878',
  '879',
  '884',
  '890',
  '893',
];

/**
 * Prefixes that no town has: unassigned, military, or one mailer's own. Without them a malformed or foreign code would
 * pass a list of denials.
 */
const UNUSED_ZIP3 =
  '000-004 090-099 213 269 340 343 345 348 353 419 428-429 517-519 529 533 536 552 568 578-579 589 621 632 642-643 659 ' +
  '663 682 694-699 702 709 715 732 742 771 817-819 839 848-849 854 858 861-862 866-869 876 886-888 892 896 899 909 929 ' +
  '962-966 987';

/** A character per prefix, 000 to 999: `1` where it may be shown. */
export function shownZip3(restricted: readonly string[]): string {
  const hidden = new Set(restricted.map(Number));
  for (const span of UNUSED_ZIP3.split(' ')) {
    const [first, last = first] = span.split('-').map(Number);
    for (let prefix = first; prefix <= last; prefix++) hidden.add(prefix);
  }
  return Array.from({ length: 1000 }, (_, prefix) => (hidden.has(prefix) ? '0' : '1')).join('');
}

/** A state is free text in FHIR: what is none of these is dropped. */
export const STATES = (
  'AL=ALABAMA,AK=ALASKA,AZ=ARIZONA,AR=ARKANSAS,CA=CALIFORNIA,CO=COLORADO,CT=CONNECTICUT,DE=DELAWARE,' +
  'DC=DISTRICT OF COLUMBIA,FL=FLORIDA,GA=GEORGIA,HI=HAWAII,ID=IDAHO,IL=ILLINOIS,IN=INDIANA,IA=IOWA,KS=KANSAS,' +
  'KY=KENTUCKY,LA=LOUISIANA,ME=MAINE,MD=MARYLAND,MA=MASSACHUSETTS,MI=MICHIGAN,MN=MINNESOTA,MS=MISSISSIPPI,' +
  'MO=MISSOURI,MT=MONTANA,NE=NEBRASKA,NV=NEVADA,NH=NEW HAMPSHIRE,NJ=NEW JERSEY,NM=NEW MEXICO,NY=NEW YORK,' +
  'NC=NORTH CAROLINA,ND=NORTH DAKOTA,OH=OHIO,OK=OKLAHOMA,OR=OREGON,PA=PENNSYLVANIA,RI=RHODE ISLAND,' +
  'SC=SOUTH CAROLINA,SD=SOUTH DAKOTA,TN=TENNESSEE,TX=TEXAS,UT=UTAH,VT=VERMONT,VA=VIRGINIA,WA=WASHINGTON,' +
  'WV=WEST VIRGINIA,WI=WISCONSIN,WY=WYOMING,AS=AMERICAN SAMOA,GU=GUAM,MP=NORTHERN MARIANA ISLANDS,PR=PUERTO RICO,' +
  'VI=VIRGIN ISLANDS'
).split(/[=,]/);

export const COUNTRIES = ['US', 'USA', 'U.S.', 'U.S.A.', 'UNITED STATES', 'UNITED STATES OF AMERICA', '840'];
