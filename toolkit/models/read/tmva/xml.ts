/** XML as a document: a tag is an object of its attributes and of the tags in it, lists of them by name. */
import type { X2jOptions } from 'fast-xml-parser'
import { InputError } from '../../../errors.ts'
import { Place, textOf } from '../../document.ts'
import type { ModelFile } from '../../model.ts'

/** Tags that stand in lists, even where there is only one. */
const LISTS = new Set([
  'Info',
  'Option',
  'Variable',
  'Transform',
  'Class',
  'Range',
  'Input',
  'Output',
  'BinaryTree',
  'Node',
  'Layer',
  'Neuron',
  'Matrix',
  'Coefficient',
])

const OPTIONS: X2jOptions = {
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: true,
  isArray: (name, _path, _leaf, attribute) => !attribute && LISTS.has(name),
}

/** @throws InputError where it is not XML */
export async function parseXML(file: ModelFile): Promise<Place> {
  const { XMLParser, XMLValidator } = await import('fast-xml-parser')
  const whole = textOf(file)
  // Blanks before the declaration are no XML, but TMVA reads it.
  const text = whole.trimStart()
  const above = whole.slice(0, whole.length - text.length).split('\n').length - 1
  try {
    const valid = XMLValidator.validate(text)
    if (valid !== true) throw new Error(`line ${above + valid.err.line}: ${valid.err.msg}`)
    return new Place(file.path, '', new XMLParser(OPTIONS).parse(text))
  } catch (error) {
    throw new InputError(`${file.path}: not XML: ${(error as Error).message}`)
  }
}
