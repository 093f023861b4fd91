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

  /** A request was answered. Written by hand, because that happens often; texts come quoted by JSON. */
  request(facts: {
    id: string
    method: string
    path: string
    status: number
    microseconds: number
    more: string
  }): void {
    const { id, method, path, status, microseconds, more } = facts
    const level = status >= 500 ? 'error' : 'info'
    this.#sink?.(
      `{"time":"${timeText()}","level":"${level}","message":"request","id":${JSON.stringify(id)},"method":${JSON.stringify(method)},"path":${JSON.stringify(path)},"status":${status},"us":${microseconds}${more}}`,
    )
  }
}

let [last, lastText] = [0, '']

/** The time as ISO 8601 has it; the text is made once a millisecond. */
function timeText(): string {
  const now = Date.now()
  if (now !== last) [last, lastText] = [now, new Date(now).toISOString()]
  return lastText
}
