# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
#
# System tests: programs that run in the emulated machine. The list of runs is
# tests/system/runs.list; each run is a stage "system-NAME" of scripts/test.

JH_RUNS=$JH_ROOT/tests/system/runs.list

# system_runs: the lines of the list, without comments
system_runs()
{
	[ ! -f "$JH_RUNS" ] || sed -e '/^#/d' -e '/^[[:space:]]*$/d' "$JH_RUNS"
}

system_stages()
{
	local name sets
	while IFS='|' read -r name sets _; do
		printf 'system-%s | %s | tests/system/guest/meson.build | stage_system %s\n' \
			"${name// /}" "${sets// /}" "${name// /}"
	done < <(system_runs)
}

# system_build KERNEL: the build that goes with a kernel, as stage_build calls it
system_build()
{
	local arch
	arch=$(kernel_arch "$1")
	printf '%s\n' "${arch/#x86/gcc}"
}

# system_payload KERNEL: print the directory with all that a machine gets, made once per run of
# scripts/test.
system_payload()
{
	local dir=$JH_ROOT/build/test/payload-$1 build
	if [ ! -f "$JH_RESULTS.payload-$1" ]; then
		build=$(system_build "$1")
		stage_build "$build" >&2
		tests/system/mkpayload "build/$build" "$1" "$dir" >&2
		touch "$JH_RESULTS.payload-$1"
	fi
	printf '%s\n' "$dir"
}

# system_foreign_inmates PROGRAM: print options of mkinitramfs for what the program needs of another build, which is
# made if need be
system_foreign_inmates()
{
	local name
	[ "$1" = aarch32 ] || return 0
	stage_build arm >&2
	for name in smp-demo gic-demo; do
		printf '%s\n' --file "build/arm/examples/inmates/$name.bin:/usr/libexec/jailhouse/demos/$name-32.bin"
	done
}

# stage_system NAME: one run of the list.
stage_system()
{
	local name machine kernel qemu cpu seconds options job payload build out foreign rc=0
	while IFS='|' read -r name _ machine kernel qemu cpu seconds options job; do
		[ "${name// /}" != "$1" ] || break
		name=
	done < <(system_runs)
	[ -n "$name" ] || die "no run of that name in $JH_RUNS: $1"
	read -r -a options <<<"$options"
	read -r -a job <<<"$job"
	machine=${machine// /}
	out=build/test/system-$1
	kernel=${kernel// /}
	build=build/$(system_build "$kernel")
	payload=$(system_payload "$kernel")
	foreign=$(system_foreign_inmates "${job[0]}")
	mapfile -t foreign <<<"$foreign"
	mkdir -p "$out"
	tests/system/mkinitramfs --machine "$machine" -o "$out/initrd.gz" \
		--job "$build/tests/system/guest/${job[0]}" --tree "$payload" \
		${foreign[0]:+"${foreign[@]}"} -- "${job[@]:1}"
	tests/system/run-qemu --machine "$machine" --kernel "$kernel" --qemu "${qemu// /}" --cpu "${cpu// /}" \
		--timeout "${seconds// /}" --initrd "$out/initrd.gz" --out "$out" --append quiet \
		"${options[@]}" || rc=$?
	rm -f "$out/initrd.gz"
	cat "$out/linux.log"
	system_judge "$1" "$rc" "$out" "${options[@]}"
}

# system_judge NAME CODE DIR OPTIONS...: the cases that a run reported, and the run itself. Where the end
# of the machine is expected (--expect), nothing else has to be right.
system_judge()
{
	local name=$1 rc=$2 out=$3 verdict case bad judged
	shift 3
	while read -r verdict case; do
		case $verdict in
		OK) pass "$name: $case" ;;
		FAILED) fail "$name: $case" ;;
		SKIPPED) skip "$name: $case" ;;
		esac
	done < <(tr -d '\r' <"$out/linux.log" |
		sed -n 's/^\[ *\(OK\|FAILED\|SKIPPED\) *\] \([A-Za-z0-9_]*\)$/\1 \2/p' | sort -u)
	case " $* " in
	*' --expect '*) bad= ;;
	*)
		judged=("$out/linux.log" "$out/hv.log")
		# What attackers are told by the hypervisor stands in its log, and is judged row by row.
		case $name in
		hostile-*) judged=("$out/linux.log") ;;
		esac
		bad=$(cat "${judged[@]}" |
			grep -aEm 1 -f <(sed '/^#/d' "$JH_ROOT/tests/system/alarms.list") || true)
		;;
	esac
	if [ "$rc" -ne 0 ]; then
		fail "$name: machine" "ended with code $rc: $(cat "$out/why" 2>/dev/null)"
	elif [ -n "$bad" ]; then
		fail "$name: machine" "alarm: $bad"
	else
		pass "$name: machine"
	fi
}
