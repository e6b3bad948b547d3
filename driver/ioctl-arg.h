/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Room for the argument of any of our own ioctls, for whoever takes them: the driver, a simulation */
#ifndef JH_IOCTL_ARG_H
#define JH_IOCTL_ARG_H

#include <jailhouse/ioctl.h>

union jh_ioctl_arg {
	__u32 size;
	struct jailhouse_ioc_info info;
	struct jailhouse_ioc_enable enable;
	struct jailhouse_ioc_disable disable;
	struct jailhouse_ioc_cell_create create;
	struct jailhouse_ioc_cell cell;
	struct jailhouse_ioc_cell_load load;
	struct jailhouse_ioc_get_config get_config;
	struct jailhouse_ioc_cell_info cell_info;
	struct jailhouse_ioc_next_cell next_cell;
	struct jailhouse_ioc_cpu_stats stats;
	struct jailhouse_ioc_cpu_record record;
	struct jailhouse_ioc_learned learned;
	struct jailhouse_ioc_mode mode;
	struct jailhouse_ioc_events events;
	struct jailhouse_ioc_read_events read_events;
	struct jailhouse_ioc_hardware hardware;
};

#endif /* !JH_IOCTL_ARG_H */
