/** Text of people's own, made safe to stand in SVG and HTML. */

/** What XML forbids, and the characters that would turn the direction of the text after them. */
const UNFIT = /(?![\t\n\r])\p{Control}|[\u202a-\u202e\u2066-\u2069\ufffe\uffff]|\p{Surrogate}/gu

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export function escaped(text: string): string {
  return text.replace(UNFIT, '\ufffd').replace(/[&<>"']/g, (character) => ENTITIES[character]!)
}
