# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
#
# Parts of scripts/bench. They run with errexit off (as a condition), so each says itself when it fails.
# A figure that cannot be found is an error, never a blank.

bench_out=$JH_ROOT/build/bench-run

# The build that the system tests run, too: what is measured is what is tested.
bench_build()
{
	msg "building"
	bench_dir=$(scripts/build build/gcc -Dwerror=true --prefix=/usr --libdir=lib) &&
		tests/system/mkpayload "$bench_dir" 6.1 "$bench_out/payload" || return
	bench_inmate=$bench_out/payload/usr/libexec/jailhouse/demos/timer-bench.bin
}

# bench_machine NAME CPU JOB-ARGUMENT LINE: run guest-bench in the machine. In the hypervisor's log there must
# be LINE, which says in which APIC modes root cell and cells run.
bench_machine()
{
	local out=$bench_out/$1 alarm
	msg "emulated machine with -cpu $2 (about half a minute)"
	mkdir -p "$out"
	tests/system/mkinitramfs -o "$out/initrd.gz" --job "$bench_dir/tests/bench/guest-bench" \
		--tree "$bench_out/payload" -- "$3" || return
	tests/system/run-qemu --kernel 6.1 --qemu 10 --icount --cpu "$2" --timeout 240 \
		--initrd "$out/initrd.gz" --out "$out" || return
	rm -f "$out/initrd.gz"
	grep -qF -- "$4" "$out/hv.log" || { warn "$1: not in the log: $4"; return 1; }
	alarm=$(grep -aEm 1 -f <(sed '/^#/d' tests/system/alarms.list) "$out/linux.log" "$out/hv.log") || true
	[ -z "$alarm" ] || { warn "$1: $alarm"; return 1; }
}

# bench_bare NAME RUN-BARE-OPTIONS...: the timer inmate without a hypervisor. It never ends by itself.
bench_bare()
{
	local log=$bench_out/$1.log pid n
	shift
	msg "bare metal: run-bare $*"
	QEMU=$(qemu_path 10) || return
	export QEMU
	tests/bench/bare/run-bare -r "$bench_dir/tests/bench/bare/bare-rom.bin" -t 60 -i "$@" "$bench_inmate" \
		>"$log" 2>&1 &
	pid=$!
	for ((n = 0; n < 300; n++)); do
		! grep -q '^bench done' "$log" || break
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.2
	done
	kill "$pid" 2>/dev/null || true
	wait "$pid" 2>/dev/null || true
	grep -q '^bench done' "$log" || { warn "the inmate did not come to its end: $log"; return 1; }
}

