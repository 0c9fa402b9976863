/**
 * One way of turning the same input into the same bytes. It is part of every run id: raise it with any change of an
 * output byte, so that what was processed before is processed anew instead of being taken for the same.
 */
export const ENGINE_VERSION = '2';
