/** What a browser asks before a page of another origin may ask itself: https://fetch.spec.whatwg.org/#http-cors-protocol */
import type { Kit } from './kit.ts'

const METHODS = 'GET, POST, PUT, DELETE'
const HEADERS = 'authorization, content-type, inference-header-content-length, traceparent, x-request-id'

export function cors({ app }: Kit, origins: readonly string[]): void {
  app.options('*', (context) => {
    const origin = context.req.header('origin')
    if (origin === undefined || !origins.includes(origin)) return new Response(null, { status: 403 })
    const headers = {
      'access-control-allow-origin': origin,
      'access-control-allow-methods': METHODS,
      'access-control-allow-headers': HEADERS,
      'access-control-max-age': '600',
      vary: 'origin',
    }
    return new Response(null, { status: 204, headers })
  })
}
