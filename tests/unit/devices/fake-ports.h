/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Ports, an IOAPIC and configuration space as data, for tests of the x86 device files. */
#ifndef FAKE_PORTS_H
#define FAKE_PORTS_H

#include "fake-devices.h"
#include <asm/guest.h>
#include <asm/interrupt.h>
#include <asm/io.h>

#define FAKE_IOAPIC 0xfec00000ULL
#define FAKE_PINS   24

struct fake_ports {
	u8 bytes[0x10000];
	unsigned int reads, writes;
	u16 port; /* of the last write */
	u32 value;
	/* behind 0xcf8 and 0xcfc, or in a window at device_memory */
	u32 cf8;
	u32 config_address; /* of the last access through 0xcfc */
	/* the IOAPIC; its registers lie at device_memory */
	bool has_ioapic;
	u32 version;
	u32 index;
	u64 entries[FAKE_PINS];
	u32 eoi; /* last one */
	unsigned int num_eois;
	/* last configuration access of a guest */
	struct {
		u16 bdf, reg;
		unsigned int size;
		u32 value;
		bool write, refuse;
	} config;
};

extern struct fake_ports ports;

/* Instead of fake_setup(). */
int fake_ports_setup(void **state);
#define PORTS_TEST(name) cmocka_unit_test_setup_teardown(name, fake_ports_setup, fake_teardown)

#endif /* !FAKE_PORTS_H */
