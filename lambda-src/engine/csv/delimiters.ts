/** What may stand between cells, the most common first: `,` `|` tab `;`. */
export const CANDIDATES: readonly number[] = [0x2c, 0x7c, 0x09, 0x3b];
