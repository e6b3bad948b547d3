/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "commands.h"

const struct cli_command *const cli_commands[] = {
	&cli_enable,     &cli_disable,      &cli_info,          &cli_learned,
	&cli_console,    &cli_monitor,      &cli_cell_create,  &cli_cell_list,     &cli_cell_show,
	&cli_cell_load,  &cli_cell_start,   &cli_cell_shutdown, &cli_cell_destroy,
	&cli_cell_stats, &cli_config_check, &cli_config_build,  &cli_config_dump,
	&cli_config_create, &cli_config_collect,
	&cli_hardware_check, &cli_doctor,
	&cli_config_show, &cli_config_diff,
	&cli_ivshmem_list, &cli_ivshmem_cat,
};

const size_t cli_num_commands = CLI_ARRAY_SIZE(cli_commands);
