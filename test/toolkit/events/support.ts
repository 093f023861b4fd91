/** Reads events of any format from files that the tests write. */
import * as assert from 'uvu/assert'
import { InputError } from '../../../toolkit/errors.ts'
import { load, openEvents } from '../../../toolkit/events/index.ts'
import { seeded } from '../../support.ts'
import { Folder } from '../support.ts'

export class Events extends Folder {
  /** All events of a file that is here or elsewhere, and the columns beside them. */
  async read(name: string, features = ['a', 'b'], beside: string[] = []) {
    const source = await openEvents([name.startsWith('/') ? name : this.file(name)])
    try {
      const { count, events, columns } = await load(source, features, beside)
      return { count, events: [...events], beside: beside.map((column) => [...columns.get(column)!]) }
    } finally {
      await source.close()
    }
  }

  /** Checks the message, in which the folder is left out. */
  async refuses(name: string, message: string | RegExp, features = ['a', 'b'], beside: string[] = []): Promise<void> {
    const said = await this.read(name, features, beside).then(
      () => undefined,
      (error: Error) => {
        assert.instance(error, InputError, error.stack)
        return error.message.replaceAll(`${this.path}/`, '')
      },
    )
    if (said === undefined) assert.unreachable(`not refused: ${message}`)
    if (typeof message === 'string') assert.is(said, message)
    else assert.match(said!, message)
  }

  /**
   * Reads a file that was cut short or had bytes changed: events or an InputError, and nothing else.
   * @returns how many were refused
   */
  async fuzz(name: string, bytes: Uint8Array, features: string[], rounds: number): Promise<number> {
    const random = seeded(bytes.length)
    let refused = 0
    for (let round = 0; round < rounds; round++) {
      let broken = Uint8Array.from(bytes)
      if (round % 3 === 0) broken = broken.subarray(0, random.below(bytes.length))
      else for (let k = 0; k <= round % 4; k++) broken[random.below(broken.length)] = random.below(256)
      this.write(name, broken)
      await this.read(name, features).catch((error) => {
        if (!(error instanceof InputError)) throw new Error(`round ${round}`, { cause: error })
        assert.ok(error.message.startsWith(this.file(name)), error.message)
        refused++
      })
    }
    return refused
  }
}
