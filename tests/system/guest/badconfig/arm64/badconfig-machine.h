/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * examples/configs/arm64/qemu-virt.c, which these tests change, and what is free for their cells there
 */
#ifndef BADCONFIG_MACHINE_H
#define BADCONFIG_MACHINE_H

#define ARCHITECTURE	   JAILHOUSE_ARM64
#define OTHER_ARCHITECTURE JAILHOUSE_X86

#define HV_START	   0x7fc00000ULL
#define HV_LAST		   0x7fffffffULL
#define TEST_RAM	   0x70000000ULL
#define OTHER_RAM	   0x70100000
#define LINUX_RAM	   0x50000000
#define LINUX_LAST	   0x6fffffff

#define IRQCHIP_BASE	   0x08000000
#define FIRST_PIN	   32
#define COMM		   0x80000000
#define DEVICE_PAGE	   0x0a003000 /* virtio: the last of its slots, which are empty */
/* PCI: none of them is there. */
#define DEVICE_A	   0x18
#define DEVICE_B	   0x20
#define DEVICE_OTHER	   0x28
#define DEVICE_NONE	   0x30

/* Regions of the system */
#define ROM_REGION	   1
#define ROM_START	   0x09000000 /* PL011 */
#define LAST_REGION	   4
#define LAST_START	   0x09030000 /* GPIO */
#define LAST_SIZE	   0x1000

/* Regions 0 and 9 are flash and RAM of the cells. */
#define ALL_ADDRESSES                                                                              \
	{ 0, 0x40000000 }, { 9, HV_LAST + 1 - 0x70000000 }

#endif /* !BADCONFIG_MACHINE_H */
