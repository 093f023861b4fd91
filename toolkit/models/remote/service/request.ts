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

/** Redirects that are followed, each to the same service. */
const REDIRECTS = 5

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
  const { response, text } = await answered(where, request, timeout)
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

async function answered(where: string, request: Request, timeout: number) {
  try {
    const response = await fetchAt(where, request, AbortSignal.timeout(1000 * timeout))
    return { response, text: await textOf(where, response) }
  } catch (error) {
    if (error instanceof InputError) throw error
    const { name, message, cause } = error as Error
    if (name === 'TimeoutError') throw new Passing(`no answer within ${timeout} s`)
    throw new Passing(`cannot be reached: ${(cause as Error)?.message || message}`)
  }
}

/** Follows redirects within the service, whose events are for no other. */
async function fetchAt(where: string, request: Request, signal: AbortSignal): Promise<Response> {
  for (let followed = 0, next = request; ; followed++) {
    const response = await fetch(next.clone(), { signal, redirect: 'manual' })
    const location = response.headers.get('location')
    if (response.status < 300 || response.status >= 400 || location === null) return response
    await response.body?.cancel()
    if (!URL.canParse(location, next.url)) throw new InputError(`${where}: redirects to what is no address`)
    const target = new URL(location, next.url)
    if (!isSameService(new URL(request.url), target)) {
      const other = `${target.protocol}//${target.host}`
      throw new InputError(
        `${where}: redirects to ${other}, where events are not sent; name that address if it is the one that is meant`,
      )
    }
    if (followed === REDIRECTS) throw new InputError(`${where}: redirects more than ${REDIRECTS} times`)
    next = new Request(target, next.clone())
  }
}

/** The same host and port; or the same host by https instead of http, both at their own ports. */
function isSameService(from: URL, to: URL): boolean {
  if (from.origin === to.origin) return true
  return (
    from.hostname === to.hostname && from.protocol === 'http:' && to.protocol === 'https:' && !from.port && !to.port
  )
}

async function textOf(where: string, response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > LONGEST) throw new InputError(`${where}: an answer of more than ${LONGEST} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

/** With what the service says of it, in a line. */
function status({ status, statusText }: Response, text: string): string {
  const said = text.slice(0, 1000).replace(/\s+/g, ' ').trim().slice(0, 200)
  return [status, statusText, said && `(${said})`].filter(Boolean).join(' ')
}
