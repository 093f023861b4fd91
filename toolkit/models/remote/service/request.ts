/** Requests to a service, tried again where it makes sense. */
import { setTimeout as wait } from 'node:timers/promises'
import { InputError } from '../../../errors.ts'

/** Sends a document, or asks for one where there is none to send. */
export type Caller = (url: URL, document?: object) => Promise<unknown>

export interface CallOptions {
  timeout: number
  token?: string
  backoff?: number
}

const TRIES = 6

/** The longest that a service may ask us to wait, in milliseconds. */
const PATIENCE = 30_000

/** Bytes of the longest answer. */
const LONGEST = 1 << 26

/** A service that is busy, ill or away, and may be well in a while. */
class Passing extends Error {
  readonly after: number | undefined

  constructor(reason: string, after?: number) {
    super(reason)
    this.after = after
  }
}

/** @throws InputError that names the address: the service refuses, cannot be reached, or answers no JSON */
export function caller({ timeout, token, backoff = 250 }: CallOptions): Caller {
  return async (url, document) => {
    const where = `${url.origin}${url.pathname}`
    for (let tried = 1; ; tried++) {
      try {
        return await called(where, request(url, document, token), timeout)
      } catch (error) {
        if (!(error instanceof Passing)) throw error
        if (tried === TRIES) throw new InputError(`${where}: ${error.message}, after ${TRIES} tries`)
        await wait(Math.min(error.after ?? backoff * 2 ** (tried - 1), PATIENCE))
      }
    }
  }
}

function request(url: URL, document: object | undefined, token: string | undefined): Request {
  const { username, password } = url
  const bare = new URL(url)
  bare.username = bare.password = ''
  const headers: Record<string, string> = { accept: 'application/json' }
  if (username) headers.authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  if (token) headers.authorization = `Bearer ${token}`
  if (document) headers['content-type'] = 'application/json'
  return new Request(bare, { headers, ...(document && { method: 'POST', body: JSON.stringify(document) }) })
}

async function called(where: string, request: Request, timeout: number): Promise<unknown> {
  const { response, text } = await answered(request, timeout)
  if (response.status === 429 || response.status >= 500) {
    const after = Number(response.headers.get('retry-after') ?? Number.NaN)
    throw new Passing(status(response, text), after >= 0 ? 1000 * after : undefined)
  }
  if (!response.ok) throw new InputError(`${where}: ${status(response, text)}`)
  try {
    return JSON.parse(text)
  } catch {
    throw new InputError(`${where}: answered ${JSON.stringify(text.slice(0, 60))}, expected JSON`)
  }
}

async function answered(request: Request, timeout: number) {
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(1000 * timeout) })
    return { response, text: await textOf(response) }
  } catch (error) {
    if (error instanceof InputError) throw error
    const { name, message, cause } = error as Error
    if (name === 'TimeoutError') throw new Passing(`no answer within ${timeout} s`)
    throw new Passing(`cannot be reached: ${(cause as Error)?.message || message}`)
  }
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > LONGEST) throw new InputError(`${response.url}: an answer of more than ${LONGEST} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

/** With what the service says of it, in a line. */
function status({ status, statusText }: Response, text: string): string {
  const said = text.replace(/\s+/g, ' ').trim().slice(0, 200)
  return [status, statusText, said && `(${said})`].filter(Boolean).join(' ')
}
