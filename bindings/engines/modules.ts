/** The kernels as compiled modules: from their binaries, or given. */
import { simd } from '../binaries/simd.ts'
import { type Binary, bytesOf } from '../binary.ts'
import { ConfigurationError, shown } from '../errors.ts'

/** `relaxed` has the same source; it rounds a product and its sum once, as the host likes. */
export type KernelsName = 'simd' | 'relaxed'

/** Compiled once for all engines. */
const modules = new Map<Binary, WebAssembly.Module>()

/** Once `prepare` has loaded it. */
let relaxed: Binary | undefined

export function relaxedModule(): WebAssembly.Module {
  const module = relaxed && modules.get(relaxed)
  if (module) return module
  throw new ConfigurationError('engine: "relaxed" is not loaded; await Drone.load or loadEngine("relaxed") first')
}

/** @throws ConfigurationError where the host does not run such kernels */
export function compiled(binary: Binary): WebAssembly.Module {
  try {
    const module = modules.get(binary) ?? new WebAssembly.Module(bytesOf(binary))
    modules.set(binary, module)
    return module
  } catch (cause) {
    throw refused('simd', cause)
  }
}

/** As `compiled`, but in the background; throws what the host throws. */
export async function compile(binary: Binary): Promise<WebAssembly.Module> {
  const module = modules.get(binary) ?? (await WebAssembly.compile(bytesOf(binary)))
  modules.set(binary, module)
  return module
}

/** What a module exports; the kernels import nothing. */
export function instantiated(module: WebAssembly.Module): WebAssembly.Exports {
  return new WebAssembly.Instance(module).exports
}

/** @throws ConfigurationError where the value is no module, or the module lacks the kernel */
export function checkModule(option: string, module: unknown, kernel: string, file: string): void {
  if (module === undefined) return
  if (!(module instanceof WebAssembly.Module)) {
    throw new ConfigurationError(`${option}: ${shown(module)}, expected a WebAssembly.Module`)
  }
  if (WebAssembly.Module.exports(module).some(({ name }) => name === kernel)) return
  throw new ConfigurationError(`${option}: a module without the kernel ${kernel}, expected that of nndrone/${file}`)
}

function refused(name: KernelsName, cause: unknown): ConfigurationError {
  const needed = name === 'relaxed' ? 'relaxed SIMD' : 'SIMD128'
  return new ConfigurationError(`engine: "${name}", but this host does not run WebAssembly with ${needed}`, { cause })
}

/**
 * Compiles kernels in the background, and loads those that are not in this file.
 * @throws ConfigurationError where the host does not know relaxed SIMD; of SIMD128, `compiled` is what says so
 */
export async function prepare(name: KernelsName): Promise<void> {
  try {
    if (name === 'relaxed') ({ relaxed } = await import('../relaxed.ts'))
    await compile(name === 'relaxed' ? relaxed! : simd)
  } catch (cause) {
    if (name === 'relaxed') throw refused(name, cause)
  }
}
