/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Links of shared memory as the text has them: one node for both ends. */
#ifndef LIB_CONFIG_LINK_H
#define LIB_CONFIG_LINK_H

#include "config/tree.h"

#include <jailhouse/ivshmem.h>

#define JH_LINK_UNSET     0xffffu
#define JH_LINK_NOWHERE   UINT64_MAX
#define JH_LINK_MAX_PEERS JAILHOUSE_IVSHMEM_MAX_PEERS

/* What one end says for itself. */
struct jh_link_peer {
	uint64_t virt_start; /* JH_LINK_NOWHERE: chosen */
	uint32_t bar_size;
	uint16_t msix_vectors;
	uint16_t protocol;
	uint8_t iommu;
	uint32_t config; /* index */
};

struct jh_link {
	int node;
	uint64_t phys_start; /* JH_LINK_NOWHERE: chosen */
	uint64_t rw_size;
	uint64_t output_size;
	uint32_t bar_size;
	uint16_t bdf; /* JH_LINK_UNSET: chosen */
	uint16_t protocol;
	uint16_t msix_vectors;
	uint32_t num_peers;
	struct jh_link_peer peer[JH_LINK_MAX_PEERS];
};

extern const struct jh_schema jh_schema_link;
extern const struct jh_schema jh_schema_link_peer;

#endif /* !LIB_CONFIG_LINK_H */
