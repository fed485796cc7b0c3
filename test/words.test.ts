import { describe, expect, test } from 'vitest'
import { wordRules } from '../tools/word-rules.mjs'
import { wordsIn } from '../tools/words.mjs'

const found = (text: string) => wordsIn('docs/page.md', text)

describe('the check of words', () => {
  test.for(wordRules)('refuses $broken', ({ broken, instead }) => {
    expect(found(broken)).toEqual([expect.stringContaining(`: write ${instead}`)])
  })

  test('names the file, the line, the words and what to write', () => {
    expect(found('One.\n\nThey may\nbe asked for his name.')).toEqual([
      'docs/page.md:4: "his": write they, or the role: the member, the caller, the owner',
    ])
  })

  test('finds a phrase that goes on in the next line of a comment', () => {
    expect(found('  // Every owner is\n  // told.')).toHaveLength(1)
    expect(found('/**\n * Every owner is\n * told.\n */')).toHaveLength(1)
    expect(found('-- Every owner is\n-- told.')).toHaveLength(1)
  })

  test.for([
    'The theme is chosen by the user. She said so.',
    'const promise = otherwise(advise, exercise, raise, rise, noise, precise, surprise, enterprise)',
    "<input aria-labelledby='name' /> {signal.cancel()} our hour, four courts, your tour, source, pour",
    'Both are told apart by type; further requests are told to wait.',
    'It is used for good reason, as it is cheap. The cell takes in entities.',
  ])('accepts %s', (text) => expect(found(text)).toEqual([]))
})
