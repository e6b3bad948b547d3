# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Completion of jailhouse(8) for fish. The tool says what may come next.

function __jailhouse_complete
	set -l program jailhouse
	set -q _jailhouse_program; and set program $_jailhouse_program
	set -l words (commandline -opc) (commandline -ct)
	for line in ($program --complete $words[2..-1] 2> /dev/null)
		switch $line
			case ':files .*'
				__fish_complete_suffix (string replace ':files ' '' -- $line)
			case ':files'
				__fish_complete_path (commandline -ct)
			case '*'
				printf '%s\n' $line
		end
	end
end

complete -c jailhouse -f -a '(__jailhouse_complete)'
