/** A teacher of one's own: a module that exports `inputs`, `predictBatch`, and `outputs` unless there is only one. */
import { openElsewhere } from '../../elsewhere.ts'
import type { ModelFormat } from '../../model.ts'

export const module: ModelFormat = {
  ending: /\.[cm]?[jt]s$/i,
  read: (file, options) => openElsewhere(file, options, { id: 'module', who: 'the module' }),
}
