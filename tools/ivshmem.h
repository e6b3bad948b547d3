/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the commands of the group ivshmem share. */
#ifndef TOOLS_IVSHMEM_H
#define TOOLS_IVSHMEM_H

#include <jailhouse/ivshmem-peer.h>

#include "cli.h"

/*
 * As cli_connect(); but a Linux that is not the root cell has no driver to connect with, and still has
 * devices.
 */
bool cli_ivshmem_connect(struct cli *cli);

/* "0000:00:0e.0" */
void cli_ivshmem_address(const struct jailhouse_ivshmem_info *info, char address[16]);

#endif /* !TOOLS_IVSHMEM_H */
