/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <asm/area.h>

OUTPUT_FORMAT(IMAGE_FORMAT)
ENTRY(arch_entry)

SECTIONS
{
	. = LINK_BASE;
	__image_start = .;
	/* The driver fills fields of the header, and the hypervisor reads them: data in a page of its own. */
	.header : { *(.header) }
	jailhouse_header_max_cpus = __image_start + 104;
	.data : { *(.data .data.*) }
	. = ALIGN(4096);
	__text_start = .;
	.text : { *(.text .text.*) }
	. = ALIGN(4096);
	__text_end = .;
	/* The file ends here: padding outside of a section would not be in it. */
	.rodata : { *(.rodata .rodata.*) . = ALIGN(16); }
	__image_end = .;
	. = ALIGN(4096);
	__rodata_end = .;
	.bss (NOLOAD) : { *(.bss.page) *(.bss .bss.* COMMON) }
	. = ALIGN(4096);
	__core_end = .;
	.note.gnu.build-id 0 : { *(.note.gnu.build-id) }

	__core_size = ABSOLUTE(__core_end - __image_start);
	__image_size = ABSOLUTE(__image_end - __image_start);
	__entry_offset = ABSOLUTE(arch_entry - __image_start);
	__console_offset = ABSOLUTE(console_page - __image_start);
	__info_offset = ABSOLUTE(info_page - __image_start);

	/DISCARD/ : { *(.comment) *(.eh_frame) *(.note.GNU-stack) *(.note.gnu.property) }
}
