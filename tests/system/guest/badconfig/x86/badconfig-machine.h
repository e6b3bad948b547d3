/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * examples/configs/x86/qemu-q35.c, which these tests change, and what is free for their cells there
 */
#ifndef BADCONFIG_MACHINE_H
#define BADCONFIG_MACHINE_H

#define ARCHITECTURE	   JAILHOUSE_X86
#define OTHER_ARCHITECTURE JAILHOUSE_ARM64

#define HV_START	   0x3a000000ULL
#define HV_LAST		   0x3a5fffffULL
#define TEST_RAM	   0x3a600000ULL
#define OTHER_RAM	   0x3a700000
#define LINUX_RAM	   0x10000000
#define LINUX_LAST	   0x39ffffff

#define IRQCHIP_BASE	   0xfec00000
#define FIRST_PIN	   0
#define COMM		   0x100000
#define DEVICE_PAGE	   0xfed1c000 /* chipset */
/* PCI: AHCI and one that is not there; SMBus and another that is not there */
#define DEVICE_A	   0xfa
#define DEVICE_B	   0x18
#define DEVICE_OTHER	   0xfb
#define DEVICE_NONE	   0x20

/* Regions of the system */
#define ROM_REGION	   2
#define ROM_START	   0xc0000
#define LAST_REGION	   10
#define LAST_START	   0xfed1c000
#define LAST_SIZE	   0x4000

/* Regions 3, 7 and 8 are RAM and windows of PCI. */
#define ALL_ADDRESSES                                                                              \
	{ 3, HV_LAST + 1 - 0x100000 }, { 7, 0x80000000 }, { 8, 0x3ef00000 }

#endif /* !BADCONFIG_MACHINE_H */
