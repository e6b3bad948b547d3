# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
#
# Results of tests. A stage is a function that calls pass, fail or skip for each test it runs; one
# that calls none of them is a test itself, judged by how it ends. A stage that ends badly without
# having said what failed has failed itself.

results_begin()
{
	JH_RESULTS=$1
	rm -f "$1".*
	: >"$JH_RESULTS"
}

pass() { printf 'PASS %s\n' "$1" | tee -a "$JH_RESULTS"; }
fail() { printf 'FAIL %s\n' "$*" | tee -a "$JH_RESULTS"; }
skip() { printf 'SKIP %s\n' "$*" | tee -a "$JH_RESULTS"; }

# Number of results of a kind: PASS, FAIL, SKIP or . for all
results_count()
{
	grep -c "^$1" "$JH_RESULTS" || true
}

# results_failed_cases LOG: print what each failed case of cmocka said, at most 30 lines of each, and where it failed, if
# that is beside the cases, since it went to another stream
results_failed_cases()
{
	tr -d '\r' <"$1" | awk '
		/^\[ RUN      \]/ { lines = 0; inside = 1 }
		!inside && /^\[ +(ERROR|LINE) +\]/ { print substr($0, 1, 400) }
		inside && lines < 30 { text[lines++] = substr($0, 1, 400) }
		/^\[       OK \]/ { inside = 0 }
		inside && /^\[  FAILED  \]/ {
			for (n = 0; n < lines; n++)
				print text[n]
			if (lines == 30)
				print
			inside = 0
		}'
}

# results_stage NAME LOG FUNCTION ARGS...
results_stage()
{
	local name=$1 log=$2 before failed_before passed rc start=$SECONDS
	shift 2
	before=$(results_count .)
	failed_before=$(results_count FAIL)
	printf '%-28s ' "$name"
	# Not part of a condition, or a failing command inside would not end the stage.
	set +e
	(set -e; "$@") >"$log" 2>&1 </dev/null
	rc=$?
	set -e
	if [ "$rc" -ne 0 ] && [ "$(results_count FAIL)" -eq "$failed_before" ]; then
		fail "$name" "ended with code $rc" >>"$log"
	elif [ "$(results_count .)" -eq "$before" ]; then
		pass "$name" >>"$log"
	fi
	passed=$(tail -n "+$((before + 1))" "$JH_RESULTS" | grep -c '^PASS' || true)
	if [ "$(results_count FAIL)" -gt "$failed_before" ]; then
		printf 'FAILED (%d s)\n' "$((SECONDS - start))"
		tail -n "+$((before + 1))" "$JH_RESULTS" | grep '^FAIL' | sed 's/^/    /'
		results_failed_cases "$log" | sed 's/^/    > /'
		# What passed says nothing of what failed.
		printf '    The end:\n'
		grep -v '^PASS' "$log" | tail -n 40 | sed 's/^/    > /'
		printf '    (all of it: %s)\n' "${log#"$JH_ROOT"/}"
	else
		printf '%4d passed (%d s)\n' "$passed" "$((SECONDS - start))"
		tail -n "+$((before + 1))" "$JH_RESULTS" | grep '^SKIP' | sed 's/^/    /' || true
	fi
}

# Print what failed once more, as its place may be far up or cut off by now, and the closing line; the result tells
# whether anything failed, or nothing ran.
results_end()
{
	local failed passed
	grep '^FAIL' "$JH_RESULTS" || true
	passed=$(results_count PASS)
	failed=$(results_count FAIL)
	printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$(results_count SKIP)"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
