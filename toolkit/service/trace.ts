/** Who asked: the id of a request, and its place in a trace (W3C Trace Context). */

const REQUEST_ID = /^[\w.:/+=@-]{1,128}$/
/** Any version, of which the first four parts are read: https://www.w3.org/TR/trace-context/#versioning-of-traceparent */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

export interface Trace {
  id: string
  /** Of the span that asked. */
  parent: string
  /** Of the answer to this request. */
  span: string
  flags: string
}

/** Ids of requests that came without one: a random beginning for each process, and a number. */
const start = [...crypto.getRandomValues(new Uint8Array(6))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
let count = 0

/** The id that a request came with, if it can stand in a log; else a new one. */
export function requestId(given: string | null | undefined): string {
  return given && REQUEST_ID.test(given) ? given : `${start}-${(++count).toString(36)}`
}

/** Undefined where there is no trace, or where it is not as the standard has it. */
export function traceOf(traceparent: string | null | undefined): Trace | undefined {
  if (!traceparent) return undefined
  const [, version, id, parent, flags, rest] = TRACEPARENT.exec(traceparent) ?? []
  if (!version || version === 'ff' || (version === '00' && rest !== undefined)) return undefined
  if (/^0+$/.test(id!) || /^0+$/.test(parent!)) return undefined
  return { id: id!, parent: parent!, span: newSpan(), flags: flags! }
}

/** As the next one in the trace is given it. */
export function traceparent({ id, span, flags }: Trace): string {
  return `00-${id}-${span}-${flags}`
}

function newSpan(): string {
  return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
