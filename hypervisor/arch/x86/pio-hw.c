// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <asm/io.h>
#include <asm/x86.h>

u32 io_in(u16 port, unsigned int size)
{
	return size == 1 ? inb(port) : size == 2 ? inw(port) : inl(port);
}

void io_out(u16 port, unsigned int size, u32 value)
{
	if (size == 1)
		outb((u8)value, port);
	else if (size == 2)
		outw((u16)value, port);
	else
		outl(value, port);
}

/* Through EAX: MMCONFIG of AMD family 10h takes no other register (BKDG 31116, 2.11). */
u32 reg_read(const void *address, unsigned int size)
{
	u32 value = 0;

	if (size == 1)
		__asm__ volatile("movb (%1), %%al" : "+a"(value) : "r"(address) : "memory");
	else if (size == 2)
		__asm__ volatile("movw (%1), %%ax" : "+a"(value) : "r"(address) : "memory");
	else
		__asm__ volatile("movl (%1), %%eax" : "+a"(value) : "r"(address) : "memory");
	return value;
}

void reg_write(void *address, unsigned int size, u32 value)
{
	if (size == 1)
		__asm__ volatile("movb %%al, (%0)" : : "r"(address), "a"(value) : "memory");
	else if (size == 2)
		__asm__ volatile("movw %%ax, (%0)" : : "r"(address), "a"(value) : "memory");
	else
		__asm__ volatile("movl %%eax, (%0)" : : "r"(address), "a"(value) : "memory");
}
