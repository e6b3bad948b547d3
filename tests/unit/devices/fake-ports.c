// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fake-ports.h"

struct fake_ports ports;
static struct guest_regs regs[FAKE_CPUS];

int fake_ports_setup(void **state)
{
	memset(&ports, 0, sizeof(ports));
	ports.version = (FAKE_PINS - 1) << 16 | 0x20;
	for (unsigned int pin = 0; pin < FAKE_PINS; pin++)
		ports.entries[pin] = 0x10000;
	fake_setup(state);
	for (unsigned int n = 0; n < FAKE_CPUS; n++)
		fake.cpus[n].arch.regs = &regs[n];
	return 0;
}

/* ---- ports ---- */

u32 io_in(u16 port, unsigned int size)
{
	u32 value = 0;

	assert_in_range(size, 1, 4);
	ports.reads++;
	if (port == 0xcf8 && size == 4)
		return ports.cf8;
	if (port >= 0xcfc && port <= 0xcff)
		ports.config_address = ports.cf8 | (port & 3);
	memcpy(&value, &ports.bytes[port], size);
	return value;
}

void io_out(u16 port, unsigned int size, u32 value)
{
	assert_in_range(size, 1, 4);
	ports.writes++;
	ports.port = port;
	ports.value = value;
	if (port == 0xcf8 && size == 4) {
		ports.cf8 = value;
		return;
	}
	if (port >= 0xcfc && port <= 0xcff)
		ports.config_address = ports.cf8 | (port & 3);
	memcpy(&ports.bytes[port], &value, size);
}

/* ---- device registers ---- */

static u32 ioapic_read(void)
{
	if (ports.index == 0)
		return 0x0f000000;
	if (ports.index == 1)
		return ports.version;
	assert_in_range(ports.index, 0x10, 0x10 + FAKE_PINS * 2 - 1);
	return (u32)(ports.entries[(ports.index - 0x10) / 2] >> (ports.index % 2 * 32));
}

static void ioapic_write(u32 value)
{
	u64 shift = ports.index % 2 * 32, *entry, old;

	assert_in_range(ports.index, 0x10, 0x10 + FAKE_PINS * 2 - 1);
	entry = &ports.entries[(ports.index - 0x10) / 2];
	old = *entry;
	*entry = (old & ~(0xffffffffULL << shift)) | (u64)value << shift;
	/* remote IRR and delivery status are read-only */
	*entry = (*entry & ~0x5000ULL) | (old & 0x5000);
}

u32 reg_read(const void *address, unsigned int size)
{
	unsigned long offset = (unsigned long)((const u8 *)address - fake.device_memory);
	u32 value = 0;

	if (!ports.has_ioapic) {
		memcpy(&value, address, size);
		return value;
	}
	assert_int_equal(size, 4);
	assert_int_equal(offset, 0x10);
	return ioapic_read();
}

void reg_write(void *address, unsigned int size, u32 value)
{
	unsigned long offset = (unsigned long)((u8 *)address - fake.device_memory);

	if (!ports.has_ioapic) {
		memcpy(address, &value, size);
		return;
	}
	assert_int_equal(size, 4);
	switch (offset) {
	case 0x00:
		ports.index = value;
		break;
	case 0x10:
		ioapic_write(value);
		break;
	case 0x40:
		ports.eoi = value;
		ports.num_eois++;
		for (unsigned int pin = 0; pin < FAKE_PINS; pin++)
			if ((ports.entries[pin] & 0xff) == value)
				ports.entries[pin] &= ~0x4000ULL;
		break;
	default:
		fail_msg("write to register %lx", offset);
	}
}

/* ---- neighbours ---- */

/* APIC ids are CPU ids, logical destinations one bit for each CPU. */
bool cell_owns_destination(const struct cell *cell, u32 destination, bool logical)
{
	if (!logical)
		return destination < FAKE_CPUS && fake.cpus[destination].cell == cell;
	for (unsigned int id = 0; id < 32; id++)
		if (destination >> id & 1 && (id >= FAKE_CPUS || fake.cpus[id].cell != cell))
			return false;
	return destination;
}

u32 pci_config_read(struct percpu *cpu, u16 bdf, u16 reg, unsigned int size)
{
	(void)cpu;
	ports.config.bdf = bdf;
	ports.config.reg = reg;
	ports.config.size = size;
	ports.config.write = false;
	return ports.config.value;
}

bool pci_config_write(struct percpu *cpu, const char *via, u16 bdf, u16 reg, unsigned int size,
		      u32 value)
{
	(void)cpu;
	assert_string_equal(via, "config");
	ports.config.bdf = bdf;
	ports.config.reg = reg;
	ports.config.size = size;
	ports.config.write = true;
	ports.config.value = value;
	return !ports.config.refuse;
}
