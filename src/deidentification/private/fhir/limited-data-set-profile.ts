import type { ElementField, ElementTable } from './element-table';
import type { FhirProfile, ProfileDecision } from './profile';
import { ANSWERS } from './safe-harbor';
import { SafeHarborProfile } from './safe-harbor-profile';
import type { NodeKind } from './tables';

/**
 * A limited data set, 45 CFR 164.514(e)(2). It excludes sixteen direct identifiers of the individual, of relatives,
 * employers and household members: names; postal address information other than town or city, state and ZIP code;
 * telephone and fax numbers; e-mail addresses; social security, medical record, health plan beneficiary, account,
 * certificate and license numbers; vehicle identifiers and serial numbers; device identifiers and serial numbers; URLs;
 * IP addresses; biometric identifiers; full-face photographs. All of these Safe Harbor drops already.
 *
 * What (e)(2) does not list stays: dates with their times, ages of any height, city, state and ZIP code as written. Bare
 * answers to a question that is dropped are the exception: nothing tells an age from a number of a person.
 * Country, county and position are postal address information that it does not admit. Other unique codes would be
 * admitted too; they are dropped with the free text in which names stand.
 */
const PLACES = ['Address.city', 'Address.state', 'Address.postalCode'];
const MOMENTS = ['date', 'dateTime', 'instant', 'time'];

/** Safe Harbor, but for what a limited data set may hold. */
export class LimitedDataSetProfile implements FhirProfile {
  public readonly keeps = false;
  private readonly harbor: SafeHarborProfile;

  constructor(table: ElementTable, resourceTypes: number) {
    this.harbor = new SafeHarborProfile(table, resourceTypes);
  }

  /** No age is aggregated, and no country decides over a state: their guards have nothing to do. */
  public kindOf(type: string): NodeKind {
    const kind = this.harbor.kindOf(type, false);
    if (kind === 'address' || kind === 'observed') return 'plain';
    return kind === 'age' ? 'quantity' : kind;
  }

  public decide(owner: string, name: string, field: ElementField): ProfileDecision {
    if (PLACES.includes(`${owner}.${name}`)) return { action: ['any'] };
    const decision = this.harbor.decide(owner, name, field, false);
    if ('enter' in decision) return { enter: { ages: false, byCode: false } };
    if (!('action' in decision)) return decision;
    const { action } = decision;
    // Without its question, a number may be one of a telephone, a person or an account: Safe Harbor's bound holds here too.
    if (ANSWERS.includes(owner) && action[0] === 'keep') return decision;
    if (MOMENTS.includes(field.type)) return { action: ['keep', field.type] };
    return action[0] === 'keep' ? { action: ['keep', field.type] } : decision;
  }
}
