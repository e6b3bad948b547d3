/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Reasons: why a request was refused or a CPU was stopped.
 *
 * The hypervisor and the driver write a struct jailhouse_reason; only codes and numbers travel. The sentence is
 * made at the far end, by jailhouse_reason_format(), from the one table below. Codes are stable: new ones are
 * appended within their block, none is ever renumbered.
 */
#ifndef JAILHOUSE_REASON_H
#define JAILHOUSE_REASON_H

#include <jailhouse/types.h>

/* Kind of the offending item; tells what `index` counts. */
#define JAILHOUSE_ITEM_NONE	  0 /* index unused */
#define JAILHOUSE_ITEM_CPU	  1 /* logical CPU id */
#define JAILHOUSE_ITEM_MEM_REGION 2 /* index into the memory regions of the config */
#define JAILHOUSE_ITEM_PIO_REGION 3 /* index into the PIO regions */
#define JAILHOUSE_ITEM_IRQCHIP	  4 /* index into the irqchips */
#define JAILHOUSE_ITEM_PCI_DEVICE 5 /* index into the PCI devices */
#define JAILHOUSE_ITEM_PCI_CAP	  6 /* index into the PCI capabilities */
#define JAILHOUSE_ITEM_CELL	  7 /* cell id */
#define JAILHOUSE_ITEM_IOMMU	  8 /* index into iommu_units */
#define JAILHOUSE_ITEM_CACHE	  9 /* index into the cache regions */
#define JAILHOUSE_ITEM_IMAGE	  10 /* index of the image to load */
#define JAILHOUSE_ITEM_FIELD	  11 /* byte offset of a field in the config */
#define JAILHOUSE_ITEM_STREAM_ID  12 /* index into the stream ids */

/*
 * 48 bytes, little endian like everything here, no padding.
 */
struct jailhouse_reason {
	__u32 code;    /* JAILHOUSE_REASON_...; 0: no reason was given */
	__s32 error;   /* negative errno that goes with it, 0 for a violation record */
	__u32 item;    /* JAILHOUSE_ITEM_... */
	__u32 index;   /* which item */
	__u64 arg[4];  /* meaning by code, see the sentences */
};
JAILHOUSE_ASSERT_SIZE(struct jailhouse_reason, 48);

/*
 * X(name, code, sentence). In a sentence {item} is the item with its index, {0}..{3} an argument in decimal,
 * {0x} one in hexadecimal, {0b} a PCI address bb:dd.f. Blocks: 1.. requests and configs (driver or hypervisor),
 * 200.. entry and platform, 400.. violations of guests, 600.. life cycle, 800.. driver only.
 */
