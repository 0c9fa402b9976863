import { Hl7Message } from '@medplum/core';
import type { Hl7WayName } from './ways';
import { measured } from '../measure';
import { bytesOf, throughEngine } from '../through-engine';

/** Parse and write again, with no policy at all: less than anybody would need. */
async function medplum(file: string): Promise<number> {
  let rest = '';
  let messages = 0;
  let written = 0;
  for await (const chunk of bytesOf(file)) {
    const parts = (rest + chunk.toString('utf8')).split('\rMSH');
    rest = parts.pop()!;
    for (const part of parts) {
      written += Buffer.byteLength(Hl7Message.parse(part.startsWith('MSH') ? part : `MSH${part}`).toString());
      messages++;
    }
    rest = rest.startsWith('MSH') ? rest : `MSH${rest}`;
  }
  written += Buffer.byteLength(Hl7Message.parse(rest).toString());
  if (written === 0) throw new Error('nothing was written');
  return messages + 1;
}

const WAY: Readonly<Record<Hl7WayName, (file: string) => Promise<number>>> = {
  engine: (file) => throughEngine(file, (text) => text),
  medplum,
};

measured(() => WAY[process.argv[2] as keyof typeof WAY](process.argv[3]));
