/** What the service tells of itself: a line of JSON for each request and each change. No token, header or body is in it. */

export type Level = 'info' | 'warning' | 'error'

/** Takes a line of the log, without its line feed. */
export type LogSink = (line: string) => void

export class Log {
  readonly #sink: LogSink | undefined

  constructor(sink: LogSink | undefined) {
    this.#sink = sink
  }

  get silent(): boolean {
    return this.#sink === undefined
  }

  /** Something happened. */
  tell(level: Level, message: string, facts: Readonly<Record<string, unknown>> = {}): void {
    this.#sink?.(JSON.stringify({ time: new Date().toISOString(), level, message, ...facts }))
  }

  /** A request was answered. Written by hand, because that happens often: only a path may need escaping. */
  request(facts: {
    /** As `requestId` gives it, which needs no escaping. */
    id: string
    /** A token of HTTP, which needs no escaping. */
    method: string
    path: string
    status: number
    microseconds: number
    more: string
  }): void {
    const { id, method, path, status, microseconds, more } = facts
    const level = status >= 500 ? 'error' : 'info'
    this.#sink?.(
      `{"time":"${timeText()}","level":"${level}","message":"request","id":"${id}","method":"${method}","path":${quotedPath(path)},"status":${status},"us":${microseconds}${more}}`,
    )
  }
}

const PLAIN = /^[\w./:-]*$/

function quotedPath(path: string): string {
  return PLAIN.test(path) ? `"${path}"` : JSON.stringify(path)
}

let [second, secondText] = [Number.NaN, '']

/** The time as ISO 8601 has it; all but the milliseconds is made once a second. */
function timeText(): string {
  const now = Date.now()
  const milliseconds = now % 1000
  if (now - milliseconds !== second) {
    second = now - milliseconds
    secondText = new Date(second).toISOString().slice(0, -4)
  }
  return `${secondText}${String(milliseconds).padStart(3, '0')}Z`
}
