/** nndrone completion: a script by which a shell completes commands, options and what they take. */
import { Argument, type Command, type Option } from 'commander'
import { standardOutput } from './view/stdout.ts'

const SHELLS = ['bash', 'zsh', 'fish'] as const
type Shell = (typeof SHELLS)[number]

export function completionCommand(program: Command): void {
  program
    .command('completion')
    .summary('print what a shell needs to complete this command')
    .description('Prints a script by which a shell completes commands, options and file names after nndrone.')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText(
      'after',
      `
Examples:
  $ source <(nndrone completion bash)          # in ~/.bashrc
  $ source <(nndrone completion zsh)           # in ~/.zshrc, after compinit
  $ nndrone completion fish > ~/.config/fish/completions/nndrone.fish`,
    )
    .action((shell: Shell) => {
      standardOutput().write(SCRIPTS[shell](commandsOf(program)))
    })
}

interface Completed {
  name: string
  summary: string
  options: readonly Option[]
  /** What the first argument can be, where that is known; else a file. */
  choices: readonly string[]
  /** Commands of its own, which may stand in the place of the first argument. */
  commands: readonly Completed[]
}

function commandsOf(program: Command): Completed[] {
  return program.commands.map((command) => ({
    name: command.name(),
    summary: command.summary(),
    options: command.createHelp().visibleOptions(command),
    choices: command.registeredArguments[0]?.argChoices ?? [],
    commands: commandsOf(command),
  }))
}

const SCRIPTS: Readonly<Record<Shell, (commands: readonly Completed[]) => string>> = { bash, zsh, fish }

/** Words to choose from, or the names of files. */
function bash(commands: readonly Completed[]): string {
  const options = commands.flatMap((command) => [
    ...command.commands.map((own) => bashOptions(`"${command.name} ${own.name}"`, own)),
    bashOptions(`"${command.name} "*`, command),
  ])
  return `_nndrone() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${words(commands.map(({ name }) => name))}" -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]} $before" in
${commands.flatMap(bashChoices).join('\n')}
  esac
  [[ $word == -* ]] || return
  case "\${COMP_WORDS[1]} \${COMP_WORDS[2]}" in
${options.join('\n')}
  esac
}
complete -o default -F _nndrone nndrone
`
}

function bashOptions(pattern: string, { options }: Completed): string {
  return `    ${pattern}) COMPREPLY=($(compgen -W "${words(options.map(flagOf))}" -- "$word")) ;;`
}

function bashChoices({ name, options, choices, commands }: Completed): string[] {
  const reply = (pattern: string, list: readonly string[]) => {
    return `    "${pattern}") COMPREPLY=($(compgen -W "${words(list)}" -- "$word")); return ;;`
  }
  const replyOrFile = (pattern: string, list: readonly Completed[]) => {
    const names = words(list.map(({ name }) => name))
    return `    "${pattern}") COMPREPLY=($(compgen -W "${names}" -- "$word") $(compgen -f -- "$word")); return ;;`
  }
  const chosen = options.filter(({ argChoices }) => argChoices)
  return [
    ...(choices.length > 0 ? [reply(`${name} ${name}`, choices)] : []),
    ...(commands.length > 0 ? [replyOrFile(`${name} ${name}`, commands)] : []),
    ...chosen.map((option) => reply(`${name} ${flagOf(option)}`, option.argChoices!)),
  ]
}

function zsh(commands: readonly Completed[]): string {
  const cases = commands.flatMap((command) => [
    ...command.commands.map(
      (own) => `    "${command.name} ${own.name}") shift words; (( CURRENT-- )); ${zshArguments(own)} ;;`,
    ),
    `    "${command.name} "*) ${zshArguments(command)} ;;`,
  ])
  const names = commands.map(({ name, summary }) => quotedWord(`${name}:${summary}`))
  return `#compdef nndrone
_nndrone() {
  local -a commands=(${names.join(' ')})
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  shift words
  (( CURRENT-- ))
  case "$words[1] $words[2]" in
${cases.join('\n')}
  esac
}
compdef _nndrone nndrone
`
}

function zshArguments({ options, choices, commands }: Completed): string {
  const specs = options.map((option) => quotedWord(zshOption(option)))
  const own =
    commands.length > 0 ? [quotedWord(`1: :{_values command ${words(commands.map(({ name }) => name))}; _files}`)] : []
  const files = quotedWord(choices.length > 0 ? `*:choice:(${words(choices)})` : '*:file:_files')
  return `_arguments ${[...specs, ...own, files].join(' ')}`
}

/** As _arguments has it: brackets and colons in a description end it. */
function zshOption(option: Option): string {
  const { description, argChoices, required, optional, variadic } = option
  const text = description.replace(/[[\]\\:]/g, '\\$&')
  const value = argChoices ? `:value:(${words(argChoices)})` : ':value:_files'
  return `${variadic ? '*' : ''}${flagOf(option)}[${text}]${required || optional ? value : ''}`
}

function fish(commands: readonly Completed[]): string {
  const first = commands.map(({ name, summary }) => {
    return `complete -c nndrone -n __fish_use_subcommand -f -a ${name} -d ${quotedWord(summary)}`
  })
  const rest = commands.flatMap((command) => {
    const own = words(command.commands.map(({ name }) => name))
    const alone = own === '' ? '' : `; and not __fish_seen_subcommand_from ${own}`
    const offered = command.commands.map(({ name, summary }) => {
      return `${fishLine(command.name + alone)} -a ${name} -d ${quotedWord(summary)}`
    })
    const inner = command.commands.flatMap((one) => {
      return fishOptions(one, `${command.name}; and __fish_seen_subcommand_from ${one.name}`)
    })
    return [...fishOptions(command, command.name + alone), ...offered, ...inner]
  })
  return `${[...first, ...rest].join('\n')}\n`
}

/** @param seen the command that stands in the line, and what else is to be so */
function fishLine(seen: string): string {
  return `complete -c nndrone -n '__fish_seen_subcommand_from ${seen}'`
}

function fishOptions({ options, choices }: Completed, seen: string): string[] {
  const line = fishLine(seen)
  const flags = options.map((option) => {
    const value = option.argChoices ? ` -x -a ${quotedWord(words(option.argChoices))}` : option.required ? ' -r' : ''
    return `${line} -l ${flagOf(option).slice(2)}${value} -d ${quotedWord(option.description)}`
  })
  return choices.length > 0 ? [`${line} -f -a ${quotedWord(words(choices))}`, ...flags] : flags
}

function words(list: readonly string[]): string {
  return list.join(' ')
}

function flagOf({ long, short }: Option): string {
  return long ?? short!
}

function quotedWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
