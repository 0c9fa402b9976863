import type { CompiledField } from './tables';

/** Whether two actions are the same, their arguments included. */
export function sameAction(one: CompiledField, other: CompiledField): boolean {
  return one.length === other.length && one.every((part, i) => part === other[i]);
}

/** Whether nothing that says that somebody is dead is kept. */
export function deathsAreDropped(fields: Readonly<Record<string, CompiledField>>): boolean {
  return Object.entries(fields).every(([name, [action]]) => !name.startsWith('deceased') || action === 'drop');
}
