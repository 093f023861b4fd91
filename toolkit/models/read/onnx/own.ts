/** What `nndrone export` says of a drone in the metadata of an ONNX file; anyone may have written it. */
import { bytesOf, decode, ProtobufError, textOf } from '../../protobuf.ts'

/** Of the model, and of an entry in it. */
const METADATA = 14
const ENTRY = { key: 1, value: 2 }

export interface Own {
  inputs: readonly string[]
  outputs: readonly string[]
  /** The inputs that have a default. */
  optional: ReadonlySet<string>
}

/** Undefined where the file says nothing of the kind, or not about so many inputs. */
export function ownFacts(bytes: Buffer, width: number): Own | undefined {
  if (!bytes.includes('nndrone')) return undefined
  try {
    const entries = bytesOf(decode(bytes), METADATA).map((entry) => decode(entry))
    const entry = entries.find((fields) => textOf(fields, ENTRY.key) === 'nndrone')
    const { inputs, outputs, defaults = {} } = JSON.parse(textOf(entry ?? [], ENTRY.value))
    if (!areNames(inputs) || !areNames(outputs) || inputs.length !== width) return undefined
    return { inputs, outputs, optional: new Set(Object.keys(defaults)) }
  } catch (error) {
    if (error instanceof ProtobufError || error instanceof SyntaxError) return undefined
    throw error
  }
}

function areNames(value: unknown): value is string[] {
  const isList = Array.isArray(value) && value.every((name) => typeof name === 'string' && name !== '')
  return isList && value.length > 0 && new Set(value).size === value.length
}
