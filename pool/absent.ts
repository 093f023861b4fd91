/** What `nndrone/pool` is where a host or a bundle has no worker threads: it says so when a pool is to be started. */
import { ConfigurationError } from '../bindings/errors.ts'
import { NEEDED } from './needed.ts'

// biome-ignore lint/complexity/noStaticOnlyClass: it stands for the class of the same name
export class Pool {
  static async start(): Promise<never> {
    throw new ConfigurationError(NEEDED)
  }
}
