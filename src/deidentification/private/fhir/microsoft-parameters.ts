import type { PolicyProblems } from '../policy-problems';
import type { ProfileSettings } from '../profile';
import { didYouMean } from '../suggestion';

type Parameters = Readonly<Record<string, unknown>>;

const KEYS = ['dateShiftKey', 'cryptoHashKey', 'encryptKey'];
const SWITCHES = ['enablePartialDatesForRedact', 'enablePartialAgesForRedact', 'enablePartialZipCodesForRedact'];

/** What Microsoft's tool does with these, and ours does not. */
const IGNORED: Readonly<Record<string, string>> = {
  dateShiftScope: 'is ignored: dates are shifted by patient, in every file alike, so that intervals survive; remove it',
  dateShiftFixedOffsetInDays: 'is ignored: an offset in a file is no secret, it comes from the key; remove it',
  customSettings: 'is ignored: there are no custom methods; remove it',
};

const KNOWN = [...KEYS, ...SWITCHES, ...Object.keys(IGNORED), 'restrictedZipCodeTabulationAreas'];

/** Says which parameters of Microsoft's configurations have another effect here, or none. */
export function checkMicrosoftParameters(given: Parameters, { name }: ProfileSettings, problems: PolicyProblems): void {
  const place = { section: 'fhir' } as const;
  for (const [parameter, value] of Object.entries(given)) {
    if (!KNOWN.includes(parameter)) {
      const hint = didYouMean(parameter, KNOWN) || `it takes ${KNOWN.join(', ')}`;
      problems.error(place, `fhir.parameters has no "${parameter}"; ${hint}`);
    } else if (IGNORED[parameter]) {
      problems.warning(place, `${parameter} ${IGNORED[parameter]}`);
    } else if (KEYS.includes(parameter) && value !== '') {
      problems.warning(
        place,
        `${parameter} is ignored: a key in a file is none; the pipeline's own key is used: remove it`,
      );
    } else if (SWITCHES.includes(parameter)) {
      checkSwitch(parameter, value, name, problems);
    }
  }
}

function checkSwitch(name: string, value: unknown, profile: ProfileSettings['name'], problems: PolicyProblems): void {
  const place = { section: 'fhir' } as const;
  if (typeof value !== 'boolean') {
    problems.error(place, `${name} must be true or false, got ${JSON.stringify(value)}; omit it for false`);
  } else if (value && profile !== 'ms-r4-compat') {
    const hint = 'write rules with the methods year, age or zip3, or the profile ms-r4-compat';
    problems.warning(place, `${name} is ignored under ${profile}, where redact removes; ${hint}`);
  }
}
