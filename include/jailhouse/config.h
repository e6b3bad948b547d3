/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * libjailhouse: configurations of systems and cells, read where they lie, and built in memory.
 *
 * Needs no privileges, no driver, and no particular machine: all three architectures are known
 * everywhere. Valid C89 and C++. Conventions of results, errors and ownership:
 * <jailhouse/jailhouse.h>. The meaning of each field: docs/config-format.md.
 *
 * The structures here are revision 14 of the format in natural alignment. That revision does not
 * change, so they have no member for their size; another revision will have structures of its own.
 */
#ifndef JAILHOUSE_CONFIG_H
#define JAILHOUSE_CONFIG_H

#include <jailhouse/jailhouse.h>

#ifdef __cplusplus
extern "C" {
#endif

#define JAILHOUSE_CONFIG_SYSTEM 0 /* what `jailhouse enable` takes; its cell is the root cell */
#define JAILHOUSE_CONFIG_CELL   1 /* what `jailhouse cell create` takes */

/* The arrays of a configuration, in the order in which they stand in it */
#define JAILHOUSE_SECTION_CPU_SET    0 /* counted in bytes */
#define JAILHOUSE_SECTION_MEMORY     1
#define JAILHOUSE_SECTION_CACHE      2
#define JAILHOUSE_SECTION_IRQCHIP    3
#define JAILHOUSE_SECTION_PIO        4
#define JAILHOUSE_SECTION_PCI_DEVICE 5
#define JAILHOUSE_SECTION_PCI_CAP    6
#define JAILHOUSE_SECTION_STREAM_ID  7
#define JAILHOUSE_NUM_SECTIONS       8

/* Units in a system configuration; the first one with base 0 ends the list. */
#define JAILHOUSE_CONFIG_NUM_IOMMUS 8

/* "memory region", "PCI device", ...; NULL if there is no such section. Static. */
JAILHOUSE_API const char *jailhouse_section_get_name(uint32_t section);

/**
 * struct jailhouse_config - a configuration that was parsed, pointing into the caller's buffer
 * @kind: JAILHOUSE_CONFIG_...
 * @architecture: 0 x86, 1 ARM, 2 ARM64
 * @length: bytes that head and arrays have
 * @reserved: 0
 * @trailing: bytes of the buffer behind them, which nobody looks at
 * @count: elements of each section
 * @data: the buffer; it must outlive this
 *
 * To be filled by jailhouse_config_parse() and only read by others. May be copied; needs no
 * freeing.
 */
struct jailhouse_config {
	uint32_t kind;
	uint32_t architecture;
	uint32_t length;
	uint32_t reserved;
	uint64_t trailing;
	uint32_t count[JAILHOUSE_NUM_SECTIONS];
	const void *data;
};

/**
 * jailhouse_config_parse() - check a configuration's form and find its parts
 * @data: contents of a .cell file, at any alignment
 * @size: bytes at @data
 * @ret_config: the parts; untouched on failure
 * @error: details of a failure, or NULL
 *
 * Allocates nothing. Whether what it asks for makes sense is not looked at.
 *
 * Returns 0, or JAILHOUSE_ERR_CONFIG: neither a system nor a cell, another revision, an unknown
 * architecture, counts that do not fit the size, an empty CPU set, a cell without a name;
 * `reason` says which, `index` is the offset of the field.
 */
JAILHOUSE_API int jailhouse_config_parse(const void *data, size_t size,
					 struct jailhouse_config *ret_config,
					 struct jailhouse_error *error);

/* A console; values as in <jailhouse/console.h> */
struct jailhouse_config_console {
	uint64_t address;
	uint64_t clock_reg;
	uint32_t size;
	uint32_t divider;
	uint32_t gate_nr;
	uint16_t type;
	uint16_t flags;
};

/* The head of a cell. In a system configuration @vpci_irq_base and @console are the root cell's. */
struct jailhouse_config_cell {
	char name[32]; /* as it stands in the file: bytes behind the first NUL included */
	uint32_t id;
	uint32_t flags;
	uint32_t vpci_irq_base;
	uint32_t reserved; /* 0 */
	uint64_t cpu_reset_address;
	uint64_t msg_reply_timeout;
	struct jailhouse_config_console console;
};

/* A region of memory or registers; flags as in <jailhouse/cell-config.h>. */
struct jailhouse_config_memory {
	uint64_t phys_start;
	uint64_t virt_start;
	uint64_t size;
	uint64_t flags;
};

/* The head of a system. Members of other architectures are 0, and not looked at. */
struct jailhouse_config_system {
	uint32_t flags;
	uint8_t pci_mmconfig_end_bus;
	uint8_t pci_is_virtual;
	uint16_t pci_domain;
	struct jailhouse_config_memory hypervisor_memory;
	struct jailhouse_config_console debug_console;
	uint64_t pci_mmconfig_base;
	/* x86 */
	uint32_t vtd_interrupt_limit;
	uint32_t tsc_khz;
	uint32_t apic_khz;
	uint16_t pm_timer_address;
	uint8_t apic_mode;
	/* ARM and ARM64 */
	uint8_t gic_version;
	uint8_t maintenance_irq;
	uint8_t reserved[7]; /* 0 */
	uint64_t gicd_base;
	uint64_t gicc_base;
	uint64_t gich_base;
	uint64_t gicv_base;
	uint64_t gicr_base;
};

/* A unit of the system. @bdf to @features are AMD's, @tlb_... TI's; 0 and not looked at with
 * others. */
struct jailhouse_config_iommu {
	uint64_t base;
	uint64_t tlb_base;
	uint32_t tlb_size;
	uint32_t type;
	uint32_t size;
	uint32_t features;
	uint16_t bdf;
	uint8_t base_cap;
	uint8_t msi_cap;
	uint32_t reserved; /* 0 */
};

/* A part of a cache. */
struct jailhouse_config_cache {
	uint32_t start;
	uint32_t size;
	uint16_t flags;
	uint8_t type;
	uint8_t padding;
};

/* Lines of an interrupt controller. */
struct jailhouse_config_irqchip {
	uint64_t address;
	uint32_t id;
	uint32_t pin_base;
	uint32_t pin_bitmap[4];
};

/* A range of x86 ports. */
struct jailhouse_config_pio {
	uint16_t base;
	uint16_t length;
};

/* A PCI device, bridge or shared memory device. */
struct jailhouse_config_pci_device {
	uint64_t msix_address;
	uint32_t bar_mask[6];
	uint32_t shmem_regions_start;
	uint16_t domain;
	uint16_t bdf;
	uint16_t caps_start;
	uint16_t num_caps;
	uint16_t num_msix_vectors;
	uint16_t msix_region_size;
	uint16_t shmem_protocol;
	uint8_t type;
	uint8_t iommu;
	uint8_t num_msi_vectors;
	uint8_t msi_flags; /* 1: addresses of 64 bits, 2: can be masked, the rest has no meaning */
	uint8_t shmem_dev_id;
	uint8_t shmem_peers;
};

/* A PCI capability and who may write it. */
struct jailhouse_config_pci_cap {
	uint16_t id;
	uint16_t start;
	uint16_t len;
	uint16_t flags;
};

/*
 * Getters. They copy, and return 0, or JAILHOUSE_ERR_ARGUMENT if a pointer is NULL, @index is not
 * below the count, or a cell's configuration is asked for the system.
 */
JAILHOUSE_API int jailhouse_config_get_system(const struct jailhouse_config *config,
					      struct jailhouse_config_system *ret_system);
JAILHOUSE_API int jailhouse_config_get_iommu(const struct jailhouse_config *config, uint32_t index,
					     struct jailhouse_config_iommu *ret_iommu);
JAILHOUSE_API int jailhouse_config_get_cell(const struct jailhouse_config *config,
					    struct jailhouse_config_cell *ret_cell);
JAILHOUSE_API int jailhouse_config_get_memory(const struct jailhouse_config *config, uint32_t index,
					      struct jailhouse_config_memory *ret_memory);
JAILHOUSE_API int jailhouse_config_get_cache(const struct jailhouse_config *config, uint32_t index,
					     struct jailhouse_config_cache *ret_cache);
JAILHOUSE_API int jailhouse_config_get_irqchip(const struct jailhouse_config *config,
					       uint32_t index,
					       struct jailhouse_config_irqchip *ret_irqchip);
JAILHOUSE_API int jailhouse_config_get_pio(const struct jailhouse_config *config, uint32_t index,
					   struct jailhouse_config_pio *ret_pio);
JAILHOUSE_API int jailhouse_config_get_pci_device(const struct jailhouse_config *config,
						  uint32_t index,
						  struct jailhouse_config_pci_device *ret_device);
JAILHOUSE_API int jailhouse_config_get_pci_cap(const struct jailhouse_config *config,
					       uint32_t index,
					       struct jailhouse_config_pci_cap *ret_cap);
/* The 32 bits of it; of an MMU-500 the id in the lower half and the mask in the upper one. */
JAILHOUSE_API int jailhouse_config_get_stream_id(const struct jailhouse_config *config,
						 uint32_t index, uint32_t *ret_id);

/**
 * jailhouse_config_next_cpu() - walk the CPU set
 * @config: configuration
 * @cpu: the first CPU to look at
 *
 * for (cpu = jailhouse_config_next_cpu(&config, 0); cpu >= 0; cpu =
 * jailhouse_config_next_cpu(&config, cpu + 1))
 *
 * Returns the lowest logical CPU of the set that is not below @cpu, -1 if there is none.
 */
JAILHOUSE_API int32_t jailhouse_config_next_cpu(const struct jailhouse_config *config, int32_t cpu);

/* ---- building ---- */

/*
 * A configuration in the making: its bytes, and the arrays one by one. It keeps what it was made of
 * down to bits without a meaning, so that parsing and building give the same bytes. Used by one
 * thread at a time.
 */
struct jailhouse_builder;

/**
 * jailhouse_builder_new() - start with nothing
 * @kind: JAILHOUSE_CONFIG_...
 * @architecture: 0 x86, 1 ARM, 2 ARM64
 * @ret_builder: free with jailhouse_builder_free()
 * @error: details of a failure, or NULL
 *
 * Signature, revision and architecture are set, all else is 0 and empty.
 *
 * Returns 0, or JAILHOUSE_ERR_NO_MEMORY.
 */
JAILHOUSE_API int jailhouse_builder_new(uint32_t kind, uint32_t architecture,
					struct jailhouse_builder **ret_builder,
					struct jailhouse_error *error);
/* The same, starting with a copy of a configuration, trailing bytes included. */
JAILHOUSE_API int jailhouse_builder_new_from(const struct jailhouse_config *config,
					     struct jailhouse_builder **ret_builder,
					     struct jailhouse_error *error);
JAILHOUSE_API void jailhouse_builder_free(struct jailhouse_builder *builder);

/*
 * Setters of the heads. Return 0, or JAILHOUSE_ERR_ARGUMENT: a NULL, a cell's configuration and a
 * system, an index of an IOMMU that is too large.
 */
JAILHOUSE_API int jailhouse_builder_set_system(struct jailhouse_builder *builder,
					       const struct jailhouse_config_system *system);
JAILHOUSE_API int jailhouse_builder_set_iommu(struct jailhouse_builder *builder, uint32_t index,
					      const struct jailhouse_config_iommu *iommu);
JAILHOUSE_API int jailhouse_builder_set_cell(struct jailhouse_builder *builder,
					     const struct jailhouse_config_cell *cell);

/**
 * jailhouse_builder_set_cpu() - add a CPU to the set or take it out
 * @builder: builder
 * @cpu: logical CPU, below 32768
 * @member: 1: in the set, 0: not
 * @error: details of a failure, or NULL
 *
 * The set grows in steps of 8 bytes, and never shrinks.
 *
 * Returns 0, or JAILHOUSE_ERR_NO_MEMORY.
 */
JAILHOUSE_API int jailhouse_builder_set_cpu(struct jailhouse_builder *builder, uint32_t cpu,
					    int member, struct jailhouse_error *error);

/* Index that stands for "behind the last one" */
#define JAILHOUSE_CONFIG_END 0xffffffffu

/**
 * jailhouse_builder_insert() - make room for elements, all 0
 * @builder: builder
 * @section: JAILHOUSE_SECTION_..., of the CPU set the elements are bytes
 * @index: place of the first new element, up to the count, or JAILHOUSE_CONFIG_END
 * @count: how many
 * @error: details of a failure, or NULL
 *
 * Indices in PCI devices to capabilities and regions are the caller's to adjust.
 *
 * Returns 0, or JAILHOUSE_ERR_NO_MEMORY, _CONFIG: the whole would exceed 2^32 - 1 bytes.
 */
JAILHOUSE_API int jailhouse_builder_insert(struct jailhouse_builder *builder, uint32_t section,
					   uint32_t index, uint32_t count,
					   struct jailhouse_error *error);
/* Takes elements out. Returns 0, or JAILHOUSE_ERR_ARGUMENT if they are not there. */
JAILHOUSE_API int jailhouse_builder_remove(struct jailhouse_builder *builder, uint32_t section,
					   uint32_t index, uint32_t count);

/*
 * Setters of elements. With JAILHOUSE_CONFIG_END as @index a new one is added. Return 0, or
 * JAILHOUSE_ERR_ARGUMENT (a NULL, or an index that is not there), _NO_MEMORY, _CONFIG (too large).
 */
JAILHOUSE_API int jailhouse_builder_set_memory(struct jailhouse_builder *builder, uint32_t index,
					       const struct jailhouse_config_memory *memory,
					       struct jailhouse_error *error);
JAILHOUSE_API int jailhouse_builder_set_cache(struct jailhouse_builder *builder, uint32_t index,
					      const struct jailhouse_config_cache *cache,
					      struct jailhouse_error *error);
JAILHOUSE_API int jailhouse_builder_set_irqchip(struct jailhouse_builder *builder, uint32_t index,
						const struct jailhouse_config_irqchip *irqchip,
						struct jailhouse_error *error);
JAILHOUSE_API int jailhouse_builder_set_pio(struct jailhouse_builder *builder, uint32_t index,
					    const struct jailhouse_config_pio *pio,
					    struct jailhouse_error *error);
JAILHOUSE_API int jailhouse_builder_set_pci_device(struct jailhouse_builder *builder,
						   uint32_t index,
						   const struct jailhouse_config_pci_device *device,
						   struct jailhouse_error *error);
JAILHOUSE_API int jailhouse_builder_set_pci_cap(struct jailhouse_builder *builder, uint32_t index,
						const struct jailhouse_config_pci_cap *cap,
						struct jailhouse_error *error);
JAILHOUSE_API int jailhouse_builder_set_stream_id(struct jailhouse_builder *builder, uint32_t index,
						  uint32_t id, struct jailhouse_error *error);

/**
 * jailhouse_builder_set_trailing() - bytes behind the configuration, which nobody looks at
 * @builder: builder
 * @data: bytes, may be NULL if @size is 0
 * @size: how many
 * @error: details of a failure, or NULL
 *
 * Returns 0, or JAILHOUSE_ERR_NO_MEMORY.
 */
JAILHOUSE_API int jailhouse_builder_set_trailing(struct jailhouse_builder *builder,
						 const void *data, size_t size,
						 struct jailhouse_error *error);

/**
 * jailhouse_builder_set_bytes() - write what has no name: padding, bits of another architecture
 * @builder: builder
 * @offset: where in the head, from its start
 * @data: bytes
 * @size: how many
 *
 * Signature, architecture, revision and counts can't be overwritten; a root cell's own copies of
 * the first three, which nobody evaluates, can.
 *
 * Returns 0, or JAILHOUSE_ERR_ARGUMENT: not in the head, or one of these.
 */
JAILHOUSE_API int jailhouse_builder_set_bytes(struct jailhouse_builder *builder, uint32_t offset,
					      const void *data, uint32_t size);

/**
 * jailhouse_builder_get_config() - the configuration as it is now
 * @builder: builder; it owns the bytes
 * @ret_config: valid until the next change of the builder
 * @ret_size: bytes at ret_config->data, trailing ones included; may be NULL
 * @error: details of a failure, or NULL
 *
 * Write ret_config->data to a file, or hand it to jailhouse_enable() or jailhouse_cell_create().
 *
 * Returns 0, or JAILHOUSE_ERR_CONFIG: it is not a valid one yet, see jailhouse_config_parse().
 */
JAILHOUSE_API int jailhouse_builder_get_config(const struct jailhouse_builder *builder,
					       struct jailhouse_config *ret_config,
					       size_t *ret_size, struct jailhouse_error *error);

/* What was found wrong, see <jailhouse/check.h>. */
struct jailhouse_report;

/* ---- text ---- */

#define JAILHOUSE_TEXT_DTS \
	0 /* device tree source, which jailhouse_tree_new() understands once compiled */
#define JAILHOUSE_TEXT_C    1 /* C source, as boards are written */
#define JAILHOUSE_TEXT_JSON 2 /* for programs: everything, zeros included */

/**
 * jailhouse_config_dump() - a configuration as text
 * @config: configuration
 * @form: JAILHOUSE_TEXT_...
 * @ret_text: the text, terminated; free with jailhouse_text_free()
 * @error: details of a failure, or NULL
 *
 * Device tree source and C are built to the same bytes again. Where C has no name for a bit it says
 * #error.
 *
 * Returns 0, or JAILHOUSE_ERR_NO_MEMORY.
 */
JAILHOUSE_API int jailhouse_config_dump(const struct jailhouse_config *config, uint32_t form,
					char **ret_text, struct jailhouse_error *error);
/* Frees a text. */
JAILHOUSE_API void jailhouse_text_free(char *text);

/* The configurations of a device tree: at most one system, which comes first, and cells. */
struct jailhouse_tree;

/**
 * jailhouse_tree_new() - read configurations from a compiled device tree
 * @dtb: the blob, at a multiple of 8 bytes, as from malloc()
 * @size: bytes at @dtb
 * @ret_tree: free with jailhouse_tree_free()
 * @ret_report: all mistakes, whose texts start with the path of the node; set also if this fails
 *because of them; free with jailhouse_report_free()
 * @error: details of a failure, or NULL
 *
 * What the tree has to look like: docs/config-text.md.
 *
 * Returns 0, or JAILHOUSE_ERR_NO_MEMORY, _CONFIG: not a device tree blob (then without a report),
 *or mistakes.
 */
JAILHOUSE_API int jailhouse_tree_new(const void *dtb, size_t size, struct jailhouse_tree **ret_tree,
				     struct jailhouse_report **ret_report,
				     struct jailhouse_error *error);

/**
 * struct jailhouse_tree_options - what the reader is to know beyond the text
 * @size: sizeof(struct jailhouse_tree_options), set by the caller
 * @reserved: 0
 * @iomem: text of /proc/iomem of the machine, read with privileges, or NULL: memory that it calls
 *	reserved can be given to what has no address
 * @iomem_size: bytes of it
 * @machine_dtb: the machine's device tree, where devices are looked up and memory that is reserved,
 *	or NULL
 * @machine_dtb_size: bytes of it
 * @root: directory below which the machine's /sys lies, where PCI devices are looked up: "/", or
 *	that of a recorded tree. NULL: nowhere
 */
struct jailhouse_tree_options {
	uint32_t size;
	uint32_t reserved;
	const char *iomem;
	size_t iomem_size;
	const void *machine_dtb;
	size_t machine_dtb_size;
	const char *root;
};
#define JAILHOUSE_TREE_OPTIONS_INIT                               \
	{                                                         \
		sizeof(struct jailhouse_tree_options), 0, 0, 0, 0, 0, 0 \
	}

/**
 * jailhouse_tree_new_with_options() - the same with knowledge about the machine
 * @dtb: the blob, at a multiple of 8 bytes, as from malloc()
 * @size: bytes at @dtb
 * @options: or NULL; not needed once this returns
 * @ret_tree: free with jailhouse_tree_free()
 * @ret_report: as above
 * @error: details of a failure, or NULL
 *
 * Without @options, or what they hold, text that needs it is a mistake that says so.
 *
 * Returns 0, or what jailhouse_tree_new() returns; _CONFIG also if @machine_dtb is not a device
 * tree blob (without a report).
 */
JAILHOUSE_API int jailhouse_tree_new_with_options(const void *dtb, size_t size,
						  const struct jailhouse_tree_options *options,
						  struct jailhouse_tree **ret_tree,
						  struct jailhouse_report **ret_report,
						  struct jailhouse_error *error);
/* Frees the tree, and the builders and texts that came from it. */
JAILHOUSE_API void jailhouse_tree_free(struct jailhouse_tree *tree);
/* Configurations in the tree; 0 for NULL. */
JAILHOUSE_API size_t jailhouse_tree_get_count(const struct jailhouse_tree *tree);
/* The name of a configuration's node: "system", or that of the cell. NULL if there is no such one.
 */
JAILHOUSE_API const char *jailhouse_tree_get_name(const struct jailhouse_tree *tree, size_t index);
/*
 * What was chosen, and what the configurations have no room for: names of links. Lines of words, see
 * docs/config-text.md; empty if there is nothing to say, NULL without a tree. Owned by the tree.
 */
JAILHOUSE_API const char *jailhouse_tree_get_map(const struct jailhouse_tree *tree);
/* A configuration, owned by the tree; it may be changed. NULL if there is no such one. */
JAILHOUSE_API struct jailhouse_builder *
jailhouse_tree_get_builder(const struct jailhouse_tree *tree, size_t index);

#ifdef __cplusplus
}
#endif

#include <jailhouse/check.h>

#endif /* !JAILHOUSE_CONFIG_H */
