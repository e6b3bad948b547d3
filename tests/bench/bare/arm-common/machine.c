/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The parts of QEMU's virt machine that are needed: UART, fw_cfg, GIC. */
#include "boot.h"

#define UART_DR    0x00
#define UART_FR    0x18
#define FR_TX_FULL (1 << 5)

/* QEMU docs/specs/fw_cfg.txt */
#define FW_CFG_DATA	0x09020000UL
#define FW_CFG_SELECT	0x09020008UL
#define FW_CFG_FILE_DIR 0x19
#define FW_CFG_NAME_LEN 56

#define PSCI_SYSTEM_OFF 0x84000008

/* GICv3 (ARM IHI 0069), chapter 12 */
#define GICD_CTLR	 0x0000
#define GICD_TYPER	 0x0004
#define GICD_IGROUPR	 0x0080
#define CTLR_GROUP1	 0x02
#define CTLR_ARE	 0x10
#define GICR_FRAME	 0x20000
#define GICR_WAKER	 0x0014
#define WAKER_SLEEP	 0x2
#define WAKER_CHILDREN	 0x4
#define GICR_IGROUPR0	 0x10080
#define GICR_ISENABLER0	 0x10100
#define ALL_SGIS	 0xffff

static volatile __u32 *reg32(unsigned long address)
{
	return (volatile __u32 *)address;
}

static __u8 fw_cfg_byte(void)
{
	return *(volatile __u8 *)FW_CFG_DATA;
}

void put_char(char c)
{
	while (*reg32(UART_BASE + UART_FR) & FR_TX_FULL)
		;
	*reg32(UART_BASE + UART_DR) = (__u8)c;
}

void put_text(const char *text)
{
	while (*text)
		put_char(*text++);
}

void put_hex(unsigned long value)
{
	int shift;

	put_text("0x");
	for (shift = 8 * (int)sizeof(value) - 4; shift >= 0; shift -= 4)
		put_char("0123456789abcdef"[value >> shift & 0xf]);
}

static __u32 fw_cfg_be32(void)
{
	__u32 value = 0, n;

	for (n = 0; n < 4; n++)
		value = value << 8 | fw_cfg_byte();
	return value;
}

static void fw_cfg_select(__u32 key)
{
	*(volatile __u16 *)FW_CFG_SELECT = __builtin_bswap16(key);
}

/* Selects a file. Returns its size, or 0 if there is none. */
static __u32 fw_cfg_open(const char *name)
{
	__u32 count, size, key, found = 0, found_key = 0, n, pos;
	_Bool same;
	char c;

	fw_cfg_select(FW_CFG_FILE_DIR);
	count = fw_cfg_be32();
	for (n = 0; n < count; n++) {
		size = fw_cfg_be32();
		key = fw_cfg_be32() >> 16;
		same = 1;
		for (pos = 0; pos < FW_CFG_NAME_LEN; pos++) {
			c = fw_cfg_byte();
			/* Both end with a zero, and ours is shorter than the field. */
			if (same && c != name[pos])
				same = 0;
			if (same && c == 0) {
				found = size;
				found_key = key;
				same = 0;
			}
		}
	}
	if (found)
		fw_cfg_select(found_key);
	return found;
}

__u32 fw_cfg_read(const char *name, char *buffer, __u32 size)
{
	__u32 length = fw_cfg_open(name), n;

	if (length > size)
		length = size;
	for (n = 0; n < length; n++)
		buffer[n] = fw_cfg_byte();
	return length;
}

__u32 fw_cfg_number(const char *name)
{
	char digits[10];
	__u32 length = fw_cfg_read(name, digits, sizeof(digits)), value = 0, n;

	for (n = 0; n < length; n++)
		if (digits[n] >= '0' && digits[n] <= '9')
			value = value * 10 + (digits[n] - '0');
	return value;
}

unsigned int gic_version(void)
{
	return arch_has_gicv3() ? 3 : 2;
}

/* What Linux would have done before; a GICv2 is ready but for what the inmate does itself. */
void gic_init_distributor(void)
{
	__u32 lines, n;

	if (gic_version() < 3)
		return;
	lines = (*reg32(GICD_BASE + GICD_TYPER) & 0x1f) + 1;
	*reg32(GICD_BASE + GICD_CTLR) = CTLR_ARE;
	for (n = 1; n < lines; n++)
		*reg32(GICD_BASE + GICD_IGROUPR + n * 4) = ~0U;
	*reg32(GICD_BASE + GICD_CTLR) = CTLR_ARE | CTLR_GROUP1;
}

/* QEMU puts the redistributors in the order of the CPUs. */
void gic_init_cpu(void)
{
	unsigned long redist = GICR_BASE + arch_cpu_index() * GICR_FRAME;

	if (gic_version() < 3)
		return;
	*reg32(redist + GICR_WAKER) &= ~(__u32)WAKER_SLEEP;
	while (*reg32(redist + GICR_WAKER) & WAKER_CHILDREN)
		;
	*reg32(redist + GICR_IGROUPR0) = ~0U;
	*reg32(redist + GICR_ISENABLER0) = ALL_SGIS;
	arch_enable_gicv3();
}

void power_off(void)
{
	firmware_call(PSCI_SYSTEM_OFF, 0, 0, 0);
}