#define JAILHOUSE_REASONS(X)                                                                       \
	X(CONFIG_TRUNCATED, 1, "the configuration ends after {0} bytes, its counts ask for {1}")   \
	X(CONFIG_SIGNATURE, 2, "this is not a {0s} configuration: wrong signature")                \
	X(CONFIG_REVISION, 3, "configuration revision {0} is not supported, only {1}")             \
	X(CONFIG_ARCHITECTURE, 4,                                                                  \
	  "the configuration is for architecture {0}, this machine is {1}")                        \
	X(CONFIG_TOO_LARGE, 5, "the configuration has {0} bytes, at most {1} are accepted")        \
	X(CONFIG_NAME_EMPTY, 6, "the cell has no name")                                            \
	X(CPU_SET_EMPTY, 7, "the CPU set is empty")                                                \
	X(CPU_SET_TOO_LARGE, 8, "the CPU set has {0} bytes, at most {1} are accepted")             \
	X(CPU_NOT_IN_ROOT, 9, "{item} does not belong to the root cell")                           \
	X(CPU_NOT_IN_SYSTEM, 10, "{item} is not in the CPU set of the system configuration")       \
	X(CPU_IS_CALLER, 11, "{item} runs this request and cannot be given away")                  \
	X(CPU_IS_BOOT, 12, "{item} is the boot CPU, which must stay in the root cell")             \
	X(CELL_NAME_USED, 13, "a cell of this name exists already, with id {0}")                   \
	X(CELL_ID_USED, 14, "cell id {0} is in use")                                               \
	X(CELL_UNKNOWN, 15, "there is no {item}")                                                  \
	X(CELL_IS_ROOT, 16, "the root cell cannot be the target of this request")                  \
	X(CELL_LOCKED, 17, "{item} is in state running/locked and vetoes changes of other cells")  \
	X(CELL_DENIED, 18, "{item} denied the shutdown request (reply {0})")                       \
	X(CELL_BUSY, 19, "another request for {item} is under way")                                \
	X(CELLS_EXIST, 20, "{0} other cells exist")                                                \
	X(NOT_ROOT, 21, "only the root cell may ask for this")                                     \
	X(NO_MEMORY, 22,                                                                           \
	  "the hypervisor's memory is used up: {0} pages are needed, {1} of {2} are free")         \
	X(NOT_READABLE, 23, "guest address {0x} is not readable memory of the root cell")          \
	X(MEM_HYPERVISOR, 24, "{item}: {0x}-{1x} overlaps the hypervisor's own memory {2x}-{3x}")  \
	X(MEM_INTERCEPTED, 25,                                                                     \
	  "{item}: {0x}-{1x} overlaps a device that the hypervisor controls at {2x}-{3x}")         \
	X(MEM_OTHER_CELL, 26,                                                                      \
	  "{item}: {0x}-{1x} belongs to cell {2} (its region {3}) and is not shared by both")      \
	X(MEM_NOT_IN_ROOT, 27, "{item}: {0x}-{1x} is in no region of the root cell")               \
	X(MEM_OVERFLOW, 28,                                                                        \
	  "{item}: start {0x} and size {1x} wrap around or exceed {2} address bits")               \
	X(MEM_UNALIGNED, 29,                                                                       \
	  "{item}: physical {0x} and virtual {1x} start at different offsets in a page")           \
	X(MEM_ROOT_NOT_IDENTITY, 30,                                                               \
	  "{item}: the root cell must see {0x} at the same address, not at {1x}")                  \
	X(MEM_SUBPAGE_CROSSES, 31, "{item}: sub-page region {0x}-{1x} crosses a page boundary")    \
	X(MEM_SYSTEM_RAM, 32, "{item}: {0x}-{1x} is System RAM that Linux uses; reserve it first") \
	X(MEM_FLAGS, 33, "{item}: flags {0x} cannot be combined")                                  \
	X(HYPERVISOR_MEMORY, 34,                                                                   \
	  "hypervisor memory {0x}-{1x} is not usable: must be page aligned and below {2x}")        \
	X(HYPERVISOR_MEMORY_SMALL, 35,                                                             \
	  "hypervisor memory has {0} bytes, image, CPUs and configuration need {1}")               \
	X(IRQCHIP_COUNT, 36, "{0} irqchips configured, at most {1} are supported")                 \
	X(IRQCHIP_PIN_BASE, 37, "{item}: pin_base {0} is not supported")                           \
	X(IRQCHIP_PINS, 38,                                                                        \
	  "{item}: the chip at {0x} reports {1} pins, at most {2} are supported")                  \
	X(IRQCHIP_UNKNOWN, 39,                                                                     \
	  "{item}: no interrupt controller at {0x} in the system configuration")                   \
	X(PIO_FORBIDDEN, 40, "{item}: ports {0x}-{1x} are controlled by the hypervisor")           \
	X(PIO_OTHER_CELL, 41, "{item}: ports {0x}-{1x} belong to cell {2}")                        \
	X(PIO_OVERFLOW, 42, "{item}: ports {0x} and length {1x} go beyond 0xffff")                 \
	X(PCI_CAPS_RANGE, 43, "{item} {0b}: capabilities {1}..{2} are outside the array of {3}")   \
	X(PCI_MSIX_TABLE, 44, "{item} {0b}: MSI-X table at {1x} size {2x} is not usable")          \
	X(PCI_DUPLICATE, 45, "{item} {0b} is listed twice")                                        \
	X(PCI_OTHER_CELL, 46, "{item} {0b} belongs to cell {1}")                                   \
	X(PCI_BUS_RANGE, 47, "{item} {0b}: the bus is beyond the configured last bus {1}")         \
	X(PCI_TYPE, 48, "{item} {0b}: device type {1} is not supported")                           \
	X(IVSHMEM_REGIONS, 49,                                                                     \
	  "{item} {0b}: shared memory regions {1}..{2} are outside the array of {3}")              \
	X(IVSHMEM_VECTORS, 50, "{item} {0b}: {1} vectors, at most {2} are supported")              \
	X(IVSHMEM_ID, 51, "{item} {0b}: device id {1} is not below the number of peers {2}")       \
	X(IVSHMEM_USED, 52, "{item} {0b}: device id {1} of this link is taken by cell {2}")        \
	X(IOMMU_TYPE, 53, "{item}: no driver for IOMMU type {0} is built into this hypervisor")    \
	X(CONFIG_COUNTS, 54, "field at offset {0}: count {1} is larger than {2}")                  \
	X(PIO_COUNT, 55, "{item}: more port ranges than {0}")                                      \
	X(MEM_COMM_REGION, 56,                                                                     \
	  "{item}: a communication region must be one page, not {0x} bytes at {1x}")               \
	X(NO_RANGES, 57, "too many trapped address ranges: {0}, at most {1}")                      \
	X(MEM_SHARED_MISMATCH, 58,                                                                 \
	  "{item}: {0x}-{1x} is shared with cell {2}, whose region {3} is not ROOTSHARED")         \
	X(UNKNOWN_CALL, 59, "unknown request {0}")                                                 \
	X(HYPERVISOR_GONE, 60, "the hypervisor does not run")                                      \
	X(MEM_SUBPAGE_MAPPED, 61,                                                                  \
	  "{item}: {0x}-{1x} is part of a page that the root cell maps as a whole; share it or "   \
	  "split the root cell's region")                                                          \
	X(IRQ_RANGE, 62,                                                                           \
	  "{item}: interrupt {0} does not exist, the controller has ids below {1}")                \
	X(IRQ_OTHER_CELL, 63, "{item}: interrupt {0} belongs to cell {1}")                         \
	X(IRQ_RESERVED, 64, "{item}: interrupt {0} is used by the hypervisor")                     \
	X(CONFIG_KIND, 65, "this is neither a system nor a cell configuration")                    \
	X(CONFIG_ARCHITECTURE_UNKNOWN, 66, "there is no architecture {0}")                         \
	X(IVSHMEM_BAR, 67, "{item} {0b}: mask {2x} of BAR {1} is none of an IVSHMEM device")       \
	X(IVSHMEM_SECTION, 68,                                                                     \
	  "{item}: section {1} of {0b} must be whole pages of memory, the state table not empty")  \
	X(IVSHMEM_WRITABLE, 69,                                                                    \
	  "{item}: peer {1} of {0b} may write only the common section and its own output")         \
	X(NO_HVM, 200, "{item} has no usable hardware virtualization ({0s})")                      \
	X(HVM_DISABLED, 201,                                                                       \
	  "hardware virtualization is switched off by firmware on {item} (MSR {0x} = {1x})")       \
	X(HVM_IN_USE, 202,                                                                         \
	  "hardware virtualization is in use on {item} (KVM?): unload its module first")           \
	X(HVM_FEATURE, 203, "{item} lacks a needed feature of hardware virtualization: {0s}")      \
	X(CR_UNKNOWN_BITS, 204,                                                                    \
	  "{item}: control register {0s} = {1x} has bits {2x} that are not understood")            \
	X(MEMORY_ENCRYPTION, 205,                                                                  \
	  "{item} uses memory encryption (SME or SEV), which is not supported")                    \
	X(CPU_COUNT, 206,                                                                          \
	  "{0} CPUs are online, the root cell lists {1}: both sets must be the same")              \
	X(CPU_MISSING, 207, "{item} is in the root cell's CPU set but did not arrive")             \
	X(CPU_UNEXPECTED, 208, "{item} is online but not in the root cell's CPU set")              \
	X(APIC_OFF, 209, "the local APIC of {item} is off (APICBASE {0x})")                        \
	X(APIC_MODE, 210, "{item}: APIC mode {0s} is configured, the CPU is in {1s}")              \
	X(APIC_ID, 211, "{item} has APIC id {0}, at most {1} is supported")                        \
	X(APIC_ID_TWICE, 212, "{item} has the same APIC id {0} as CPU {1}")                        \
	X(APIC_NOT_FLAT, 213, "{item}: xAPIC logical mode is not flat (LDR {0x}, DFR {1x})")       \
	X(IOMMU_ACTIVE, 214,                                                                       \
	  "Linux uses interrupt or DMA remapping (IOAPIC pin {0} or a message is in remapped "     \
	  "format); boot with intremap=off intel_iommu=off amd_iommu=off")                         \
	X(IOAPIC_STATE, 215,                                                                       \
	  "IOAPIC {0x}, pin {1}: entry {2x} is in a state that cannot be handed over")             \
	X(MSI_STATE, 216,                                                                          \
	  "{item} {0b}: MSI or MSI-X is in a state that cannot be handed over (capability {1x})")  \
	X(ENTRY_TIMEOUT, 217, "{0} of {1} CPUs arrived in the hypervisor within {2} ms")           \
	X(OTHER_CPU_FAILED, 218, "bring-up failed on {item}")                                      \
	X(VENDOR, 219, "CPU vendor {0s} is not supported")                                         \
	X(PHYS_BITS, 220, "{item}: {0} physical address bits, at least {1} are needed")            \
	X(IMAGE_HEADER, 221, "this hypervisor image is damaged: header field at {0} holds {1x}")   \
	X(NESTED_LEVELS, 222, "{item} runs with {0} page-table levels, the others with {1}")       \
	X(GIC_VERSION, 223, "there is no GICv{0} at {1x} (identification {2x})")                   \
	X(GIC_ADDRESS, 224, "GIC address {0x} must be a multiple of {1x}")                         \
	X(GIC_NO_FRAME, 225, "{item} (affinity {0x}) has no part of its own in the GIC at {1x}")   \
	X(GIC_KICK, 226,                                                                           \
	  "{item}: interrupt {0} is not usable for the hypervisor (maintenance_irq; secure?)")     \
	X(GIC_NO_KICK, 227, "the GIC has no interrupt among {0} that the hypervisor can use")      \
	X(GIC_STATE, 228, "{item}: Linux uses the GIC in an unsupported mode ({0s} {1x})")         \
	X(EL2_HOST, 229,                                                                           \
	  "{item}: EL2 is in host mode (HCR_EL2 {0x}); boot without arm64_sw.hvhe=1")               \
	X(MEM_ACCESS, 400, "{0s} of unassigned address {1x}, {2} bytes")                           \
	X(PIO_ACCESS, 401, "{0s} of unassigned port {1x}, {2} bytes")                              \
	X(MSR_ACCESS, 402, "{0s} of MSR {1x}, value {2x}")                                         \
	X(CR_ACCESS, 403, "forbidden value {1x} for control register {0s}")                        \
	X(XCR_ACCESS, 404, "xsetbv of register {0} with {1x}")                                     \
	X(APIC_ACCESS, 405, "forbidden {0s} of APIC register {1x}, value {2x}")                    \
	X(IOAPIC_ACCESS, 406, "forbidden {0s} of IOAPIC {1x}, register {2x}, value {3x}")          \
	X(PCI_ACCESS, 407, "forbidden {0s} of PCI device {1b}, register {2x}, value {3x}")         \
	X(MSIX_ACCESS, 408, "forbidden access to the MSI-X table of PCI device {0b}, offset {1x}") \
	X(I8042_ACCESS, 409, "command {0x} for the keyboard controller")                           \
	X(INSTRUCTION, 410,                                                                        \
	  "instruction bytes {0x} (of {1}) at {2x} cannot be emulated for an access to {3x}")      \
	X(UNEXPECTED_EXIT, 411, "unexpected exit {0x}, information {1x} {2x}")                     \
	X(SHUTDOWN, 412, "triple fault")                                                           \
	X(INVD, 413, "INVD would destroy data of others")                                          \
	X(SUBPAGE_ACCESS, 414, "{0s} of {1x}, {2} bytes, is not allowed by region {3}")            \
	X(HYPERVISOR_FAULT, 415,                                                                   \
	  "the hypervisor itself failed: exception {0}, error code {1x}, at {2x}, cr2 {3x}")       \
	X(BAD_VMCB, 416, "the CPU refused the guest's state")                                      \
	X(MSI_TARGET, 417, "MSI of PCI device {0b}: address {1x} data {2x} leaves the cell")       \
	X(PAT_VALUE, 418, "value {0x} for the page attribute table")                               \
	X(IRQ_ROUTE, 419, "interrupt {0} was routed to {1x}, which is outside of the cell")        \
	X(REPLY_TIMEOUT, 600, "{item} did not answer a request within {0} ms and was stopped")     \
	X(CPU_LOST, 601, "{item} did not stop within {0} ms")                                      \
	X(ALL_CPUS_FAILED, 602, "all CPUs of {item} have failed")                                  \
	X(GUEST_SET_FAILED, 603, "{item} set its own state to failed")                             \
	X(SCRUBBING, 604, "memory of {item} is being zeroed")                                      \
	X(RESET_BY_ROOT, 605, "the root cell asked for a reset of the machine")                    \
	X(ROOT_CPU_FAILED, 606, "{item} of the root cell has failed")                              \
	X(CPU_OFFLINE, 800, "{item} is offline; only CPUs that Linux runs can be used")            \
	X(CPU_HOTPLUG, 801, "{item} could not be taken offline or online (error {0})")             \
	X(IMAGE_MISSING, 802,                                                                      \
	  "hypervisor image {0s} was not found in the firmware path (error {1})")                  \
	X(IMAGE_SIGNATURE, 803, "this file is no hypervisor image of libjailhouse")                \
	X(IMAGE_ABI, 804,                                                                          \
	  "the hypervisor image speaks version {0} of the driver interface, the driver {1}")       \
	X(IMAGE_SIZE, 805, "the hypervisor image has {0} bytes, its header says {1}")              \
	X(MEMORY_NOT_RESERVED, 806,                                                                \
	  "memory {0x}-{1x} is not reserved: add {2s} to the kernel command line")                 \
	X(MEMORY_MAP, 807, "memory {0x}-{1x} could not be mapped")                                 \
	X(ALREADY_ENABLED, 808, "the hypervisor runs already")                                     \
	X(NOT_ENABLED, 809, "the hypervisor is not enabled")                                       \
	X(LOAD_RANGE, 810, "{item}: {0x}-{1x} is in no loadable, writable region of the cell")     \
	X(LOAD_SOURCE, 811, "{item}: source {0x}, {1} bytes, is not readable")                     \
	X(NOT_LOADED, 812, "the last load of {item} failed; load it again before starting it")     \
	X(BAD_ARGUMENT, 813, "field at offset {0} of the request has the unsupported value {1x}")  \
	X(NO_KERNEL_MEMORY, 814, "the kernel is out of memory")                                    \
	X(FAULT, 815, "user memory at {0x} is not accessible")                                     \
	X(INTERRUPTED, 816, "interrupted by a signal")                                             \
	X(ENTRY_SLOT, 817, "no free address range for entering the hypervisor")                    \
	X(CONSOLE_NOT_PERMITTED, 818,                                                              \
	  "the system configuration does not switch on the virtual debug console")                 \
	X(PM_REFUSED, 819, "suspend and hibernation are not possible while the hypervisor runs")   \
	X(PCI_IN_USE, 820, "PCI device {0b} could not be taken from its driver (error {1})")       \
	X(CPU_NATIVE, 821,                                                                         \
	  "{item} was brought up while offline and is not under the hypervisor's control")         \
	X(KERNEL_AT_EL2, 822,                                                                      \
	  "Linux runs at EL2 (VHE), where the hypervisor has to run; boot with kvm-arm.mode=nvhe") \
	X(NO_EL2, 823, "Linux was not started at EL2: firmware or another hypervisor keeps it")    \
	X(KVM_PROTECTED, 824, "protected KVM keeps EL2; boot without kvm-arm.mode=protected")      \
	X(KVM_IN_USE, 825, "KVM uses EL2 for a virtual machine (seen on {item}); end it first")    \
	X(EL2_STUB, 826, "Linux' stub at EL2 does not answer on {item}, or not as it should ({0x})") \
	X(HYP_STUB_LOST, 827,                                                                      \
	  "{item} was switched off and on, and Linux on ARMv7 has given its stub in Hyp mode up "  \
	  "after a CPU came back from a cell; reboot")

#define JAILHOUSE_REASON_ENUM(name, code, text) JAILHOUSE_REASON_##name = code,
enum jailhouse_reason_code {
	JAILHOUSE_REASON_NONE = 0,
	JAILHOUSE_REASONS(JAILHOUSE_REASON_ENUM)
	JAILHOUSE_REASON_INTERNAL = 9999
};
#undef JAILHOUSE_REASON_ENUM

/*
 * An argument that a sentence shows with {0s} holds up to eight characters, first one in the lowest byte. For the
 * access kinds of violations use these two.
 */
#define JAILHOUSE_ARG_READ  0x64616572ULL	/* "read" */
#define JAILHOUSE_ARG_WRITE 0x6574697277ULL	/* "write" */
#define JAILHOUSE_ARG_EXEC  0x65747563657865ULL /* "execute" */

#endif /* !JAILHOUSE_REASON_H */
