/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Every command, each in a file of its own. A new one is added here and in the table of commands.c. */
#ifndef TOOLS_COMMANDS_H
#define TOOLS_COMMANDS_H

#include "cli.h"

extern const struct cli_command cli_enable;
extern const struct cli_command cli_disable;
extern const struct cli_command cli_info;
extern const struct cli_command cli_learned;
extern const struct cli_command cli_console;
extern const struct cli_command cli_monitor;
extern const struct cli_command cli_cell_create;
extern const struct cli_command cli_cell_list;
extern const struct cli_command cli_cell_show;
extern const struct cli_command cli_cell_load;
extern const struct cli_command cli_cell_start;
extern const struct cli_command cli_cell_shutdown;
extern const struct cli_command cli_cell_destroy;
extern const struct cli_command cli_cell_stats;
extern const struct cli_command cli_config_build;
extern const struct cli_command cli_config_check;
extern const struct cli_command cli_config_collect;
extern const struct cli_command cli_config_create;
extern const struct cli_command cli_config_dump;
extern const struct cli_command cli_hardware_check;
extern const struct cli_command cli_doctor;
extern const struct cli_command cli_config_show;
extern const struct cli_command cli_config_diff;
extern const struct cli_command cli_ivshmem_list;
extern const struct cli_command cli_ivshmem_cat;

/* collector.c: the script of `config create --generate-collector` */
enum cli_result cli_write_collector(const struct cli *cli, const char *path);

#endif /* !TOOLS_COMMANDS_H */
