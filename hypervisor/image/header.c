// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What every image has that the driver loads: its header, the pages that the root cell reads, the machine. */
#include <hypervisor/image.h>
#include <asm/image.h>

extern u8 __image_end[], __core_size[], __image_size[], __entry_offset[], __console_offset[], __info_offset[];

struct machine image_machine;
struct jailhouse_virt_console console_page __attribute__((aligned(4096), section(".bss.page")));
struct jailhouse_info info_page __attribute__((aligned(4096), section(".bss.page")));

/* Values of linker symbols are their addresses. The build id is put in by make-image. */
struct jailhouse_image_header jailhouse_header __attribute__((section(".header"))) = {
	.signature = JAILHOUSE_IMAGE_SIGNATURE,
	.abi = JAILHOUSE_IMAGE_ABI,
	.header_size = sizeof(struct jailhouse_image_header),
	.architecture = IMAGE_ARCHITECTURE,
	.features = IMAGE_FEATURES,
	.image_size = (u64)__image_size,
	.core_size = (u64)__core_size,
	.percpu_size = PERCPU_SIZE,
	.link_base = LINK_BASE,
	.entry = (u64)__entry_offset,
	.console_page = (u64)__console_offset,
	.info_page = (u64)__info_offset,
};

/* image.lds.S gives this field a symbol for the entry code. */
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_image_header, max_cpus, 104);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_image_header, build_id, 16);
JAILHOUSE_ASSERT_SIZE(struct jailhouse_virt_console, 8 + JAILHOUSE_CONSOLE_RING_SIZE);

struct percpu *machine_cpu(const struct machine *m, unsigned int id)
{
	return (struct percpu *)(m->hv_base + m->header->core_size + (u64)id * PERCPU_SIZE);
}

void image_find_machine(struct percpu *cpu)
{
	struct machine *m = &image_machine;

	m->header = &jailhouse_header;
	m->info = &info_page;
	m->console.ring = &console_page;
	m->hv_base = __image_start;
	m->hv_phys = jailhouse_header.hypervisor_phys;
	m->hv_size = jailhouse_header.hypervisor_size;
	m->config = (const struct jailhouse_system *)(__core_end + (u64)jailhouse_header.max_cpus * PERCPU_SIZE);
	m->config_size = jailhouse_header.config_size;
	cpu->machine = m;
	cpu->id = (unsigned int)(((u64)cpu - (u64)__core_end) / PERCPU_SIZE);
}
