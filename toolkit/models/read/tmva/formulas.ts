/** Variables of TMVA that are expressions, as the commands compute them of columns. */
import type { Place } from '../../document.ts'

/** Functions of ROOT and C++ that have another name here. */
const FUNCTIONS: Readonly<Record<string, string>> = { fabs: 'abs', Power: 'pow', ATan2: 'atan2' }

/** By the label of a variable, its expression, where that is more than a name. */
export function readFormulas(variables: Place): Map<string, string> {
  const formulas = new Map<string, string>()
  for (const variable of variables.list()) {
    const expression = variable.has('Expression') ? variable.get('Expression').text() : ''
    const label = variable.has('Label') ? variable.get('Label').text() : expression
    if (expression !== '' && (expression !== label || !/^\w+$/.test(label))) formulas.set(label, translated(expression))
  }
  return formulas
}

function translated(expression: string): string {
  return expression
    .replace(/\bTMath::Pi\(\)/g, String(Math.PI))
    .replace(/\b(?:TMath|std)::(\w+)(?=\s*\()/g, (_, name: string) => FUNCTIONS[name] ?? name.toLowerCase())
    .replace(/\bfabs(?=\s*\()/g, 'abs')
}
