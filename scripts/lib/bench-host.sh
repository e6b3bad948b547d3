# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
#
# scripts/bench --machine host: what the library costs. As bench.sh, whose functions it uses.

# figures_config BUILD: reading of the largest board, and checks of many regions
figures_config()
{
	local program=$1/tests/bench/config-bench board log=$bench_out/iterate.log regions
	board=$(find "$1/examples/configs" -name '*.cell' -printf '%s %p\n' | sort -n | tail -n 1 | cut -d ' ' -f 2)
	[ -n "$board" ] || { warn "no board was built"; return 1; }
	valgrind --tool=callgrind --toggle-collect='iterate*' --callgrind-out-file=/dev/null "$program" iterate "$board" \
		>"$log" 2>&1 || { warn "callgrind failed: $log"; return 1; }
	# "==1234== Collected : 5678"
	sed -i 's/^==[0-9]*== Collected : /collected instructions /' "$log"
	put config-read instructions x "x=$(bench_value "$log" collected instructions)"
	put config-read-allocations allocations x "x=$(bench_value "$log" read-allocations read-allocations)"
	for regions in 1000 10000 100000; do
		"$program" check "$regions" >"$bench_out/check-$regions.log" || return
		put "config-check-$regions" ms x "x=$(bench_value "$bench_out/check-$regions.log" "check-$regions" milliseconds)"
	done
	# n log n: the factor by which ten times as many cost more than ten times as much
	put config-check-growth factor 'b / a / 10' \
		"a=$(bench_value "$bench_out/check-10000.log" check-10000 milliseconds)" \
		"b=$(bench_value "$bench_out/check-100000.log" check-100000 milliseconds)"
}

# Instructions of the library, without constants and tables; and what it needs besides libc and libfdt.
figures_library()
{
	local others
	others=$(objdump -p "$1/lib/libjailhouse.so" | awk '$1 == "NEEDED" && $2 !~ /^lib(c|fdt)\.so/ { print $2 }')
	[ -z "$others" ] || warn "the library needs $others"
	put library-other-dependencies libraries x "x=$(wc -w <<<"$others")"
	put library-text KiB 'x / 1024' "x=$(size -A "$1/lib/libjailhouse.so" | awk '$1 == ".text" { print $2 }')"
}

# Message channels between two threads on two CPUs. Times in between are printed for what they tell of the host.
figures_channel()
{
	local log=$bench_out/channel.log
	"$1/tests/bench/bench-channel" >"$log" || { warn "bench-channel failed"; return 1; }
	msg "channels on CPUs $(awk '$1 == "cpus" { print $2 }' "$log") of $(awk -F ': ' \
		'/^model name/ { print $2; exit }' /proc/cpuinfo)"
	put channel-line-round-trip ns x "x=$(bench_value "$log" line-ns line-ns)"
	put channel-time-over-memcpy factor x "x=$(bench_value "$log" time-over-memcpy time-over-memcpy)"
	put channel-single-over-memcpy factor x "x=$(bench_value "$log" single-over-memcpy single-over-memcpy)"
	put channel-poll-round-trip ns x "x=$(bench_value "$log" poll-ns poll-ns)"
	put channel-poll-over-line factor 'a / b' "a=$(bench_value "$log" poll-ns poll-ns)" \
		"b=$(bench_value "$log" line-ns line-ns)"
	put channel-sleep-over-eventfd factor x "x=$(bench_value "$log" sleep-over-eventfd sleep-over-eventfd)"
}

bench_run_host()
{
	local dir
	bench_bad=
	mkdir -p "$bench_out"
	msg "building"
	dir=$(scripts/build build/gcc -Dwerror=true --prefix=/usr --libdir=lib) || return
	: >"$bench_out/figures"
	figures_config "$dir" || return
	figures_library "$dir"
	bench_dir=$dir
	figures_sim
	figures_channel "$dir" || return
	[ -z "$bench_bad" ]
}
