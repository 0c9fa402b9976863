import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Stands in for the SDK's chain of credential providers in the bundle of the function: Lambda gives the role's credentials
 * in the environment, and what reads profiles, single sign-on and instance metadata would be a third of the bundle.
 */
export const defaultProvider = fromEnv;
