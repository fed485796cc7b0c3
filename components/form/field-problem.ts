import type { ReactNode } from 'react'

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** `a name`, `an email`, `a URL`, `your name`. */
function withArticle(label: string): string {
  const inside = /^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label
  if (/^(your|the) /.test(inside)) return inside
  return `${/^[aeio]/.test(inside) ? 'an' : 'a'} ${inside}`
}

/** What is wrong with a field, as a sentence. The contract's rules begin after the name of the field: `must be at most 100`. */
export function fieldProblem(label: ReactNode, message: string): string {
  const isRule = /^(must|is|has) /.test(message)
  const sentence = !isRule
    ? message
    : typeof label !== 'string'
      ? capitalized(message)
      : message === 'is required'
        ? `Enter ${withArticle(label)}`
        : `${label} ${message}`
  return /[.?!…]$/.test(sentence) ? sentence : `${sentence}.`
}