# bench_value FILE WORDS FIELD: the word behind FIELD in the line that begins with WORDS
bench_value()
{
	local value
	value=$(tr -d '\r' <"$1" | awk -v start="$2 " -v field="$3" '
		index($0, start) == 1 {
			for (n = 1; n < NF; n++)
				if ($n == field) value = $(n + 1)
		}
		END { print value }')
	[[ $value =~ ^-?[0-9]+(\.[0-9]+)?(e-?[0-9]+)?$ ]] || { warn "$1: no line \"$2 ... $3\""; return 1; }
	printf '%s\n' "$value"
}

# put NAME UNIT EXPRESSION [NAMES AND VALUES FOR AWK...]: a figure is never without a number.
put()
{
	local name=$1 unit=$2 expression=$3 vars=() value
	shift 3
	for value in "$@"; do
		[[ $value =~ =[-0-9.e]+$ ]] || { bench_bad=1; return; }
		vars+=(-v "$value")
	done
	value=$(awk "${vars[@]}" "BEGIN { printf \"%.6g\", $expression }")
	printf '%s\t%s\t%s\n' "$name" "$value" "$unit" >>"$bench_out/figures"
}

# put_inmate NAME LOG OPERATION: median of exit-bench; 4 ticks of the TSC are an instruction.
put_inmate()
{
	put "$1" instructions 'x / 4' "x=$(bench_value "$2" "bench $3" median)"
}

# put_figure NAME UNIT FIGURE [EXPRESSION OF x]: a line "figure FIGURE VALUE" of guest-bench
put_figure()
{
	put "$1" "$2" "${4:-x}" "x=$(bench_value "$bench_out/xapic/linux.log" "figure $3" "$3")"
}

figures_operations()
{
	local log=$bench_out/xapic/hv.log
	put_inmate hypercall-get-info "$log" hypercall
	# The limit is for an exit with the CPU's own answer; the other two are for comparison.
	put_inmate cpuid-exit "$log" cpuid-0
	put_inmate cpuid-exit-signature "$log" cpuid-signature
	put_inmate cpuid-exit-leaf-1 "$log" cpuid-1
	put_inmate xapic-mmio-write "$log" mmio-tpr
	put_inmate xapic-wrmsr "$log" wrmsr-eoi
}

figures_timer()
{
	local mode cell bare ticks exits watched
	for mode in xapic x2apic; do
		cell=$(bench_value "$bench_out/$mode/hv.log" 'bench timer-jitter' median)
		bare=$(bench_value "$bench_out/bare-$mode.log" 'bench timer-jitter' median)
		put "timer-jitter-$mode-bare" ns x "x=$bare"
		put "timer-jitter-$mode-cell" ns x "x=$cell"
		put "timer-jitter-$mode-over-bare" instructions '(a - b) / 4' "a=$cell" "b=$bare"
		exits=$(bench_value "$bench_out/$mode/hv.log" 'bench timer-exits' timer-exits)
		ticks=$(bench_value "$bench_out/$mode/hv.log" 'bench timer-exits' ticks)
		put "timer-exits-$mode" exits/tick 'a / b' "a=$exits" "b=$ticks"
		# What the root cell saw in half a second, i.e. 500 ticks, has to agree.
		watched=$(bench_value "$bench_out/$mode/linux.log" 'figure timer-exits-watched' timer-exits-watched)
		awk -v a="$exits" -v b="$ticks" -v c="$watched" \
			'BEGIN { d = a / b - c / 500; exit !(d > -0.05 && d < 0.05) }' ||
			{ warn "$mode: $exits exits in $ticks ticks, but $watched in 500"; bench_bad=1; }
	done
}

# The longest time between a request of the driver and the next sign of life of its CPU: the kernel's trace has
# a line for whatever comes next, and a request during which nothing came in one line.
bench_longest_request()
{
	tr -d '\r' <"$bench_out/xapic/linux.log" | awk '
	$1 != "trace" || $2 !~ /^[0-9]+\.[0-9]+$/ { next }
	waiting { gap = ($2 - start) * 1e6; waiting = 0; if (gap > max) max = gap }
	/jh_request.*\{$/ { start = $2; waiting = 1; calls++ }
	/jh_request.*\(\);$/ {
		for (n = 2; n < NF; n++)
			if ($(n + 1) == "us" && $n + 0 > max) max = $n + 0
		calls++
	}
	END { print (calls >= 12 ? max : "none") }'
}

figures_calls()
{
	put_figure enable-time s enable-s
	put_figure create-time s create-s
	put_figure destroy-time s destroy-s
	put_figure root-stop-others ms stop-max-s 'x * 1000'
	put_figure root-stop-others-create ms stop-create-s 'x * 1000'
	put_figure root-stop-others-load ms stop-load-s 'x * 1000'
	put_figure root-stop-others-start ms stop-start-s 'x * 1000'
	put_figure root-stop-others-destroy ms stop-destroy-s 'x * 1000'
	put root-stop-caller ms 'x / 1000' "x=$(bench_longest_request)"
}

figures_memory()
{
	local log=$bench_out/xapic/linux.log core percpu pool
	core=$(bench_value "$log" 'figure core-pages' core-pages)
	percpu=$(bench_value "$log" 'figure percpu-pages' percpu-pages)
	pool=$(bench_value "$log" 'figure pool-pages' pool-pages)
	put memory-core pages x "x=$core"
	put memory-percpu pages x "x=$percpu"
	put memory-pool pages x "x=$pool"
	put memory-after-enable pages 'a + b + c' "a=$core" "b=$percpu" "c=$pool"
	put_figure memory-per-cell pages cell-pages
	put_figure memory-per-further-cell pages further-cell-pages
	put_figure memory-per-cell-4-mib pages cell-4m-pages
}

# bench_cloc FILES...: code lines
bench_cloc()
{
	cloc --quiet --csv "$@" | awk -F , '$2 == "SUM" { print $5 }'
}

figures_sources()
{
	local files public
	put image-size bytes x "x=$(stat -c %s "$bench_out/payload/lib/firmware/jailhouse-amd.bin")"
	mapfile -t files < <(find hypervisor -name '*.[chS]' ! -path '*/arch/hosted/*')
	put code-lines lines x "x=$(bench_cloc "${files[@]}")"
	# The headers of the tree's include/ that the compiler read for this image
	mapfile -t public < <(ninja -C "$bench_dir" -t deps |
		awk '/^[^ ]/ { on = /^hypervisor\/[^ ]*hv-amd|^hypervisor\/jailhouse-amd/ } on && /^ / { print $1 }' |
		sed -n 's|^\.\./\.\./include/|include/|p' | sort -u)
	put public-header-lines lines x "x=$(bench_cloc "${public[@]}")"
}

# A symbol that a stock kernel does not export to modules would have to be exported by a patch.
figures_patches()
{
	local version module missing total=0
	for version in 6.1 6.12; do
		msg "the driver and the stock kernel $version"
		module=$(scripts/build-module "$version") || { bench_bad=1; return; }
		kernel_get "$version"
		missing=$(comm -23 <(nm -u "$module" | awk '{ print $2 }' | sort) \
			<(awk '{ print $2 }' "$KERNEL_BUILD/Module.symvers" | sort))
		[ -z "$missing" ] || warn "not exported by $version: $missing"
		total=$((total + $(wc -w <<<"$missing")))
	done
	put kernel-patches patches x "x=$total"
}

# Fill $bench_out/figures.
bench_run()
{
	bench_bad=
	mkdir -p "$bench_out"
	bench_build || return
	bench_machine xapic qemu64,+svm,+npt calls 'Using xAPIC, cells use xAPIC' || return
	bench_machine x2apic qemu64,+svm,+npt,+x2apic timer 'Using xAPIC, cells use x2APIC' || return
	bench_bare bare-xapic -c qemu64 || return
	bench_bare bare-x2apic -x -c qemu64,+x2apic || return
	: >"$bench_out/figures"
	figures_operations
	figures_timer
	figures_calls
	figures_memory
	figures_sources
	figures_patches
	[ -z "$bench_bad" ]
}

# bench_check FIGURES TARGETS: 0 if each figure is within its limit, 1 if not, 2 if one is not there.
bench_check()
{
	awk '
	/^#/ || NF == 0 { next }
	NR == FNR { split($0, part, "\t"); value[part[1]] = part[2]; unit[part[1]] = part[3]; next }
	{
		split($0, part, /[ \t]*\|[ \t]*/)
		name = part[1]; most = part[2]
		if (!(name in value)) {
			print "not measured: " name; code = 2
		} else if (value[name] + 0 > most + 0) {
			print "missed: " name " is " value[name] " " unit[name] ", at most " most " wanted"
			if (code == 0) code = 1
		}
	}
	END { exit code }' "$1" "$2" >&2
}
