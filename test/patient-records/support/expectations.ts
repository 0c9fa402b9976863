import type { Expectation } from './access';
import { key, queue, reader, trust } from './access-others';
import {
  endpoint,
  leftInterfaces,
  networkInterfaces,
  noInterfaces,
  processorNeeds,
  processorNever,
} from './access-processor';
import { accessLogs, destruction, encryption, keyObject, notifications, transport } from './access-storage';
import type { Places } from './places';

export interface Kind {
  /** The real template guards and keeps; the one for tests can be emptied and deleted. */
  readonly guarded: boolean;
  /** Whether every option was taken, or none. */
  readonly options: boolean;
}

/** Everything that must and must not be possible, by requirement. */
export function expectations(at: Places, { guarded, options }: Kind): Record<string, Expectation[]> {
  return {
    'B1 B13 destruction needs a second factor': destruction(at, guarded),
    'B2 B13 only TLS 1.2 and later, nobody from outside': transport(at),
    'B2 only keys of S3': encryption(at),
    'B3 S3 starts the function for one bucket': notifications(at),
    'B4 B8 the key is for this account and one log group': key(at, guarded),
    'B4 failed events travel by TLS': queue(at),
    'B5 the pseudonym key is for the function alone': keyObject(at, guarded),
    'B6 only Lambda takes the role of the function': trust(at),
    'B6 the function gets what it needs and nothing else': processorNeeds(at),
    'B3 B6 what is denied to the function stays denied': processorNever(at),
    'B6 B11 Lambda takes back what it put into a VPC, after the function left it too': [
      ...leftInterfaces(at),
      ...(options ? [] : noInterfaces(at)),
    ],
    'B13 only access logs of the records bucket are delivered': accessLogs(at),
    ...(options && {
      'B7 the other account reads results and nothing else': reader(at),
      'B6 B11 network interfaces are for Lambda, not for the code': networkInterfaces(at),
      'B11 the endpoint leads to the records bucket only': endpoint(at),
    }),
  };
}
