import { z } from 'zod'
import { type Command, command } from './command.ts'

const shells = ['bash', 'zsh', 'fish'] as const

const optionsOf = ({ options }: Command) => Object.entries(options).filter(([, { isOperand }]) => !isOperand)

/** What can follow each beginning of a command line: `members` → `add role remove --role …`. The longest beginnings come first. */
function continuations(commands: Command[]): [begun: string, words: string[]][] {
  const found = new Map<string, Set<string>>()
  for (const one of commands) {
    const words = one.name.split(' ')
    for (const [i, word] of words.entries()) {
      const begun = words.slice(0, i).join(' ')
      found.set(begun, (found.get(begun) ?? new Set()).add(word))
    }
    const after = found.get(one.name) ?? new Set()
    for (const [name] of optionsOf(one)) after.add(`--${name}`)
    found.set(one.name, after)
  }
  return [...found].map(([begun, words]): [string, string[]] => [begun, [...words]]).toSorted(([a], [b]) => b.length - a.length)
}

const bash = (commands: Command[]) => `_bulkhead() {
  local begun="\${COMP_WORDS[*]:1:COMP_CWORD-1}" word="\${COMP_WORDS[COMP_CWORD]}" words=""
  case "$begun" in
${continuations(commands)
  .map(([begun, words]) => `    ${begun === '' ? '""' : `"${begun}"|"${begun} "*`}) words="${words.join(' ')}" ;;`)
  .join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _bulkhead bulkhead`

const scripts: Record<(typeof shells)[number], (commands: Command[]) => string> = {
  bash,
  zsh: (commands) => `autoload -U +X bashcompinit && bashcompinit\n${bash(commands)}`,
  fish: (commands) =>
    commands
      .flatMap((one) => {
        const [first, second] = one.name.split(' ')
        const name =
          second === undefined
            ? `complete -c bulkhead -f -n __fish_use_subcommand -a ${first} -d '${one.summary}'`
            : `complete -c bulkhead -f -n '__fish_seen_subcommand_from ${first}' -a ${second} -d '${one.summary}'`
        const seen = second ?? first
        return [
          name,
          ...optionsOf(one).map(([option]) => `complete -c bulkhead -n '__fish_seen_subcommand_from ${seen}' -l ${option}`),
        ]
      })
      .join('\n'),
}

/** `all`: the commands that it completes. */
export const completionOf = (all: () => Command[]): Command =>
  command({
    name: 'completion',
    summary: 'Print a script that completes command lines in a shell',
    notes: 'For bash: source <(bulkhead completion bash). The program must be on the PATH as `bulkhead`.',
    withoutDatabase: true,
    options: {
      shell: {
        value: 'SHELL',
        about: `${shells.join(', ')}.`,
        isOperand: true,
        shape: z.enum(shells, `must be one of ${shells.join(', ')}`),
      },
    },
    prepare:
      ({ shell }) =>
      async (_database, { print }) =>
        print(scripts[shell](all())),
  })
