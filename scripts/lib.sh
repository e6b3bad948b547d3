# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
#
# Everything that the scripts share; each subject is a file of its own under lib/.
# A script starts with:  . "$(dirname "$(readlink -f "$0")")/lib.sh"

set -euo pipefail
shopt -s inherit_errexit

JH_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export JH_ROOT

for jh_part in common machines packages cache apt sysroot kernels qemu; do
	# shellcheck source=/dev/null
	. "$JH_ROOT/scripts/lib/$jh_part.sh"
done
unset jh_part
