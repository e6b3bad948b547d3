/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "ivshmem.h"

bool cli_ivshmem_connect(struct cli *cli)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	int err = cli_open(cli, &error);

	if (err == 0 || (err == JAILHOUSE_ERR_NO_DEVICE && !cli_sim_uri(cli)))
		return true;
	cli_report(cli, NULL, &error);
	return false;
}

void cli_ivshmem_address(const struct jailhouse_ivshmem_info *info, char address[16])
{
	snprintf(address, 16, "%04x:%02x:%02x.%x", info->domain & 0xffff, info->bdf >> 8 & 0xff,
		 info->bdf >> 3 & 0x1f, info->bdf & 7);
}
