/** Asks the service that the page came from. */
import type { Cut } from 'nndrone'

/** What `GET /v2/models` tells of a model. */
export interface Summary {
  name: string
  active: string
  versions: string[]
  platform: string
  sha256: string
  inputs: string[]
  outputs: string[]
  /** Of a drone alone. */
  parameters?: number
  hidden?: number[]
  cuts?: Record<string, Cut>
  fidelity?: { mse?: number; maxError?: number }
  live: {
    requests: number
    events: number
    failures: number
    seconds: number
    latency?: { p50: number; p99: number }
    drift?: { events: number; outside?: number; drifted: boolean; variables: { kind: string; name: string }[] }
  }
}

/** `GET /v2/models/NAME/versions` */
export interface Versions {
  name: string
  active: string
  before: string[]
  versions: { version: string; sha256: string; platform: string; since: string; active: boolean }[]
}

/** The service cannot be reached. */
export class Away extends Error {
  override name = 'Away'
}

/** The service says no, and why. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** A tab keeps its token; another one asks again. */
const KEY = 'nndrone-token'

/** Asks a person for a token; the page has a dialog for it. */
let tokenFor: (reason: string) => Promise<string | undefined> = async () => undefined
/** Dialogs wait for each other: one answer is enough for all. */
let asking: Promise<string | undefined> | undefined

export function askTokensBy(dialog: typeof tokenFor): void {
  tokenFor = dialog
}

/** Asks for a token where something is written: nobody may without one. @throws Away or Refusal */
async function writing(path: string, init: RequestInit): Promise<Response> {
  if (sessionStorage.getItem(KEY) === null) await askToken(null, '')
  return answer(path, init)
}

/** Takes a token from a person, unless another one was given meanwhile. */
async function askToken(before: string | null, reason: string): Promise<void> {
  if (sessionStorage.getItem(KEY) !== before) return
  asking ??= tokenFor(reason).finally(() => {
    asking = undefined
  })
  const given = await asking
  if (given === undefined) throw new Refusal(401, reason || 'a token is needed')
  sessionStorage.setItem(KEY, given)
}

/** @throws Away or Refusal */
export async function answer(path: string, init: RequestInit = {}): Promise<Response> {
  const token = sessionStorage.getItem(KEY)
  const response = await sent(path, init, token)
  if (response.ok) return response
  const reason = await reasonOf(response)
  const known = response.status === 401 || (response.status === 403 && token !== null && /token/.test(reason))
  if (!known) throw new Refusal(response.status, reason)
  await askToken(token, token === null ? '' : reason)
  return answer(path, init)
}

async function sent(path: string, init: RequestInit, token: string | null): Promise<Response> {
  const headers = new Headers(init.headers)
  if (token !== null) headers.set('authorization', `Bearer ${token}`)
  try {
    return await fetch(path, { ...init, headers })
  } catch (error) {
    if (init.signal?.aborted) throw error
    throw new Away('the service cannot be reached')
  }
}

async function reasonOf(response: Response): Promise<string> {
  const text = await response.text().catch(() => '')
  try {
    const { error } = JSON.parse(text)
    if (typeof error === 'string') return error
  } catch {}
  return `the service answered ${response.status}`
}

export async function json<Value>(path: string, init?: RequestInit): Promise<Value> {
  return (await (await answer(path, init)).json()) as Value
}

/** Changes something: `POST`, with JSON, unless `init` says otherwise. */
export async function write<Value>(path: string, body?: unknown, init: RequestInit = {}): Promise<Value> {
  const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
  return (await (await writing(path, { method: 'POST', ...sent, ...init })).json()) as Value
}

export function modelPath(name: string, version?: string): string {
  const model = `/v2/models/${encodeURIComponent(name)}`
  return version === undefined ? model : `${model}/versions/${encodeURIComponent(version)}`
}

/** What went wrong, for people. */
export function explained(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
