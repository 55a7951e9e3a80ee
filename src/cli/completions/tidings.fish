# fish completion for tidings(1). Commands and options come from the program itself.
complete -c tidings -f

function __tidings_commands
	tidings --help 2>/dev/null | string replace -rf '^  ([a-z]+) +(.*)' '$1\t$2'
end

function __tidings_command
	set -l commands (tidings --help 2>/dev/null | string replace -rf '^  ([a-z]+) .*' '$1')
	for word in (commandline -opc)[2..-1]
		if contains -- $word $commands
			echo $word
			return 0
		end
	end
	return 1
end

function __tidings_options
	tidings help (__tidings_command) 2>/dev/null | string replace -rf '^ [ -].*(--[a-z][a-z-]*)[ A-Z]* +(.*)' '$1\t$2'
end

complete -c tidings -f -n 'not __tidings_command' -a '(__tidings_commands)'
complete -c tidings -f -n 'string match -q -- "-*" (commandline -ct)' -a '(__tidings_options)'
complete -c tidings -s c -l config -r -F
complete -c tidings -s d -l database -r -F
complete -c tidings -l color -x -a 'auto always never'
complete -c tidings -f -n 'test "$(__tidings_command)" = help' -a '(__tidings_commands)'
complete -c tidings -n 'contains -- "$(__tidings_command)" parse match config' -F
