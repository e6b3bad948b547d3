# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
#
# Parts of scripts/bench. They run with errexit off (as a condition), so each says itself when it fails.
# A figure that cannot be found is an error, never a blank.

# $bench_out is set by the script.

# bench_build KERNEL DIR SCRIPTS-BUILD-OPTIONS...: the build that the system tests run, too: what is measured is what is
# tested.
bench_build()
{
	local kernel=$1 dir=$2
	shift 2
	msg "building"
	bench_dir=$(scripts/build "$@" "$dir" -Dwerror=true --prefix=/usr --libdir=lib) &&
		tests/system/mkpayload "$bench_dir" "$kernel" "$bench_out/payload" || return
	bench_inmates=$bench_out/payload/usr/libexec/jailhouse/demos
}

# bench_machine NAME JOB-ARGUMENT LINE RUN-QEMU-OPTIONS...: run guest-bench in the machine that the options name. In the
# hypervisor's log there must be LINE. Instructions are counted.
bench_machine()
{
	local name=$1 job=$2 line=$3 out=$bench_out/$1 machine=qemu-q35 alarm n
	shift 3
	for ((n = 1; n < $#; n++)); do
		[ "${!n}" != --machine ] || machine=${*:n+1:1}
	done
	msg "emulated machine: $*"
	mkdir -p "$out"
	tests/system/mkinitramfs --machine "$machine" -o "$out/initrd.gz" --job "$bench_dir/tests/bench/guest-bench" \
		--tree "$bench_out/payload" -- "$job" || return
	tests/system/run-qemu --icount --timeout 900 --initrd "$out/initrd.gz" --out "$out" "$@" || return
	rm -f "$out/initrd.gz"
	grep -qF -- "$line" "$out/hv.log" || { warn "$name: not in the log: $line"; return 1; }
	alarm=$(grep -aEm 1 -f <(sed '/^#/d' tests/system/alarms.list) "$out/linux.log" "$out/hv.log") || true
	[ -z "$alarm" ] || { warn "$name: $alarm"; return 1; }
}

# bench_bare NAME QEMU RUN-BARE ARGUMENTS...: an inmate without a hypervisor. It never ends by itself.
bench_bare()
{
	local log=$bench_out/$1.log pid n
	export QEMU=$2
	shift 2
	msg "bare metal: $*"
	"$@" >"$log" 2>&1 &
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

# bench_value FILE WORDS FIELD [COUNT]: the word behind FIELD in the line that begins with WORDS, of several the COUNTth
# (default: last) one
bench_value()
{
	local value
	value=$(tr -d '\r' <"$1" | awk -v start="$2 " -v field="$3" -v count="${4:-0}" '
		index($0, start) == 1 {
			if (++seen > count && count > 0) next
			value = ""
			for (n = 1; n < NF; n++)
				if ($n == field) value = $(n + 1)
		}
		END { if (seen >= count) print value }')
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

# put_inmate NAME LOG OPERATION: median of exit-bench. 4 ticks of the clock, which are of 1 ns each on x86, are an
# instruction; on ARM they are of 16 ns each, and a sample is 16 operations.
put_inmate()
{
	put "$1" instructions 'x / 4' "x=$(bench_value "$2" "bench $3" median)"
}

# put_figure_of RUN NAME UNIT FIGURE [EXPRESSION OF x]: a line "figure FIGURE VALUE" of that run's program
put_figure_of()
{
	put "$2" "$3" "${5:-x}" "x=$(bench_value "$bench_out/$1/linux.log" "figure $4" "$4")"
}

# put_figure NAME UNIT FIGURE [EXPRESSION OF x]: of guest-bench's run of all calls
put_figure()
{
	put_figure_of "${bench_calls##*/}" "$@"
}

figures_operations_x86()
{
	local log=$bench_calls/hv.log
	put_inmate hypercall-get-info "$log" hypercall
	# The limit is for an exit with the CPU's own answer; the other two are for comparison.
	put_inmate cpuid-exit "$log" cpuid-0
	put_inmate cpuid-exit-signature "$log" cpuid-signature
	put_inmate cpuid-exit-leaf-1 "$log" cpuid-1
	put_inmate xapic-mmio-write "$log" mmio-tpr
	put_inmate xapic-wrmsr "$log" wrmsr-eoi
}

# figures_operations_arm RUN [SUFFIX OF NAMES]
figures_operations_arm()
{
	local log=$bench_out/$1/hv.log suffix=${2:-} units
	# 16 operations in ticks of 16 ns: see put_inmate.
	units=$(bench_value "$log" 'bench clock-khz' clock-khz)/$(bench_value "$log" 'bench repeat' repeat)
	[ "$units" = 62500/16 ] || { warn "exit-bench measures in other units: $units"; bench_bad=1; }
	put_inmate "hypercall-get-info$suffix" "$log" hypercall
	put_inmate "hypercall-cpu-get-info$suffix" "$log" cpu-get-info
	put_inmate "psci-version$suffix" "$log" psci-version
	put_inmate "sgi$suffix" "$log" sgi
	put_inmate "dir$suffix" "$log" dir
	put_inmate "gicd-typer-read$suffix" "$log" gicd-typer
	put_inmate "gicd-isenabler-read$suffix" "$log" gicd-isenabler
}

# figures_timer NAME RUN BARE COUNT WATCHED: timer-bench in the machine's run RUN, for the COUNTth time, beside the run
# BARE on bare metal. WATCHED is what guest-bench calls the exits that it saw.
figures_timer()
{
	local name=$1 run=$bench_out/$2 log=$bench_out/$3.log count=$4 cell bare ticks exits watched
	cell=$(bench_value "$run/hv.log" 'bench timer-jitter' median "$count")
	bare=$(bench_value "$log" 'bench timer-jitter' median)
	put "timer-jitter-$name-bare" ns x "x=$bare"
	put "timer-jitter-$name-cell" ns x "x=$cell"
	put "timer-jitter-$name-over-bare" instructions '(a - b) / 4' "a=$cell" "b=$bare"
	exits=$(bench_value "$run/hv.log" 'bench timer-exits' timer-exits "$count")
	ticks=$(bench_value "$run/hv.log" 'bench timer-exits' ticks "$count")
	put "timer-exits-$name" exits/tick 'a / b' "a=$exits" "b=$ticks"
	# What the root cell saw in half a second, i.e. 500 ticks, has to agree.
	watched=$(bench_value "$run/linux.log" "figure $5" "$5")
	awk -v a="$exits" -v b="$ticks" -v c="$watched" \
		'BEGIN { d = a / b - c / 500; exit !(d > -0.05 && d < 0.05) }' ||
		{ warn "$name: $exits exits in $ticks ticks, but $watched in 500"; bench_bad=1; }
}

# figures_timer_arm ARCH QEMU: with both versions of the interrupt controller
figures_timer_arm()
{
	local qemu=$2 version run
	run=(tests/bench/bare/arm-common/run-bare -a "$1" -b "$bench_dir/tests/bench/bare/arm-common/bare-boot.elf" -t 60 -d -i)
	for version in 3 2; do
		bench_bare "bare-gicv$version" "$qemu" "${run[@]}" -g "$version" "$bench_inmates/timer-bench.bin" || return
		figures_timer "gicv$version" "gicv$version" "bare-gicv$version" 1 timer-exits-watched
		figures_timer "gicv$version-direct" "gicv$version" "bare-gicv$version" 2 timer-exits-watched-direct
	done
}

# figures_links NAME RUN: doorbells and messages in the machine's run RUN. The inmate's clock shows nanoseconds, an
# instruction takes 4; a sample is as many rings as the inmate says.
figures_links()
{
	local name=$1 log=$bench_out/$2/hv.log
	put "doorbell-$name" instructions 'int((a - b) / 4 / n + 0.5)' \
		"a=$(bench_value "$log" 'bench doorbell' median)" \
		"b=$(bench_value "$log" 'bench doorbell-overhead' median)" \
		"n=$(bench_value "$log" 'bench doorbell-repeat' repeat)"
	put "doorbell-exits-awake-$name" exits/ring 'a / n' \
		"a=$(bench_value "$log" 'bench doorbell-exits-awake' doorbell-exits-awake)" \
		"n=$(bench_value "$log" 'bench doorbell-exits-awake' rings)"
	put "doorbell-exits-armed-$name" exits/ring 'a / n' \
		"a=$(bench_value "$log" 'bench doorbell-exits-armed' doorbell-exits-armed)" \
		"n=$(bench_value "$log" 'bench doorbell-exits-armed' rings)"
	put_figure_of "$2" "message-exits-$name" exits message-exits-cell
	put_figure_of "$2" "message-exits-root-$name" exits message-exits-root-mmio
}

# What a cell that idles by itself sees of the life of another one: timer-bench beside it, for the third time
figures_neighbour()
{
	local log=$bench_calls/hv.log
	put_figure neighbour-exits exits/life neighbour-exits
	put neighbour-jitter instructions '(a - b) / 4' "a=$(bench_value "$log" 'bench timer-jitter' median 3)" \
		"b=$(bench_value "$log" 'bench timer-jitter' median 2)"
}

# figures_idle RUN SITUATION [SUFFIX OF NAMES]: exits of the idle root cell a second, in all and by class. With GICv2
# SGIs and DIR are accesses to memory, so they are among the others there.
figures_idle()
{
	local name value classes=() suffix=${3:-}
	for name in total virt_sgi maintenance psci mmio management hypercall virt_irq smccc; do
		value=$(bench_value "$bench_out/$1/linux.log" "figure idle-$2-$name" "idle-$2-$name")
		classes+=("$name=$value")
		put "idle-$2-${name/_/-}$suffix" exits/s x "x=$value"
	done
	# Rounded, as the parts are printed with some digits only.
	put "idle-$2-others$suffix" exits/s 'int((total - (virt_sgi + maintenance + psci)) * 1000 + 0.5) / 1000' \
		"${classes[@]}"
}

# The longest time between a request of the driver and the next sign of life of its CPU: the kernel's trace has
# a line for whatever comes next, and a request during which nothing came in one line.
# bench_longest_request RUN CALLS: there must be so many
bench_longest_request()
{
	tr -d '\r' <"$bench_out/$1/linux.log" | awk -v least="$2" '
	$1 != "trace" || $2 !~ /^[0-9]+\.[0-9]+$/ { next }
	waiting { gap = ($2 - start) * 1e6; waiting = 0; if (gap > max) max = gap }
	/jh_request.*\{$/ { start = $2; waiting = 1; calls++ }
	/jh_request.*\(\);$/ {
		for (n = 2; n < NF; n++)
			if ($(n + 1) == "us" && $n + 0 > max) max = $n + 0
		calls++
	}
	END { print (calls >= least ? max : "none") }'
}

figures_calls()
{
	put_figure enable-time s enable-s
	put_figure create-time s create-s
	put_figure destroy-time s destroy-s
	put_figure memory-per-cell-4-mib pages cell-4m-pages
	put_figure root-stop-others ms stop-max-s 'x * 1000'
	put_figure root-stop-others-create ms stop-create-s 'x * 1000'
	put_figure root-stop-others-load ms stop-load-s 'x * 1000'
	put_figure root-stop-others-start ms stop-start-s 'x * 1000'
	put_figure root-stop-others-destroy ms stop-destroy-s 'x * 1000'
}

figures_caller()
{
	put root-stop-caller ms 'x / 1000' "x=$(bench_longest_request "${bench_calls##*/}" 12)"
}

figures_memory()
{
	local log=$bench_calls/linux.log core percpu pool
	core=$(bench_value "$log" 'figure core-pages' core-pages)
	percpu=$(bench_value "$log" 'figure percpu-pages' percpu-pages)
	pool=$(bench_value "$log" 'figure pool-pages' pool-pages)
	put memory-core pages x "x=$core"
	put memory-percpu pages x "x=$percpu"
	put memory-pool pages x "x=$pool"
	put memory-after-enable pages 'a + b + c' "a=$core" "b=$percpu" "c=$pool"
	put_figure memory-per-cell pages cell-pages
	put_figure memory-per-further-cell pages further-cell-pages
}

# A cell of 512 MiB, zeroed and cleaned
figures_large()
{
	put_figure_of large root-stop-512-mib-others ms stop-max-s 'x * 1000'
	put root-stop-512-mib-caller ms 'x / 1000' "x=$(bench_longest_request large 6)"
}

# figures_threaded RUN [SUFFIX OF NAMES]: interrupts of the root cell. 16 of them in ticks of 16 ns, so a tick is a
# quarter of an instruction.
figures_threaded()
{
	local name=$1 suffix=${2:-} log=$bench_out/$1/linux.log native root
	# In tenths: some timers fire meanwhile, one in a hundred interrupts.
	put_figure_of "$name" "threaded-irq-exits$suffix" exits threaded-exits 'int(x * 10 + 0.5) / 10'
	put_figure_of "$name" "threaded-irq-exits-mmio$suffix" exits threaded-mmio 'int(x * 10 + 0.5) / 10'
	put_figure_of "$name" "threaded-irq-exits-dir$suffix" exits threaded-dir 'int(x * 10 + 0.5) / 10'
	native=$(bench_value "$log" 'figure threaded-native-ticks' threaded-native-ticks)
	root=$(bench_value "$log" 'figure threaded-root-ticks' threaded-root-ticks)
	put "threaded-irq$suffix" instructions '(a - b) / 4' "a=$root" "b=$native"
}

figures_edges()
{
	put_figure_of edges edge-irqs-lost interrupts edges-root-lost
	put_figure_of edges edge-irqs-moved interrupts edges-root-moved
}

# bench_edges OPTIONS...: without counted instructions, as CPUs take turns then, and nothing happens at once
bench_edges()
{
	local out=$bench_out/edges
	msg "emulated machine: edges of interrupts"
	mkdir -p "$out"
	tests/system/mkinitramfs --machine virt-gicv3 -o "$out/initrd.gz" --job "$bench_dir/tests/system/guest/irq-edges" \
		--tree "$bench_out/payload" -- 3000 || return
	tests/system/run-qemu --timeout 600 --initrd "$out/initrd.gz" --out "$out" --machine virt-gicv3 || return
	rm -f "$out/initrd.gz"
}

# bench_cloc FILES...: code lines
bench_cloc()
{
	cloc --quiet --csv "$@" | awk -F , '$2 == "SUM" { print $5 }'
}

# bench_inputs EXPRESSION: files that the compiler read for outputs that match, relative to the tree
bench_inputs()
{
	ninja -C "$bench_dir" -t deps | awk -v outputs="$1" '/^[^ ]/ { on = $0 ~ outputs } on && /^ / { print $1 }' |
		while read -r file; do
			realpath -qe --relative-to=. -- "$bench_dir/$file" || true
		done | sort -u
}

# figures_sources IMAGE OBJECTS: the file, and code lines of what it was made from
figures_sources()
{
	local files public
	put image-size bytes x "x=$(stat -c %s "$bench_out/payload/lib/firmware/$1")"
	mapfile -t files < <(bench_inputs "$2" | grep '^hypervisor/')
	put code-lines lines x "x=$(bench_cloc "${files[@]}")"
	# The headers of the tree's include/
	mapfile -t public < <(bench_inputs "$2" | grep '^include/')
	put public-header-lines lines x "x=$(bench_cloc "${public[@]}")"
}

# figures_patches KERNELS...: a symbol that a stock kernel does not export to modules would have to be exported by a
# patch.
figures_patches()
{
	local version module missing total=0
	for version in "$@"; do
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

# The life of a simulated machine, on the host itself
figures_sim()
{
	local boards=$bench_dir/examples/configs/x86 ms
	ms=$("$bench_dir/tests/bench/bench-sim" "$boards/qemu-q35.cell" "$boards/qemu-q35-tiny-demo.cell")
	put sim-life-cycle ms x "x=$ms"
}

# bench_run_MACHINE: fill $bench_out/figures.
bench_run_x86()
{
	local qemu run
	bench_bad=
	bench_calls=$bench_out/xapic
	mkdir -p "$bench_out"
	bench_build 6.1 build/gcc && qemu=$(qemu_path 10) || return
	bench_machine xapic calls 'Using xAPIC, cells use xAPIC' --kernel 6.1 --qemu 10 --cpu qemu64,+svm,+npt || return
	bench_machine x2apic timer 'Using xAPIC, cells use x2APIC' --kernel 6.1 --qemu 10 --cpu qemu64,+svm,+npt,+x2apic ||
		return
	bench_machine links-xapic links 'Using xAPIC, cells use xAPIC' --kernel 6.1 --qemu 10 --cpu qemu64,+svm,+npt || return
	bench_machine links-x2apic links 'Using xAPIC, cells use x2APIC' --kernel 6.1 --qemu 10 \
		--cpu qemu64,+svm,+npt,+x2apic || return
	run=(tests/bench/bare/run-bare -r "$bench_dir/tests/bench/bare/bare-rom.bin" -t 60 -i)
	bench_bare bare-xapic "$qemu" "${run[@]}" -c qemu64 "$bench_inmates/timer-bench.bin" || return
	bench_bare bare-x2apic "$qemu" "${run[@]}" -x -c qemu64,+x2apic "$bench_inmates/timer-bench.bin" || return
	: >"$bench_out/figures"
	figures_operations_x86
	figures_timer xapic xapic bare-xapic 1 timer-exits-watched
	figures_timer x2apic x2apic bare-x2apic 1 timer-exits-watched
	figures_links xapic links-xapic
	figures_links x2apic links-x2apic
	figures_calls
	figures_caller
	figures_memory
	figures_sources jailhouse-amd.bin '^hypervisor/[^ ]*(hv-amd|jailhouse-amd)'
	figures_patches 6.1 6.12
	figures_sim
	[ -z "$bench_bad" ]
}

# On a core that does not have to forget branches at each exit, see docs/benchmarks.md
bench_run_arm64()
{
	local qemu core=cortex-a53
	bench_bad=
	bench_calls=$bench_out/gicv3
	mkdir -p "$bench_out"
	bench_build arm64-6.1 build/arm64 --cross arm64 && qemu=$(qemu_path 7 arm64) || return
	bench_machine gicv3 calls ', 25 is the hypervisor' --machine virt-gicv3 --cpu "$core" || return
	bench_machine gicv2 timer ', 287 is the hypervisor' --machine virt-gicv2 --cpu "$core" || return
	bench_machine irqs irqs ', 25 is the hypervisor' --machine virt-gicv3 --cpu "$core" || return
	bench_machine irqs-gicv2 irqs ', 287 is the hypervisor' --machine virt-gicv2 --cpu "$core" || return
	bench_machine links-gicv3 links ', 25 is the hypervisor' --machine virt-gicv3 --cpu "$core" || return
	bench_machine links-gicv2 links ', 287 is the hypervisor' --machine virt-gicv2 --cpu "$core" || return
	bench_machine large large ', 25 is the hypervisor' --machine virt-gicv3 --cpu "$core" --memory 1536M || return
	bench_edges || return
	: >"$bench_out/figures"
	figures_operations_arm gicv3
	figures_timer_arm arm64 "$qemu" || return
	figures_neighbour
	figures_idle gicv3 alone
	figures_idle gicv3 with-cell
	figures_threaded irqs
	figures_threaded irqs-gicv2 -gicv2
	figures_edges
	figures_links gicv3 links-gicv3
	figures_links gicv2 links-gicv2
	figures_calls
	figures_caller
	figures_large
	figures_memory
	figures_sources jailhouse.bin '^hypervisor/[^ ]*(hv-hot|jailhouse\.elf)'
	figures_patches arm64-6.1 arm64-6.12
	[ -z "$bench_bad" ]
}

# Most is measured with the interrupt controller that such machines have; operations and timer with GICv3, too.
bench_run_arm()
{
	local qemu
	bench_bad=
	bench_calls=$bench_out/gicv2
	mkdir -p "$bench_out"
	bench_build arm-6.1 build/arm --cross arm && qemu=$(qemu_path 7 arm) || return
	bench_machine gicv2 calls ', 287 is the hypervisor' --machine virt-arm || return
	bench_machine gicv3 cell ', 25 is the hypervisor' --machine virt-arm-gicv3 || return
	bench_machine irqs-gicv3 irqs ', 25 is the hypervisor' --machine virt-arm-gicv3 || return
	bench_machine irqs-gicv2 irqs ', 287 is the hypervisor' --machine virt-arm || return
	bench_machine links-gicv2 links ', 287 is the hypervisor' --machine virt-arm || return
	: >"$bench_out/figures"
	figures_operations_arm gicv3
	figures_operations_arm gicv2 -gicv2
	figures_timer_arm arm "$qemu" || return
	figures_neighbour
	figures_idle gicv3 alone
	figures_idle gicv3 with-cell
	figures_idle gicv2 alone -gicv2
	figures_idle gicv2 with-cell -gicv2
	figures_threaded irqs-gicv3
	figures_threaded irqs-gicv2 -gicv2
	figures_links gicv2 links-gicv2
	figures_calls
	figures_memory
	figures_sources jailhouse.bin '^hypervisor/[^ ]*(hv-hot|jailhouse\.elf)'
	figures_patches arm-6.1 arm-6.12
	[ -z "$bench_bad" ]
}

# bench_check FIGURES MACHINE TARGETS: 0 if each figure is within its limit, 1 if not, 2 if one is not there.
bench_check()
{
	awk -v machine="$2" '
	/^#/ || NF == 0 { next }
	NR == FNR { split($0, part, "\t"); value[part[1]] = part[2]; unit[part[1]] = part[3]; next }
	{
		split($0, part, /[ \t]*\|[ \t]*/)
		if (part[1] != machine) next
		name = part[2]; most = part[3]
		if (!(name in value)) {
			print "not measured: " name; code = 2
		} else if (value[name] + 0 > most + 0) {
			print "missed: " name " is " value[name] " " unit[name] ", at most " most " wanted"
			if (code == 0) code = 1
		}
	}
	END { exit code }' "$1" "$3" >&2
}
