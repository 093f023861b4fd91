/** What a request did wrong, as the answer says it. */
import { DroneError } from 'nndrone'
import { InputError } from '../errors.ts'

/** Ends a request: the answer has this status, and `{"error": message}`. */
export class Failure extends Error {
  override name = 'Failure'
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.headers = headers
  }
}

/** What an error means to whoever sent the request. What nobody foresaw says nothing of its inside. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error
  if (error instanceof InputError || error instanceof DroneError) return new Failure(400, error.message)
  return new Failure(500, 'the service failed; its log says why')
}
