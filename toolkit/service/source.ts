/** Drones as they are served. */
import { Drone } from 'nndrone'
import type { Source } from './served.ts'

/**
 * A drone of a document, checked whole.
 * @throws DroneError that says what is wrong in it
 */
export async function droneSource(document: Uint8Array): Promise<Source> {
  const drone = await Drone.load(document)
  return { scorer: drone, drone, document, platform: 'nndrone', sha256: await sha256Of(document) }
}

/** Of some bytes, in hexadecimal digits. */
export async function sha256Of(bytes: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
