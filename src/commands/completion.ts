/** The shells that `trueup completion` writes a script for. */
export const completionShells = ["bash", "zsh", "fish", "powershell"] as const;
export type CompletionShell = (typeof completionShells)[number];

/*
 * Each script asks `trueup complete`, with the word that is typed now after `at:` and the words before it behind `--`. The
 * answer is a line a word, with a tab and what it is behind it; `:files` where names of files can stand. No script evaluates
 * what was typed: `trueup plan "$(reboot)` and Tab must not do anything.
 */

/** A script for the shell to evaluate: `eval "$(trueup completion bash)"`. */
export function completionScript(shell: CompletionShell): string {
  return scripts[shell];
}

/** The one line that a shell's start-up file has to hold. */
export const startLines: { readonly [Shell in CompletionShell]: string } = {
  bash: 'command -v trueup >/dev/null && eval "$(trueup completion bash)"',
  zsh: 'command -v trueup >/dev/null && eval "$(trueup completion zsh)"',
  fish: "type -q trueup; and trueup completion fish | source",
  powershell:
    "if (Get-Command trueup -ErrorAction Ignore) { trueup completion powershell | Out-String | Invoke-Expression }",
};

/**
 * bash cuts words at `=`, `:` and `@` as well, and replaces only what is behind the cut: the line is cut at spaces instead, and
 * what bash keeps is taken off again. Works from bash 3.2 on, which macOS has, and without the package bash-completion.
 */
const bash = `# bash completion for trueup
function _trueup {
  local line=\${COMP_LINE:0:COMP_POINT} current="" kept value
  local -a words
  COMPREPLY=()
  read -ra words <<< "$line"
  case $line in
    *[[:space:]]) ;;
    *) current=\${words[\${#words[@]}-1]}; unset "words[\${#words[@]}-1]" ;;
  esac
  local cut=\${COMP_WORDS[COMP_CWORD]}
  case $cut in '='|':'|'@') cut="" ;; esac
  kept=\${current%"$cut"}
  while IFS=$'\\t' read -r value _; do
    if [ "$value" = ":files" ]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r value; do COMPREPLY+=("$value"); done < <(compgen -f -- "$cut")
    elif [[ $value == "$current"* ]]; then
      COMPREPLY+=("\${value#"$kept"}")
    fi
  done < <(trueup complete "at:$current" -- "\${words[@]:1}" 2>/dev/null)
}
complete -F _trueup trueup
`;

const zsh = `#compdef trueup
function _trueup {
  local -a values
  local line
  for line in "\${(@f)$(trueup complete "at:\${words[CURRENT]}" -- "\${(@)words[2,CURRENT-1]}" 2>/dev/null)}"; do
    case $line in
      "") ;;
      :files) _files ;;
      *) values+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
    esac
  done
  (( \${#values} )) && _describe trueup values
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _trueup trueup
`;

const fish = `# fish completion for trueup
function __trueup_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in (trueup complete "at:$current" -- $words[2..] 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path "$current"
        else
            echo $line
        end
    end
end
complete -c trueup -e
complete -c trueup -f -a '(__trueup_complete)'
`;

const powershell = `# PowerShell completion for trueup
Register-ArgumentCompleter -Native -CommandName trueup -ScriptBlock {
  param($current, $line, $cursor)
  $words = @($line.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursor } | ForEach-Object { $_.ToString() })
  trueup complete "at:$current" -- @words 2>$null | ForEach-Object {
    $word, $says = $_ -split "\`t", 2
    if ($word -eq ':files') {
      [System.Management.Automation.CompletionCompleters]::CompleteFilename($current)
    } elseif ($word.StartsWith($current)) {
      if (-not $says) { $says = $word }
      [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $says)
    }
  }
}
`;

const scripts: { readonly [Shell in CompletionShell]: string } = { bash, zsh, fish, powershell };
