/** Who may do what: tokens and roles. */
import { Failure } from './failure.ts'

/** What a request does. Whoever may write may read, and whoever may read may have events scored. */
export type Role = 'open' | 'score' | 'read' | 'write'

export interface Tokens {
  /** May read and have events scored. */
  read?: string
  /** May do all. */
  write?: string
}

/** What is answered without a token; all but writing unless somebody says otherwise. */
export type OpenTo = 'nothing' | 'scoring' | 'reading'

const RANKS: Readonly<Record<Role, number>> = { open: 0, score: 1, read: 2, write: 3 }
const OPEN_RANKS: Readonly<Record<OpenTo, number>> = { nothing: 0, scoring: 1, reading: 2 }

export class Guard {
  readonly #secrets: readonly { secret: Uint8Array; rank: number }[]
  readonly #open: number
  readonly #writable: boolean

  constructor({ read, write }: Tokens, open: OpenTo) {
    const secrets = [
      { secret: read, rank: RANKS.read },
      { secret: write, rank: RANKS.write },
    ]
    this.#secrets = secrets.flatMap(({ secret, rank }) => (secret ? [{ secret: bytesOf(secret), rank }] : []))
    this.#open = OPEN_RANKS[open]
    this.#writable = Boolean(write)
  }

  /** Whether anybody can write at all. */
  get writable(): boolean {
    return this.#writable
  }

  /**
   * @param authorization the header of this name
   * @throws Failure 401 where a token is needed and there is none, or a wrong one; 403 where it is not enough
   */
  check(role: Role, authorization: string | null | undefined): void {
    const rank = RANKS[role]
    if (rank <= this.#open) return
    if (role === 'write' && !this.#writable) {
      throw new Failure(403, 'writing is off; start the service with a token in NNDRONE_TOKEN')
    }
    const [, token] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? []
    const known = token === undefined ? -1 : this.#rankOf(token)
    if (known >= rank) return
    if (known >= 0) throw new Failure(403, 'this token may read, but not write')
    throw new Failure(
      401,
      token === undefined ? 'a token is needed: Authorization: Bearer …' : 'this token is not known',
      {
        'www-authenticate': 'Bearer',
      },
    )
  }

  /** −1 where it is none. All are compared, and every byte of the token: the time tells nothing of what it should be. */
  #rankOf(token: string): number {
    const given = bytesOf(token)
    let rank = -1
    for (const { secret, rank: its } of this.#secrets) if (isEqual(given, secret)) rank = Math.max(rank, its)
    return rank
  }
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** In a time that depends on the length of what was given alone. */
function isEqual(given: Uint8Array, secret: Uint8Array): boolean {
  let difference = given.length ^ secret.length
  for (let i = 0; i < given.length; i++) difference |= given[i]! ^ secret[i % secret.length]!
  return difference === 0
}
