// node tools/words.mjs: refuses words that docs, screens, messages and comments should not use. A step of npm run check.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from './node24.mjs'
import { run } from './step.mjs'
import { wordRules } from './word-rules.mjs'

/** Files of others, machine-written data, migrations (which stay as they were applied), and the rules with their test. */
const unread =
  /(?:^|\/)(?:LICENSE|package-lock\.json)$|^bench\/results\/.*\.json$|^db\/migrations\/|\.(?:png|ico|woff2)$|^(?:tools\/word-rules\.mjs|test\/words\.test\.ts)$/

/** What only looks like a refused word, by file. @type {Record<string, string[]>} */
const allowed = {}

/**
 * The refused words in a text, as `file:line: "words": write this instead`.
 * @param {string} path
 * @param {string} text
 */
export function wordsIn(path, text) {
  return wordRules.flatMap(({ refused, instead }) =>
    [...text.matchAll(refused)]
      .filter(([words]) => !allowed[path]?.includes(words))
      .map(({ 0: words, index }) => {
        const line = text.slice(0, index).split('\n').length
        return `${path}:${line}: "${words.replaceAll(/\s+/g, ' ')}": write ${instead}`
      }),
  )
}

/** Reads every file that Git tracks or would track. */
export async function checkWords() {
  const { code, output } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'])
  if (code !== 0) return { code, output }
  const paths = output.split('\0').filter((path) => path !== '' && !unread.test(path) && existsSync(join(root, path)))
  const found = [...new Set(paths)].flatMap((path) => wordsIn(path, readFileSync(join(root, path), 'utf8')))
  return { code: found.length > 0 ? 1 : 0, output: found.join('\n') }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { code, output } = await checkWords()
  if (output) console.error(output)
  process.exitCode = code
}
